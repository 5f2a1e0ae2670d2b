package barograph.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Puts the answers of one connection on the wire, each in one piece, and closes behind the last.
///
/// Lives on the connection's event loop.
final class AnswerWriter {
  /// How long bytes that nobody wants are still taken from a client that was refused.
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Dispatcher dispatcher;
  private final Patience patience;

  AnswerWriter(Dispatcher dispatcher, Patience patience) {
    this.dispatcher = dispatcher;
    this.patience = patience;
  }

  /// Answers the request that began with `head`; without `keepAlive` nothing follows.
  void write(
      ChannelHandlerContext context, HttpRequest head, Response response, boolean keepAlive) {
    boolean headOnly = head.method().name().equals("HEAD");
    String origin = head.headers().get(HttpHeaderNames.ORIGIN, "");
    var written = send(context, response, origin, headOnly, keepAlive);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Answers what may be no request at all, and closes once the client can have read the answer.
  void writeLast(ChannelHandlerContext context, Response response) {
    send(context, response, "", false, false).addListener(_ -> closeAfterReading(context));
  }

  private ChannelFuture send(
      ChannelHandlerContext context,
      Response response,
      String origin,
      boolean headOnly,
      boolean keepAlive) {
    var status = HttpResponseStatus.valueOf(response.status());
    boolean bodiless = response.status() == 204 || response.status() == 304;
    // In one piece: the encoder writes small bodies behind their head, and the system is called
    // once.
    var out =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            bodiless || headOnly
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(response.body().duplicate()));
    response.headers().forEach(header -> out.headers().add(header.name(), header.value()));
    dispatcher
        .commonHeaders(origin)
        .forEach(header -> out.headers().add(header.name(), header.value()));
    if (!bodiless) {
      out.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().remaining());
    }
    if (!keepAlive) {
      out.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    patience.answers(context);
    return context
        .writeAndFlush(out)
        .addListener(_ -> {
          patience.isRead(context);
          response.sent().run();
        });
  }

  /// Closes once the client has had time to read what was sent last: to close on bytes of its that
  /// are still coming in would have its system throw away the answer.
  private static void closeAfterReading(ChannelHandlerContext context) {
    if (!(context.channel() instanceof SocketChannel socket) || !socket.isActive()) {
      var _ = context.close();
      return;
    }
    var _ = socket.shutdownOutput();
    context.channel().config().setAutoRead(true);
    var _ =
        context
            .executor()
            .schedule(
                () -> {
                  var _ = context.close();
                },
                LINGER.toMillis(),
                TimeUnit.MILLISECONDS);
  }
}
