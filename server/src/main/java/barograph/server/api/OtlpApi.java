package barograph.server.api;

import barograph.ingest.otlp.OtlpReceiver;
import barograph.ingest.pushed.PushAnswer;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.server.http.Router.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/// Metrics pushed by OpenTelemetry: `/api/v1/otlp/v1/metrics`.
public final class OtlpApi {
  private static final int MAX_BODY_BYTES = 32 << 20;

  private final OtlpReceiver receiver;

  public OtlpApi(OtlpReceiver receiver) {
    this.receiver = receiver;
  }

  public void addTo(Router router) {
    router.add(
        "POST", "/api/v1/otlp/v1/metrics", new Route(Lane.WRITE, MAX_BODY_BYTES, this::write));
  }

  private CompletableFuture<Response> write(Request request) {
    String type = request.header("content-type");
    return receiver
        .accept(type, request.header("content-encoding"), ByteBuffer.wrap(request.body()))
        .thenApply(answer -> response(answer, type));
  }

  /// Success is an empty message, in the form of the request.
  private static Response response(PushAnswer answer, String type) {
    if (answer.status() != 204) {
      return WriteApi.response(answer);
    }
    return type.startsWith("application/json")
        ? Response.json(200, ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)))
        : Response.of(200, "application/x-protobuf", ByteBuffer.allocate(0));
  }
}
