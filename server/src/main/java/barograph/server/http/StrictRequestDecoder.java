package barograph.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import java.util.List;

/// Refuses a request that states its length in two ways, which is how requests are smuggled, and
/// tells when the first byte of a head comes and when its last, which no one behind it sees.
final class StrictRequestDecoder extends HttpRequestDecoder {
  private final Patience patience;
  private boolean betweenRequests = true;

  StrictRequestDecoder(HttpDecoderConfig config, Patience patience) {
    super(config);
    this.patience = patience;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
      throws Exception {
    // Some clients end a body with an empty line that belongs to no request.
    if (betweenRequests && bytes.forEachByte(ByteProcessor.FIND_NON_CRLF) >= 0) {
      betweenRequests = false;
      patience.headBegins();
    }
    int before = out.size();
    super.decode(context, bytes, out);
    for (int i = before; i < out.size(); i++) {
      if (out.get(i) instanceof HttpRequest) {
        patience.headEnds();
      }
      if (out.get(i) instanceof LastHttpContent) {
        betweenRequests = true;
      }
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException(
        "the request has both Content-Length and Transfer-Encoding: chunked");
  }
}
