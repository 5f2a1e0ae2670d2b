package barograph.server.api;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.server.http.Router.Route;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/// Samples pushed by other servers: `/api/v1/write`.
public final class WriteApi {
  private static final int MAX_BODY_BYTES = 32 << 20;

  private final RemoteWrite remoteWrite;

  public WriteApi(RemoteWrite remoteWrite) {
    this.remoteWrite = remoteWrite;
  }

  public void addTo(Router router) {
    router.add("POST", "/api/v1/write", new Route(Lane.WRITE, MAX_BODY_BYTES, this::write));
  }

  private CompletableFuture<Response> write(Request request) {
    String type = request.header("content-type");
    String encoding = request.header("content-encoding");
    var refused = remoteWrite.refusal(type, encoding);
    if (refused != null) {
      return CompletableFuture.completedFuture(response(refused));
    }
    boolean counted = remoteWrite.countsAreWanted(type);
    return remoteWrite
        .accept(type, encoding, ByteBuffer.wrap(request.body()))
        .thenApply(answer -> counted ? withCounts(response(answer), answer) : response(answer));
  }

  /// What a sender of version 2.0 goes by: how much of each kind is stored.
  private static Response withCounts(Response response, PushAnswer answer) {
    return response
        .with("X-Prometheus-Remote-Write-Samples-Written", Integer.toString(answer.samples()))
        .with("X-Prometheus-Remote-Write-Histograms-Written", Integer.toString(answer.histograms()))
        .with("X-Prometheus-Remote-Write-Exemplars-Written", Integer.toString(answer.exemplars()));
  }

  /// The answer as any sender of samples reads it.
  static Response response(PushAnswer answer) {
    if (answer.status() == 204) {
      return Response.empty(204);
    }
    var response = Response.text(answer.status(), answer.message() + "\n");
    return answer.status() == 503 ? response.with("Retry-After", "1") : response;
  }
}
