package barograph.server;

import barograph.alerting.receiver.Web;
import barograph.ingest.discovery.DiscoveryWeb;
import barograph.ingest.forward.Post;
import barograph.ingest.scrape.HttpFetch;
import barograph.server.http.HttpClient;
import barograph.server.http.HttpClient.BodyTooLongException;
import barograph.server.http.HttpClient.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What scraping, discovery, forwarding and alerting need of HTTP, by way of the server's one
/// client.
final class Outbound implements HttpFetch, Web, Post, DiscoveryWeb {
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
              new Outgoing(
                  "GET",
                  request.uri(),
                  withAgent(request.headers()),
                  new byte[0],
                  request.timeout(),
                  request.bodyLimitBytes(),
                  false,
                  request.settings()));
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
            new Outgoing(
                request.method(),
                request.uri(),
                withAgent(request.headers()),
                request.body(),
                request.timeout(),
                ANSWER_BYTES,
                true,
                request.settings()));
    String text = new String(reply.body(), StandardCharsets.UTF_8);
    return new Web.Answer(reply.status(), reply.headers().getOrDefault("content-type", ""), text);
  }

  @Override
  public Post.Answer post(Post.Request request) throws IOException {
    var reply =
        client.send(
            new Outgoing(
                "POST",
                request.uri(),
                withAgent(request.headers()),
                request.body(),
                request.timeout(),
                ANSWER_BYTES,
                false,
                request.settings()));
    return new Post.Answer(
        reply.status(), reply.headers(), new String(reply.body(), StandardCharsets.UTF_8));
  }

  @Override
  public DiscoveryWeb.Answer get(DiscoveryWeb.Request request) throws IOException {
    var reply =
        client.send(
            new Outgoing(
                "GET",
                request.uri(),
                withAgent(request.headers()),
                new byte[0],
                request.timeout(),
                DISCOVERY_BYTES,
                true,
                request.settings()));
    return new DiscoveryWeb.Answer(reply.status(), reply.reason(), reply.headers(), reply.body());
  }

  @Override
  public int lines(DiscoveryWeb.Request request, DiscoveryWeb.LineTaker taker) throws IOException {
    var line = new ByteArrayOutputStream();
    return client.stream(
            new Outgoing(
                "GET",
                request.uri(),
                withAgent(request.headers()),
                new byte[0],
                request.timeout(),
                DISCOVERY_BYTES,
                false,
                request.settings()),
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

  private Map<String, String> withAgent(Map<String, String> headers) {
    var all = new LinkedHashMap<>(headers);
    all.putIfAbsent("User-Agent", userAgent);
    return all;
  }
}
