package barograph.server;

import barograph.alerting.receiver.HttpPost;
import barograph.ingest.scrape.HttpFetch;
import barograph.server.http.HttpClient;
import barograph.server.http.HttpClient.BodyTooLongException;
import barograph.server.http.HttpClient.Outgoing;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What scraping and alerting need of HTTP, by way of the server's one client.
final class Outbound implements HttpFetch, HttpPost {
  private static final long ANSWER_BYTES = 64 << 10;
  private static final int SHOWN_CHARS = 2_048;

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
                  request.followRedirects(),
                  false));
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
  public Answer post(URI uri, Map<String, String> headers, byte[] body, Duration timeout)
      throws IOException {
    var reply =
        client.send(
            new Outgoing("POST", uri, withAgent(headers), body, timeout, ANSWER_BYTES, true, true));
    String text = new String(reply.body(), StandardCharsets.UTF_8);
    return new Answer(
        reply.status(), text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) : text);
  }

  private Map<String, String> withAgent(Map<String, String> headers) {
    var all = new LinkedHashMap<>(headers);
    all.putIfAbsent("User-Agent", userAgent);
    return all;
  }
}
