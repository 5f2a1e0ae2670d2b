package barograph.server.http;

import barograph.storage.model.Allowance;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gathers one answer at a time from a connection to another server, on the channel's event loop.
final class AnswerReceiver extends ChannelInboundHandlerAdapter {
  private @Nullable CompletableFuture<Received> pending;
  private @Nullable HttpResponse head;
  private Allowance memory = Allowance.UNLIMITED;
  private long limit;
  private byte[] body = new byte[0];
  private int length;
  private @Nullable Consumer<byte[]> stream;

  /// A whole answer as it came.
  ///
  /// @param headers by name in lower case; of a repeated one the last value
  record Received(
      int status, String reason, Map<String, String> headers, byte[] body, boolean keepAlive) {}

  /// The connection ended before an answer began: the request may be sent again elsewhere.
  static final class ConnectionLostException extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionLostException(@Nullable Throwable cause) {
      super(cause == null ? "connection closed before the answer" : cause.getMessage(), cause);
    }
  }

  /// Hands on the body of a good answer as it comes, without gathering it.
  ///
  /// @param chunks must not wait
  void stream(CompletableFuture<Received> pending, Consumer<byte[]> chunks, long limit) {
    expect(pending, limit, Allowance.UNLIMITED);
    stream = chunks;
  }

  /// Gathers the whole of an answer.
  ///
  /// @param memory asked for its room; a refusal ends up in [#exceptionCaught]
  void expect(CompletableFuture<Received> pending, long limit, Allowance memory) {
    this.pending = pending;
    this.memory = memory;
    this.stream = null;
    this.limit = limit;
    this.head = null;
    this.body = new byte[0];
    this.length = 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (!(message instanceof HttpObject object) || pending == null) {
        var _ = context.close();
        return;
      }
      if (object.decoderResult().isFailure()) {
        fail(context, new IOException("malformed HTTP response", object.decoderResult().cause()));
        return;
      }
      if (object instanceof HttpResponse response && response.status().code() >= 200) {
        head = response;
      }
      if (object instanceof HttpContent content && head != null) {
        gather(context, head, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void gather(ChannelHandlerContext context, HttpResponse head, HttpContent content) {
    int more = content.content().readableBytes();
    if (stream != null && head.status().code() == 200) {
      if (more > 0) {
        byte[] chunk = new byte[more];
        content.content().readBytes(chunk);
        stream.accept(chunk);
      }
      if (content instanceof LastHttpContent) {
        complete(head);
      }
      return;
    }
    if ((long) length + more > limit) {
      fail(context, new HttpClient.BodyTooLongException(limit));
      return;
    }
    if (more > 0) {
      if (length + more > body.length) {
        long declared = Math.min(limit, HttpUtil.getContentLength(head, 0L));
        long room = Math.max(Math.max(length + more, body.length * 2L), declared);
        int next = (int) Math.min(room, Integer.MAX_VALUE - 8);
        memory.take(next - body.length);
        body = Arrays.copyOf(body, next);
      }
      content.content().readBytes(body, length, more);
      length += more;
    }
    if (content instanceof LastHttpContent) {
      complete(head);
    }
  }

  private void complete(HttpResponse head) {
    var answered = pending;
    if (answered == null) {
      return;
    }
    var headers = new HashMap<String, String>();
    head.headers().forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
    byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
    pending = null;
    body = new byte[0];
    answered.complete(
        new Received(
            head.status().code(),
            head.status().reasonPhrase(),
            headers,
            whole,
            HttpUtil.isKeepAlive(head)));
  }

  private void fail(ChannelHandlerContext context, IOException cause) {
    var answered = pending;
    pending = null;
    if (answered != null) {
      answered.completeExceptionally(cause);
    }
    var _ = context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(
        context,
        head == null
            ? new ConnectionLostException(null)
            : new IOException("unexpected EOF: the connection ended within the answer"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(
        context, cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause));
  }
}
