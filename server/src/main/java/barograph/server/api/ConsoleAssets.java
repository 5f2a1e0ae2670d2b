package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The console's files, as the web-ui jar carries them below `/ui`.
///
/// Every page of the console is the same `index.html`; what it shows is in its URL.
public final class ConsoleAssets {
  private static final String FOLDER = "/ui/";
  private static final List<String> PAGES =
      List.of("/", "/query", "/targets", "/alerts", "/silences", "/status");

  /// All that the console does comes from here.
  private static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'self'; base-uri 'self'; form-action 'self'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "json", "application/json",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8",
          "md", "text/plain; charset=utf-8");

  private final String prefix;
  private final Map<String, Response> cache = new ConcurrentHashMap<>();

  /// @param prefix the route prefix, which the page's links start with
  public ConsoleAssets(String prefix) {
    this.prefix = prefix.equals("/") ? "" : prefix;
  }

  public void addTo(Router router) {
    for (String page : PAGES) {
      router.add("GET,HEAD", page, Lane.CONTROL, request -> index());
    }
    router.add("GET,HEAD", "/graph", Lane.CONTROL, this::graph);
    router.add("GET,HEAD", FOLDER + "*", Lane.CONTROL, request -> file(request.path()));
    router.add("GET,HEAD", "/favicon.ico", Lane.CONTROL, request -> file(FOLDER + "favicon.svg"));
  }

  private Response index() {
    return file(FOLDER + "index.html");
  }

  /// Links in alerts lead to Prometheus's old address of the graph.
  private Response graph(Request request) {
    return Response.redirect(302, prefix + "/query" + queryOf(request));
  }

  private static String queryOf(Request request) {
    var text = new StringBuilder();
    for (var entry : request.query().entries()) {
      text.append(text.isEmpty() ? '?' : '&')
          .append(URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8))
          .append('=')
          .append(URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private Response file(String path) {
    @Nullable Response known = cache.get(path);
    if (known != null) {
      return known;
    }
    // A folder has no type: neither it nor its listing is served.
    @Nullable String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null || path.contains("..") || path.contains("//") || path.indexOf('\\') >= 0) {
      return Response.text(404, "404 page not found\n");
    }
    byte[] bytes;
    try (InputStream in = ConsoleAssets.class.getResourceAsStream(path)) {
      if (in == null) {
        return Response.text(404, "404 page not found\n");
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the console's %s cannot be read".formatted(path), e);
    }
    var response =
        Response.of(200, type, ByteBuffer.wrap(bytes))
            .with("Content-Security-Policy", POLICY)
            .with("Referrer-Policy", "same-origin")
            .with(
                "Cache-Control",
                path.startsWith(FOLDER + "assets/")
                    ? "public, max-age=31536000, immutable"
                    : "no-cache");
    cache.put(path, response);
    return response;
  }
}
