package barograph.server.http;

import barograph.server.http.AnswerReceiver.ConnectionLostException;
import barograph.server.http.AnswerReceiver.Received;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The one way out: HTTP/1.1 requests for scrapes and notifications, with kept connections, by
/// proxies and over TLS as their [ClientSettings] say.
///
/// [#send] blocks, so call it on a virtual thread. Names are resolved on the caller's thread, never
/// on an event loop. A body is never read past its limit, before or after it is unpacked.
/// Credentials and headers of the settings do not follow a redirect to another host.
public final class HttpClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;

  /// Ends a stream of chunks, none of which is empty.
  private static final byte[] LAST = new byte[0];

  private static final String SOCKET_SCHEME = "unix";
  private static final long MOST_PROXY_BYTES = 1 << 20;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Transport transport;
  private final ClientTls tls = new ClientTls();
  private final ProxyChoice proxies;
  private final Identification identification = new Identification(this::send);
  private final IdleConnections<Way> idle = new IdleConnections<>();

  /// A request to send.
  ///
  /// @param headers as they go out; `Host`, `Content-Length` and `Accept-Encoding` are added
  /// @param timeout for the whole exchange, redirects included
  /// @param maxBodyBytes how long an answer may be, unpacked; a longer one is an error
  /// @param acceptGzip whether to ask for a packed answer and unpack it; without it the body comes
  ///   as it was sent
  /// @param settings who asks, and by which way; a header of the request's own wins over theirs
  public record Outgoing(
      String method,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      long maxBodyBytes,
      boolean acceptGzip,
      ClientSettings settings) {

    /// A request without a body, to be given its limits.
    public static Outgoing of(
        String method, URI uri, Map<String, String> headers, ClientSettings settings) {
      return new Outgoing(method, uri, headers, new byte[0], Duration.ZERO, 0, false, settings);
    }

    /// The same with a body.
    public Outgoing saying(byte[] what) {
      return new Outgoing(method, uri, headers, what, timeout, maxBodyBytes, acceptGzip, settings);
    }

    /// The same within limits.
    public Outgoing within(Duration longest, long mostBytes) {
      return new Outgoing(method, uri, headers, body, longest, mostBytes, acceptGzip, settings);
    }

    /// The same with an answer that may be packed on its way.
    public Outgoing packed() {
      return new Outgoing(method, uri, headers, body, timeout, maxBodyBytes, true, settings);
    }

    private Outgoing with(String newMethod, URI to, Map<String, String> all, byte[] newBody) {
      return new Outgoing(newMethod, to, all, newBody, timeout, maxBodyBytes, acceptGzip, settings);
    }
  }

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

  /// @param host without the brackets of a numeric IPv6 address
  /// @param socket path of the file that is the socket in place of host and port; empty for none
  private record Origin(boolean secure, String host, int port, String socket) {
    Origin(boolean secure, String host, int port) {
      this(secure, host, port, "");
    }

    /// Host and port as they stand in a URL, without the port that goes without saying.
    String host(int plainPort) {
      return port == plainPort ? bracketed() : authority();
    }

    String authority() {
      return bracketed() + ":" + port;
    }

    private String bracketed() {
      return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
  }

  /// How an origin is reached: connections are kept by it, and so never lent to those who trust
  /// others or show another certificate.
  ///
  /// @param tls null for an unencrypted connection
  private record Way(
      Origin origin, @Nullable SslContext tls, String serverName, @Nullable URI proxy) {}

  public HttpClient(Transport transport) {
    this(transport, System.getenv());
  }

  /// @param environment names the proxies of those who ask for it
  HttpClient(Transport transport, Map<String, String> environment) {
    this.transport = transport;
    this.proxies = new ProxyChoice(environment);
  }

  /// The region in which a machine of Amazon's EC2 stands, asked of the machine.
  ///
  /// @param machine where its service about itself is
  /// @throws IOException if it does not say
  public String awsRegion(URI machine) throws IOException {
    return identification.awsRegion(machine);
  }

  /// Sends `request` and waits for the whole answer, whatever its status.
  ///
  /// @throws java.net.SocketTimeoutException when the timeout passes
  /// @throws BodyTooLongException when the answer is longer than allowed
  /// @throws IOException for everything else that keeps an answer from coming
  public Reply send(Outgoing request) throws IOException {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    var at =
        request.with(
            request.method(), request.uri(), identification.headers(request), request.body());
    for (int hop = 0; ; hop++) {
      var reply = exchange(at, deadline);
      @Nullable String location = reply.headers().get("location");
      if (!request.settings().followRedirects()
          || location == null
          || !REDIRECTS.contains(reply.status())) {
        return reply;
      }
      if (hop == MAX_REDIRECTS) {
        throw new IOException("stopped after %d redirects".formatted(MAX_REDIRECTS));
      }
      at = redirected(at, reply.status(), location);
    }
  }

  /// Sends `request` and hands on the body of a good answer as it comes, on the caller's thread;
  /// redirects are not followed and nothing is unpacked.
  ///
  /// @return the answer without its body, but for one with another status than 200
  /// @throws java.net.SocketTimeoutException when the timeout passes before the end
  public Reply stream(Outgoing request, ChunkTaker taker) throws IOException {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    var asked =
        request.with(
            request.method(), request.uri(), identification.headers(request), request.body());
    var way = way(asked);
    var channel = connect(way, asked.settings(), deadline);
    try {
      var chunks = new LinkedBlockingQueue<byte[]>();
      var pending = new CompletableFuture<Received>();
      var receiver = channel.pipeline().get(AnswerReceiver.class);
      channel
          .eventLoop()
          .execute(() -> receiver.stream(pending, chunks::add, asked.maxBodyBytes()));
      write(channel, encode(asked, way), pending);
      var _ = pending.whenComplete((received, failure) -> chunks.add(LAST));
      handOn(chunks, taker, deadline);
      var received = await(pending, deadline);
      return new Reply(received.status(), received.reason(), received.headers(), received.body());
    } finally {
      var _ = channel.close();
    }
  }

  /// Takes parts of a body.
  @FunctionalInterface
  public interface ChunkTaker {
    /// Takes what has come next, which is never empty.
    ///
    /// @throws IOException to hear no more of it
    void take(byte[] chunk) throws IOException;
  }

  private static void handOn(BlockingQueue<byte[]> chunks, ChunkTaker taker, long deadline)
      throws IOException {
    try {
      while (true) {
        byte @Nullable [] chunk =
            chunks.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (chunk == null) {
          throw new SocketTimeoutException("context deadline exceeded");
        }
        if (chunk.length == 0) {
          return;
        }
        taker.take(chunk);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
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
      headers.remove("X-Amz-Date");
      headers.remove("X-Amz-Security-Token");
      from.settings().headers().keySet().forEach(headers::remove);
    }
    boolean keepsMethod = status == 307 || status == 308 || from.method().equals("GET");
    return from.with(
        keepsMethod ? from.method() : "GET", to, headers, keepsMethod ? from.body() : new byte[0]);
  }

  private static Origin originOf(URI uri) throws IOException {
    @Nullable String scheme = uri.getScheme();
    @Nullable String host = uri.getHost();
    if (SOCKET_SCHEME.equals(scheme)) {
      return new Origin(false, "localhost", 80, uri.getPath().substring(0, colon(uri)));
    }
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
    return new Origin(secure, bare(host), port);
  }

  /// Where, in an address of a socket that is a file, the file's path ends and the request's
  /// begins.
  private static int colon(URI uri) throws IOException {
    @Nullable String path = uri.getPath();
    int colon = path == null ? -1 : path.indexOf(':');
    if (colon < 0) {
      throw new IOException("\"%s\" is no address such as unix:/socket:/path".formatted(uri));
    }
    return colon;
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private Reply exchange(Outgoing request, long deadline) throws IOException {
    var way = way(request);
    @Nullable Channel kept = idle.take(way);
    if (kept != null) {
      try {
        return exchangeOn(kept, way, request, deadline);
      } catch (ConnectionLostException e) {
        // The other side closed it while it lay idle; a new one decides.
      }
    }
    return exchangeOn(connect(way, request.settings(), deadline), way, request, deadline);
  }

  private Way way(Outgoing request) throws IOException {
    var origin = originOf(request.uri());
    var settings = request.settings();
    @Nullable URI proxy = proxies.proxyFor(settings.proxy(), request.uri());
    if (!origin.secure()) {
      return new Way(origin, null, "", proxy);
    }
    @Nullable String named = settings.tls().serverName();
    return new Way(
        origin, tls.context(settings.tls()), named == null ? origin.host() : named, proxy);
  }

  private Channel connect(Way way, ClientSettings settings, long deadline) throws IOException {
    @Nullable URI proxy = way.proxy();
    if (proxy == null) {
      return connect(way.origin(), new Opening(way), deadline);
    }
    var origin =
        new Origin(false, bare(proxy.getHost()), proxy.getPort() < 0 ? 80 : proxy.getPort());
    if (way.tls() == null) {
      return connect(origin, new Opening(way), deadline);
    }
    var plain = new Way(origin, null, "", null);
    var channel = connect(origin, new Opening(plain), deadline);
    try {
      tunnel(channel, way, proxy, settings, deadline);
      return channel;
    } catch (IOException e) {
      var _ = channel.close();
      throw e;
    }
  }

  /// Asks the proxy at the other end for a tunnel (RFC 9110, 9.3.6) and speaks TLS through it.
  private static void tunnel(
      Channel channel, Way way, URI proxy, ClientSettings settings, long deadline)
      throws IOException {
    String authority = way.origin().authority();
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
    request.headers().set(HttpHeaderNames.HOST, authority);
    @Nullable String user = proxy.getUserInfo();
    if (user != null) {
      request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, Identification.basic(user));
    }
    var extra =
        switch (settings.proxy()) {
          case ProxySettings.Direct _ -> Map.<String, List<Secret>>of();
          case ProxySettings.By(_, _, var headers) -> headers;
          case ProxySettings.FromEnvironment(var headers) -> headers;
        };
    Identification.revealed(extra).forEach((name, value) -> request.headers().set(name, value));
    var answer = answer(channel, request, MOST_PROXY_BYTES, deadline);
    if (answer.status() != 200) {
      throw new IOException(
          "proxy %s refused a tunnel: %d %s"
              .formatted(proxy.getHost(), answer.status(), answer.reason()));
    }
    var ready = new CompletableFuture<Boolean>();
    channel
        .eventLoop()
        .execute(() -> {
          channel.pipeline().remove(HttpClientCodec.class);
          channel.pipeline().remove(AnswerReceiver.class);
          new Opening(way).initChannel(channel);
          ready.complete(true);
        });
    await(ready, deadline);
  }

  /// What a new connection is given to speak with.
  private static final class Opening extends ChannelInitializer<Channel> {
    private final Way way;

    Opening(Way way) {
      this.way = way;
    }

    @Override
    protected void initChannel(Channel channel) {
      @Nullable SslContext tls = way.tls();
      if (tls != null) {
        channel
            .pipeline()
            .addLast(tls.newHandler(channel.alloc(), way.serverName(), way.origin().port()));
      }
      channel.pipeline().addLast(new HttpClientCodec()).addLast("receiver", new AnswerReceiver());
    }
  }

  private SocketAddress address(Origin origin) throws IOException {
    if (!origin.socket().isEmpty()) {
      return transport.fileAddress(origin.socket());
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(origin.host()), origin.port());
    } catch (UnknownHostException e) {
      throw new IOException("lookup %s: no such host".formatted(origin.host()), e);
    }
  }

  private Channel connect(Origin origin, Opening opening, long deadline) throws IOException {
    var address = address(origin);
    long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    var bootstrap =
        new Bootstrap()
            .group(transport.loops())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(left, 60_000))
            .handler(opening);
    var connect =
        origin.socket().isEmpty()
            ? bootstrap
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .connect(address)
            : bootstrap.channel(transport.fileChannel()).connect(address);
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

  private Reply exchangeOn(Channel channel, Way way, Outgoing request, long deadline)
      throws IOException {
    Received received;
    try {
      received = answer(channel, encode(request, way), request.maxBodyBytes(), deadline);
    } catch (IOException e) {
      var _ = channel.close();
      throw e;
    }
    if (received.keepAlive()) {
      idle.give(way, channel);
    } else {
      var _ = channel.close();
    }
    return new Reply(
        received.status(),
        received.reason(),
        received.headers(),
        request.acceptGzip() ? unpack(received, request.maxBodyBytes()) : received.body());
  }

  private static Received answer(
      Channel channel, DefaultFullHttpRequest request, long maxBodyBytes, long deadline)
      throws IOException {
    var pending = new CompletableFuture<Received>();
    var receiver = channel.pipeline().get(AnswerReceiver.class);
    channel.eventLoop().execute(() -> receiver.expect(pending, maxBodyBytes));
    write(channel, request, pending);
    return await(pending, deadline);
  }

  private static void write(
      Channel channel, DefaultFullHttpRequest request, CompletableFuture<Received> pending) {
    var _ =
        channel
            .writeAndFlush(request)
            .addListener(done -> {
              if (!done.isSuccess()) {
                pending.completeExceptionally(new ConnectionLostException(done.cause()));
              }
            });
  }

  private static DefaultFullHttpRequest encode(Outgoing request, Way way) throws IOException {
    String path = request.uri().getRawPath();
    if (SOCKET_SCHEME.equals(request.uri().getScheme())) {
      path = path.substring(path.indexOf(':') + 1);
    }
    path = path == null || path.isEmpty() ? "/" : path;
    @Nullable String query = request.uri().getRawQuery();
    path = query == null ? path : path + "?" + query;
    // A proxy that forwards in the clear is told the whole address (RFC 9112, 3.2.2).
    @Nullable URI proxy = way.tls() == null ? way.proxy() : null;
    var out =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            proxy == null ? path : "http://" + way.origin().host(80) + path,
            Unpooled.wrappedBuffer(request.body()));
    out.headers().set(HttpHeaderNames.HOST, way.origin().host(way.origin().secure() ? 443 : 80));
    if (proxy != null && proxy.getUserInfo() != null) {
      out.headers()
          .set(HttpHeaderNames.PROXY_AUTHORIZATION, Identification.basic(proxy.getUserInfo()));
    }
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

  @Override
  public void close() {
    idle.close();
  }
}
