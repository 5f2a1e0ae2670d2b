package barograph.server;

import barograph.alerting.receiver.Web;
import barograph.ingest.discovery.DiscoveryWeb;
import barograph.ingest.forward.Post;
import barograph.ingest.remoteread.ReadWeb;
import barograph.ingest.scrape.HttpFetch;
import barograph.server.http.HttpClient;
import barograph.server.http.HttpClient.BodyTooLongException;
import barograph.server.http.HttpClient.Outgoing;
import barograph.storage.model.Allowance;
import barograph.storage.outbound.ClientSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What scraping, discovery, forwarding, remote read and alerting need of HTTP, by way of the
/// server's one client.
final class Outbound implements HttpFetch, Web, Post, ReadWeb, DiscoveryWeb {
  private static final long ANSWER_BYTES = 64 << 10;
  private static final long DISCOVERY_BYTES = 64 << 20;

  private final HttpClient client;
  private final String userAgent;

  Outbound(HttpClient client, String version) {
    this.client = client;
    this.userAgent = "Barograph/" + version;
  }

  @Override
  public HttpFetch.Response get(HttpFetch.Request request) throws IOException {
    try {
      var reply =
          client.send(
              asked("GET", request.uri(), request.headers(), request.settings())
                  .within(request.timeout(), request.bodyLimitBytes()));
      return new HttpFetch.Response(
          reply.status(),
          reply.reason(),
          reply.headers().get("content-type"),
          reply.headers().get("content-encoding"),
          ByteBuffer.wrap(reply.body()));
    } catch (BodyTooLongException e) {
      var tooLarge = new HttpFetch.BodyTooLargeException();
      tooLarge.initCause(e);
      throw tooLarge;
    }
  }

  @Override
  public Web.Answer send(Web.Request request) throws IOException {
    var reply =
        client.send(
            asked(request.method(), request.uri(), request.headers(), request.settings())
                .saying(request.body())
                .within(request.timeout(), ANSWER_BYTES)
                .packed());
    String text = new String(reply.body(), StandardCharsets.UTF_8);
    return new Web.Answer(reply.status(), reply.headers().getOrDefault("content-type", ""), text);
  }

  @Override
  public Post.Answer post(Post.Request request) throws IOException {
    var reply =
        client.send(
            asked("POST", request.uri(), request.headers(), request.settings())
                .saying(request.body())
                .within(request.timeout(), ANSWER_BYTES));
    return new Post.Answer(
        reply.status(), reply.headers(), new String(reply.body(), StandardCharsets.UTF_8));
  }

  @Override
  public ReadWeb.Answer ask(ReadWeb.Request request, Allowance memory) throws IOException {
    var reply =
        client.send(
            asked("POST", request.uri(), request.headers(), request.settings())
                .saying(request.body())
                .within(request.timeout(), request.mostBytes()),
            memory);
    return new ReadWeb.Answer(reply.status(), reply.headers(), reply.body());
  }

  @Override
  public DiscoveryWeb.Answer get(DiscoveryWeb.Request request) throws IOException {
    var reply =
        client.send(
            asked("GET", request.uri(), request.headers(), request.settings())
                .within(request.timeout(), DISCOVERY_BYTES)
                .packed());
    return new DiscoveryWeb.Answer(reply.status(), reply.reason(), reply.headers(), reply.body());
  }

  @Override
  public String awsRegion(URI about) throws IOException {
    return client.awsRegion(about);
  }

  @Override
  public int lines(DiscoveryWeb.Request request, DiscoveryWeb.LineTaker taker) throws IOException {
    var line = new ByteArrayOutputStream();
    return client.stream(
            asked("GET", request.uri(), request.headers(), request.settings())
                .within(request.timeout(), DISCOVERY_BYTES),
            chunk -> {
              for (byte b : chunk) {
                if (b != '\n') {
                  line.write(b);
                } else if (line.size() > 0) {
                  String text = line.toString(StandardCharsets.UTF_8);
                  line.reset();
                  taker.take(text);
                }
              }
            })
        .status();
  }

  /// A request in the name of this program, its answer as it is sent.
  private Outgoing asked(
      String method, URI uri, Map<String, String> headers, ClientSettings settings) {
    return Outgoing.of(method, uri, withAgent(headers), settings);
  }

  private Map<String, String> withAgent(Map<String, String> headers) {
    var all = new LinkedHashMap<>(headers);
    all.putIfAbsent("User-Agent", userAgent);
    return all;
  }
}
