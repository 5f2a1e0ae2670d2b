package barograph.server.http;

import barograph.server.http.Lanes.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which handler answers which path and method.
///
/// A path is exact, or ends in `/*` and takes everything below. Of two that fit, the exact one and
/// then the longer one wins.
public final class Router {
  /// How a route is run and how much body it takes.
  ///
  /// @param maxBodyBytes a longer body is refused with 413 before it is read
  public record Route(Lane lane, int maxBodyBytes, Handler handler) {}

  static final int FORM_BYTES = 10 << 20;

  private final @Nullable Lane held;
  private final Map<String, Map<String, Route>> exact = new HashMap<>();
  private final Map<String, Map<String, Route>> below = new LinkedHashMap<>();

  public Router() {
    this(null);
  }

  private Router(@Nullable Lane held) {
    this.held = held;
  }

  /// A router for the time before the server can do all its work: requests of the lane `held` are
  /// received as usual, wait, and are run when the dispatcher serves by another router.
  public static Router holding(Lane held) {
    return new Router(held);
  }

  boolean holds(Lane lane) {
    return lane == held;
  }

  /// Adds a route for `methods` (as `GET` or `GET,POST`).
  ///
  /// @throws IllegalArgumentException if the path has such a method already
  public Router add(String methods, String path, Route route) {
    boolean wild = path.endsWith("/*");
    var table = wild ? below : exact;
    var byMethod =
        table.computeIfAbsent(
            wild ? path.substring(0, path.length() - 1) : path, absent -> new LinkedHashMap<>());
    for (String method : List.of(methods.split(",", -1))) {
      if (byMethod.putIfAbsent(method, route) != null) {
        throw new IllegalArgumentException("%s %s has two routes".formatted(method, path));
      }
    }
    return this;
  }

  /// Adds a route whose handler answers at once and whose body is at most a form.
  public Router add(String methods, String path, Lane lane, Handler.Immediate handler) {
    return add(methods, path, new Route(lane, FORM_BYTES, Handler.of(handler)));
  }

  /// Adds a route that is answered without its lane where that takes only a moment, and whose body
  /// is at most a form.
  public Router addBrief(String methods, String path, Lane lane, Handler.Brief handler) {
    return add(methods, path, new Route(lane, FORM_BYTES, handler));
  }

  /// Answers 503 to whatever is asked at `path`, until the routes proper take over.
  public Router addStarting(String path) {
    return add(
        "GET,POST,PUT,DELETE",
        path,
        Lane.CONTROL,
        request ->
            Response.text(503, "Service Unavailable")
                .with("X-Prometheus-Stopping", "false")
                .with("Retry-After", "1"));
  }

  /// Puts `around` around every handler that there is now.
  public void wrap(UnaryOperator<Handler> around) {
    for (var table : List.of(exact, below)) {
      for (var byMethod : table.values()) {
        byMethod.replaceAll((method, route) ->
            new Route(route.lane, route.maxBodyBytes, around.apply(route.handler)));
      }
    }
  }

  /// What stands at `path`: routes by method, or null.
  @Nullable Map<String, Route> at(String path) {
    var found = exact.get(path);
    if (found != null) {
      return found;
    }
    Map.@Nullable Entry<String, Map<String, Route>> longest = null;
    for (var entry : below.entrySet()) {
      if (path.startsWith(entry.getKey())
          && (longest == null || entry.getKey().length() > longest.getKey().length())) {
        longest = entry;
      }
    }
    return longest == null ? null : longest.getValue();
  }

  static String allow(Collection<String> methods) {
    return String.join(", ", new ArrayList<>(methods));
  }
}
