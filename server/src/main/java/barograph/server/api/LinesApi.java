package barograph.server.api;

import barograph.ingest.push.LineReceiver;
import barograph.ingest.pushed.PushAnswer;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.server.http.Router.Route;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/// Samples pushed as lines: Influx's at `/write` and `/api/v2/write`, JSON at `/api/v1/import`.
public final class LinesApi {
  private static final int MAX_BODY_BYTES = 32 << 20;

  private final LineReceiver receiver;

  public LinesApi(LineReceiver receiver) {
    this.receiver = receiver;
  }

  public void addTo(Router router) {
    router.add("POST", "/write", new Route(Lane.WRITE, MAX_BODY_BYTES, this::influx));
    router.add("POST", "/api/v2/write", new Route(Lane.WRITE, MAX_BODY_BYTES, this::influx));
    router.add("POST", "/api/v1/import", new Route(Lane.WRITE, MAX_BODY_BYTES, this::json));
  }

  private CompletableFuture<Response> influx(Request request) {
    return receiver
        .acceptInflux(
            request.header("content-encoding"),
            request.query().first("precision"),
            request.query().first("db"),
            ByteBuffer.wrap(request.body()),
            request.waited())
        .thenApply(LinesApi::influxAnswer);
  }

  /// The protocol's clients look for these words to tell lines that never will be stored from a
  /// server that is not well.
  private static Response influxAnswer(PushAnswer answer) {
    if (answer.status() == 204 || answer.status() == 503) {
      return WriteApi.response(answer);
    }
    String words = (answer.refused() > 0 ? "partial write: " : "") + answer.message();
    var json = new Json();
    json.beginObject().field("error", words).endObject();
    return Response.json(answer.status(), json.toBody()).with("X-Influxdb-Error", oneLine(words));
  }

  /// `words` as a header may have them.
  private static String oneLine(String words) {
    return words.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private CompletableFuture<Response> json(Request request) {
    return receiver
        .acceptJson(request.header("content-encoding"), ByteBuffer.wrap(request.body()))
        .thenApply(WriteApi::response);
  }
}
