package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.util.function.BooleanSupplier;

/// Health, and what an operator may tell the process: `/-/healthy`, `/-/ready`, `/-/reload`,
/// `/-/quit`.
public final class LifecycleApi {
  private final BooleanSupplier ready;
  private final boolean enabled;
  private final Actions actions;

  /// What the process does when it is told to.
  public interface Actions {
    /// Reads the configuration anew.
    ///
    /// @throws IllegalStateException if it cannot be used; the old one stays
    void reload();

    /// Ends the process in an orderly way, soon.
    void quit();
  }

  /// @param enabled whether reload and quit are open to callers
  public LifecycleApi(BooleanSupplier ready, boolean enabled, Actions actions) {
    this.ready = ready;
    this.enabled = enabled;
    this.actions = actions;
  }

  public void addTo(Router router) {
    router.add(
        "GET,HEAD",
        "/-/healthy",
        Lane.CONTROL,
        request -> Response.text(200, "Barograph Server is Healthy.\n"));
    router.add("GET,HEAD", "/-/ready", Lane.CONTROL, request -> ready());
    router.add("POST,PUT", "/-/reload", Lane.CONTROL, request -> reload());
    router.add("POST,PUT", "/-/quit", Lane.CONTROL, request -> quit());
    for (String path : new String[] {"/-/reload", "/-/quit"}) {
      router.add(
          "GET",
          path,
          Lane.CONTROL,
          request -> Response.text(405, "Only POST or PUT requests allowed\n"));
    }
  }

  private Response ready() {
    return ready.getAsBoolean()
        ? Response.text(200, "Barograph Server is Ready.\n")
        : Response.text(503, "Service Unavailable").with("X-Prometheus-Stopping", "false");
  }

  private Response reload() {
    if (!enabled) {
      return forbidden();
    }
    try {
      actions.reload();
      return Response.text(200, "");
    } catch (IllegalStateException e) {
      return Response.text(500, "failed to reload config: %s\n".formatted(e.getMessage()));
    }
  }

  private Response quit() {
    if (!enabled) {
      return forbidden();
    }
    actions.quit();
    return Response.text(200, "Requesting termination... Goodbye!");
  }

  private static Response forbidden() {
    return Response.text(403, "Lifecycle API is not enabled.");
  }
}
