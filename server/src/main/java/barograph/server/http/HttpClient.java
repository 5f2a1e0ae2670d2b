package barograph.server.http;

import barograph.server.http.AnswerReceiver.ConnectionLostException;
import barograph.server.http.AnswerReceiver.Received;
import barograph.storage.model.Allowance;
import barograph.storage.outbound.ClientSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Connector connector;
  private final Identification identification = new Identification(this::send);
  private final IdleConnections<Connector.Way> idle = new IdleConnections<>();

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

  public HttpClient(Transport transport) {
    this(transport, System.getenv());
  }

  /// @param environment names the proxies of those who ask for it
  HttpClient(Transport transport, Map<String, String> environment) {
    this.connector = new Connector(transport, environment);
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
    return send(request, Allowance.UNLIMITED);
  }

  /// Sends `request` and waits for the whole answer, whatever its status, as long as there is
  /// memory for it.
  ///
  /// @param memory asked for the room of the answer's body each time that it grows, on a thread
  ///   that must not wait
  /// @throws IOException as [#send(Outgoing)] does; also when `memory` refuses
  public Reply send(Outgoing request, Allowance memory) throws IOException {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    var at =
        request.with(
            request.method(), request.uri(), identification.headers(request), request.body());
    for (int hop = 0; ; hop++) {
      var reply = exchange(at, memory, deadline);
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
    var way = connector.way(asked);
    var channel = connector.connect(way, asked.settings(), deadline);
    try {
      var chunks = new LinkedBlockingQueue<byte[]>();
      var pending = new CompletableFuture<Received>();
      var receiver = channel.pipeline().get(AnswerReceiver.class);
      channel
          .eventLoop()
          .execute(() -> receiver.stream(pending, chunks::add, asked.maxBodyBytes()));
      Exchange.write(channel, encode(asked, way), pending);
      var _ = pending.whenComplete((received, failure) -> chunks.add(LAST));
      handOn(chunks, taker, deadline);
      var received = Exchange.await(pending, deadline);
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
    boolean sameHost = Origin.of(to).equals(Origin.of(from.uri()));
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

  private Reply exchange(Outgoing request, Allowance memory, long deadline) throws IOException {
    var way = connector.way(request);
    @Nullable Channel kept = idle.take(way);
    if (kept != null) {
      try {
        return exchangeOn(kept, way, request, memory, deadline);
      } catch (ConnectionLostException e) {
        // The other side closed it while it lay idle; a new one decides.
      }
    }
    var connected = connector.connect(way, request.settings(), deadline);
    return exchangeOn(connected, way, request, memory, deadline);
  }

  private Reply exchangeOn(
      Channel channel, Connector.Way way, Outgoing request, Allowance memory, long deadline)
      throws IOException {
    Received received;
    try {
      received =
          Exchange.answer(channel, encode(request, way), request.maxBodyBytes(), memory, deadline);
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

  private static DefaultFullHttpRequest encode(Outgoing request, Connector.Way way)
      throws IOException {
    String path = request.uri().getRawPath();
    if (Origin.SOCKET_SCHEME.equals(request.uri().getScheme())) {
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

  @Override
  public void close() {
    idle.close();
  }
}
