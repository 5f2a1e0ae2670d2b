package barograph.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import barograph.server.http.Response.Header;
import barograph.server.http.Router.Route;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Chooses who answers a request, and what every answer carries: CORS and security headers.
///
/// A request is judged by its head alone, before a byte of its body is taken.
public final class Dispatcher implements AutoCloseable {
  private final String prefix;
  private volatile Router router;
  private final Pattern corsOrigin;
  private final RequestObserver observer;
  private final WaitingRoom waitingRoom = new WaitingRoom();

  /// Told of every answer, for the server's own metrics.
  @FunctionalInterface
  public interface RequestObserver {
    void answered(String path, int status, long nanos, long responseBytes);
  }

  /// The decision on a request: a route to run, or an answer that needs none.
  sealed interface Decision {
    /// Somebody answers.
    ///
    /// @param waits whether only once the dispatcher serves
    record Run(Route route, String path, boolean waits) implements Decision {}

    record Answer(Response response) implements Decision {}
  }

  /// @param prefix the route prefix, as `/` or `/prom`
  /// @param corsOrigin origins that may read answers; the whole origin must match
  public Dispatcher(String prefix, Router router, Pattern corsOrigin, RequestObserver observer) {
    this.prefix = prefix.equals("/") ? "" : prefix;
    this.router = router;
    this.corsOrigin = corsOrigin;
    this.observer = observer;
  }

  /// Answers by `next` from now on: the way from "starting" to "serving". What has waited for it
  /// goes on.
  public void serve(Router next) {
    router = next;
    waitingRoom.open();
  }

  /// Answers 503 to what still waits.
  @Override
  public void close() {
    waitingRoom.close();
  }

  /// Requests that wait for [#serve] now.
  public int waiting() {
    return waitingRoom.size();
  }

  WaitingRoom waitingRoom() {
    return waitingRoom;
  }

  Decision decide(String method, String rawPath) {
    String full = Parameters.decodePath(rawPath);
    if (!full.startsWith(prefix)) {
      return new Decision.Answer(
          full.equals("/") ? Response.redirect(302, prefix + "/") : notFound());
    }
    String path = full.substring(prefix.length());
    if (!path.startsWith("/")) {
      return new Decision.Answer(
          path.isEmpty() ? Response.redirect(302, prefix + "/") : notFound());
    }
    if (method.equals("OPTIONS")) {
      return new Decision.Answer(path.startsWith("/api/v1/") ? Response.empty(204) : notFound());
    }
    Router now = router;
    @Nullable Map<String, Route> methods = now.at(path);
    if (methods == null) {
      return new Decision.Answer(notFound());
    }
    @Nullable Route route = methods.get(method);
    if (route == null) {
      return new Decision.Answer(
          Response.text(405, "Method Not Allowed\n").with("Allow", Router.allow(methods.keySet())));
    }
    return new Decision.Run(route, path, now.holds(route.lane()));
  }

  private static Response notFound() {
    return Response.text(404, "404 page not found\n");
  }

  /// Headers that go with every answer to a request that came from `origin` (empty if none).
  List<Header> commonHeaders(String origin) {
    if (origin.isEmpty()) {
      return List.of(new Header("Vary", "Origin"), new Header("X-Content-Type-Options", "nosniff"));
    }
    var cors =
        new ArrayList<Header>(
            List.of(
                new Header("Vary", "Origin"),
                new Header("X-Content-Type-Options", "nosniff"),
                new Header(
                    "Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin"),
                new Header("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
                new Header("Access-Control-Expose-Headers", "Date")));
    if (corsOrigin.matcher(origin).matches()) {
      cors.add(new Header("Access-Control-Allow-Origin", origin));
    }
    return cors;
  }

  void observe(String path, int status, long nanos, long responseBytes) {
    observer.answered(path, status, nanos, responseBytes);
  }

  static Response busy() {
    return Response.of(
            503,
            "application/json",
            ByteBuffer.wrap(
                "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"the server is busy, try again\"}"
                    .getBytes(UTF_8)))
        .with("Retry-After", "1");
  }
}
