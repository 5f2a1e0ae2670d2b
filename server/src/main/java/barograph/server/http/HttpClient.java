package barograph.server.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The one way out: HTTP/1.1 requests for scrapes and notifications, with kept connections.
///
/// [#send] blocks, so call it on a virtual thread. Names are resolved on the caller's thread, never
/// on an event loop. A body is never read past its limit, before or after it is unpacked.
/// Credentials do not follow a redirect to another host.
public final class HttpClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  private static final int MAX_IDLE_PER_HOST = 16;
  private static final long IDLE_NANOS = Duration.ofMinutes(5).toNanos();
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Transport transport;
  private final SslContext tls;
  private final Map<Origin, Deque<Idle>> idle = new HashMap<>();
  private boolean closed;

  /// A request to send.
  ///
  /// @param headers as they go out; `Host`, `Content-Length` and `Accept-Encoding` are added
  /// @param timeout for the whole exchange, redirects included
  /// @param maxBodyBytes how long an answer may be, unpacked; a longer one is an error
  /// @param acceptGzip whether to ask for a packed answer and unpack it; without it the body comes
  ///   as it was sent
  public record Outgoing(
      String method,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      long maxBodyBytes,
      boolean followRedirects,
      boolean acceptGzip) {}

  /// An answer, unpacked.
  ///
  /// @param headers by name in lower case; of a repeated one the last value
  public record Reply(int status, String reason, Map<String, String> headers, byte[] body) {}

  /// The answer has more bytes than the request said it would take.
  public static final class BodyTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLongException(long limit) {
      super("body size limit exceeded: more than %d bytes".formatted(limit));
    }
  }

  private record Origin(boolean secure, String host, int port) {}

  private record Idle(Channel channel, long sinceNanos) {}

  public HttpClient(Transport transport) {
    this.transport = transport;
    try {
      this.tls = SslContextBuilder.forClient().build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java has no TLS: " + e.getMessage(), e);
    }
  }

  /// Sends `request` and waits for the whole answer, whatever its status.
  ///
  /// @throws java.net.SocketTimeoutException when the timeout passes
  /// @throws BodyTooLongException when the answer is longer than allowed
  /// @throws IOException for everything else that keeps an answer from coming
  public Reply send(Outgoing request) throws IOException {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    var at = request;
    for (int hop = 0; ; hop++) {
      var reply = exchange(at, deadline);
      @Nullable String location = reply.headers().get("location");
      if (!request.followRedirects() || location == null || !REDIRECTS.contains(reply.status())) {
        return reply;
      }
      if (hop == MAX_REDIRECTS) {
        throw new IOException("stopped after %d redirects".formatted(MAX_REDIRECTS));
      }
      at = redirected(at, reply.status(), location);
    }
  }

  private static Outgoing redirected(Outgoing from, int status, String location)
      throws IOException {
    URI to;
    try {
      to = from.uri().resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("redirected to \"%s\", which is no URL".formatted(location), e);
    }
    boolean sameHost = originOf(to).equals(originOf(from.uri()));
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(from.headers());
    if (!sameHost) {
      headers.remove("Authorization");
      headers.remove("Cookie");
    }
    boolean keepsMethod = status == 307 || status == 308 || from.method().equals("GET");
    return new Outgoing(
        keepsMethod ? from.method() : "GET",
        to,
        headers,
        keepsMethod ? from.body() : new byte[0],
        from.timeout(),
        from.maxBodyBytes(),
        true,
        from.acceptGzip());
  }

  private static Origin originOf(URI uri) throws IOException {
    @Nullable String scheme = uri.getScheme();
    @Nullable String host = uri.getHost();
    if (host == null || scheme == null) {
      throw new IOException("\"%s\" is no absolute http or https URL".formatted(uri));
    }
    boolean secure =
        switch (scheme.toLowerCase(Locale.ROOT)) {
          case "http" -> false;
          case "https" -> true;
          default -> throw new IOException("unsupported protocol scheme \"%s\"".formatted(scheme));
        };
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Origin(secure, bare, port);
  }

  private Reply exchange(Outgoing request, long deadline) throws IOException {
    var origin = originOf(request.uri());
    @Nullable Channel kept = takeIdle(origin);
    if (kept != null) {
      try {
        return exchangeOn(kept, origin, request, deadline);
      } catch (ConnectionLostException e) {
        // The other side closed it while it lay idle; a new one decides.
      }
    }
    return exchangeOn(connect(origin, deadline), origin, request, deadline);
  }

  private Channel connect(Origin origin, long deadline) throws IOException {
    InetAddress address;
    try {
      address = InetAddress.getByName(origin.host());
    } catch (UnknownHostException e) {
      throw new IOException("lookup %s: no such host".formatted(origin.host()), e);
    }
    long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    var connect =
        new Bootstrap()
            .group(transport.loops())
            .channel(transport.clientChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(left, 60_000))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (origin.secure()) {
                      channel
                          .pipeline()
                          .addLast(tls.newHandler(channel.alloc(), origin.host(), origin.port()));
                    }
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast("receiver", new Receiver());
                  }
                })
            .connect(new InetSocketAddress(address, origin.port()));
    var connected = new CompletableFuture<Channel>();
    connect.addListener(done -> {
      if (done.isSuccess()) {
        connected.complete(connect.channel());
      } else {
        connected.completeExceptionally(done.cause());
      }
    });
    try {
      return await(connected, deadline);
    } catch (IOException e) {
      var _ = connect.channel().close();
      throw e;
    }
  }

  private Reply exchangeOn(Channel channel, Origin origin, Outgoing request, long deadline)
      throws IOException {
    var pending = new CompletableFuture<Received>();
    var receiver = (Receiver) channel.pipeline().get("receiver");
    channel.eventLoop().execute(() -> receiver.expect(pending, request.maxBodyBytes()));
    var _ =
        channel
            .writeAndFlush(encode(request, origin))
            .addListener(done -> {
              if (!done.isSuccess()) {
                pending.completeExceptionally(new ConnectionLostException(done.cause()));
              }
            });
    Received received;
    try {
      received = await(pending, deadline);
    } catch (IOException e) {
      var _ = channel.close();
      throw e;
    }
    if (received.keepAlive()) {
      giveIdle(origin, channel);
    } else {
      var _ = channel.close();
    }
    return new Reply(
        received.status(),
        received.reason(),
        received.headers(),
        request.acceptGzip() ? unpack(received, request.maxBodyBytes()) : received.body());
  }

  private static DefaultFullHttpRequest encode(Outgoing request, Origin origin) {
    String path = request.uri().getRawPath();
    path = path == null || path.isEmpty() ? "/" : path;
    @Nullable String query = request.uri().getRawQuery();
    ByteBuf body = Unpooled.wrappedBuffer(request.body());
    var out =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            query == null ? path : path + "?" + query,
            body);
    boolean plainPort = origin.port() == (origin.secure() ? 443 : 80);
    String host = origin.host().indexOf(':') >= 0 ? "[" + origin.host() + "]" : origin.host();
    out.headers().set(HttpHeaderNames.HOST, plainPort ? host : host + ":" + origin.port());
    if (request.acceptGzip()) {
      out.headers().set(HttpHeaderNames.ACCEPT_ENCODING, "gzip");
    }
    request.headers().forEach((name, value) -> out.headers().set(name, value));
    if (request.body().length > 0 || !request.method().equals("GET")) {
      out.headers().set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
    }
    return out;
  }

  private static byte[] unpack(Received received, long limit) throws IOException {
    if (!"gzip".equalsIgnoreCase(received.headers().get("content-encoding"))) {
      return received.body();
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(received.body()), 16 << 10)) {
      byte[] out = new byte[Math.max(1_024, Math.min(received.body().length * 8, 1 << 24))];
      int length = 0;
      for (int n; (n = in.read(out, length, out.length - length)) >= 0; ) {
        length += n;
        if (length > limit) {
          throw new BodyTooLongException(limit);
        }
        if (length == out.length) {
          out = Arrays.copyOf(out, out.length * 2);
        }
      }
      return Arrays.copyOf(out, length);
    }
  }

  private static <T> T await(CompletableFuture<T> future, long deadline) throws IOException {
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      var timeout = new SocketTimeoutException("context deadline exceeded");
      timeout.initCause(e);
      throw timeout;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      throw new IOException(cause.getMessage(), cause);
    }
  }

  private @Nullable Channel takeIdle(Origin origin) {
    synchronized (idle) {
      var kept = idle.get(origin);
      while (kept != null && !kept.isEmpty()) {
        var candidate = kept.removeLast();
        boolean fresh = System.nanoTime() - candidate.sinceNanos() < IDLE_NANOS;
        if (fresh && candidate.channel().isActive()) {
          return candidate.channel();
        }
        var _ = candidate.channel().close();
      }
      return null;
    }
  }

  private void giveIdle(Origin origin, Channel channel) {
    synchronized (idle) {
      var kept = idle.computeIfAbsent(origin, absent -> new ArrayDeque<>());
      if (!closed && kept.size() < MAX_IDLE_PER_HOST) {
        kept.addLast(new Idle(channel, System.nanoTime()));
        return;
      }
    }
    var _ = channel.close();
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      for (var kept : idle.values()) {
        for (var one : kept) {
          var _ = one.channel().close();
        }
      }
      idle.clear();
    }
  }

  /// The connection ended before an answer began: the request may be sent again elsewhere.
  private static final class ConnectionLostException extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionLostException(@Nullable Throwable cause) {
      super(cause == null ? "connection closed before the answer" : cause.getMessage(), cause);
    }
  }

  private record Received(
      int status, String reason, Map<String, String> headers, byte[] body, boolean keepAlive) {}

  /// Gathers one answer at a time, on the channel's event loop.
  private static final class Receiver extends ChannelInboundHandlerAdapter {
    private @Nullable CompletableFuture<Received> pending;
    private @Nullable HttpResponse head;
    private long limit;
    private byte[] body = new byte[0];
    private int length;

    void expect(CompletableFuture<Received> pending, long limit) {
      this.pending = pending;
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
      if ((long) length + more > limit) {
        fail(context, new BodyTooLongException(limit));
        return;
      }
      if (more > 0) {
        if (length + more > body.length) {
          long declared = Math.min(limit, HttpUtil.getContentLength(head, 0L));
          long room = Math.max(Math.max(length + more, body.length * 2L), declared);
          body = Arrays.copyOf(body, (int) Math.min(room, Integer.MAX_VALUE - 8));
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
          context,
          cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause));
    }
  }
}
