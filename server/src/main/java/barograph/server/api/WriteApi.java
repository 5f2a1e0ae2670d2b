package barograph.server.api;

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
    return remoteWrite
        .accept(type, encoding, ByteBuffer.wrap(request.body()))
        .thenApply(WriteApi::response);
  }

  private static Response response(RemoteWrite.Answer answer) {
    if (answer.status() == 204) {
      return Response.empty(204);
    }
    var response = Response.text(answer.status(), answer.message() + "\n");
    return answer.status() == 503 ? response.with("Retry-After", "1") : response;
  }
}
