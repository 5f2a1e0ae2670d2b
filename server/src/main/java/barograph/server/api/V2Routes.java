package barograph.server.api;

import barograph.alerting.silence.UnknownSilenceException;
import barograph.server.http.Handler;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Where Alertmanager's API stands: at `/api/v2` for those who take this server for an
/// Alertmanager, and at `/alertmanager/api/v2` for those who keep the two apart.
final class V2Routes {
  static final List<String> PREFIXES = List.of("/api/v2", "/alertmanager/api/v2");
  private static final int MAX_BODY_BYTES = 10 << 20;
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE");

  private final Router router;

  V2Routes(Router router) {
    this.router = router;
  }

  /// Answers `path` by the method's handler, and other methods with who may be asked.
  void add(String path, Map<String, Handler> handlers) {
    var refused = new ArrayList<>(METHODS);
    refused.removeAll(handlers.keySet());
    var allowed = String.join(",", handlers.keySet().stream().sorted().toList());
    var all = new LinkedHashMap<>(handlers);
    for (var method : refused) {
      var words = "method %s is not allowed, but [%s] are".formatted(method, allowed);
      all.put(
          method,
          Handler.of(request -> V2Refusal.coded(405, words).response().with("Allow", allowed)));
    }
    for (var prefix : PREFIXES) {
      all.forEach((method, handler) ->
          router.add(
              method,
              prefix + path,
              new Router.Route(Lane.QUERY, MAX_BODY_BYTES, request -> answer(handler, request))));
    }
  }

  private static CompletableFuture<Response> answer(Handler handler, Request request) {
    CompletableFuture<Response> answer;
    try {
      answer = handler.handle(request);
    } catch (V2Refusal | UnknownSilenceException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.exceptionally(V2Routes::refusal);
  }

  /// What went wrong with the state's log counts as the server's fault: nothing is acknowledged
  /// that a restart would forget.
  private static Response refusal(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return switch (cause) {
      case V2Refusal refusal -> refusal.response();
      case UnknownSilenceException unknown ->
          V2Refusal.objection(404, String.valueOf(unknown.getMessage())).response();
      default -> V2Refusal.objection(500, String.valueOf(cause.getMessage())).response();
    };
  }
}
