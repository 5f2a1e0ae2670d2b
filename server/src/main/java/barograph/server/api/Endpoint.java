package barograph.server.api;

import barograph.query.QueryEngine;
import barograph.query.QueryException;
import barograph.server.http.Handler;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.storage.model.Allowance;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// One endpoint of the API: computes an answer, or throws [ApiError] or [QueryException].
@FunctionalInterface
interface Endpoint {
  Response answer(Request request);

  /// This endpoint with every refusal turned into the API's error answer.
  static Handler.Immediate of(Endpoint endpoint) {
    return refusing(endpoint, ApiError::response);
  }

  /// This endpoint with every refusal told as plain text, for clients that expect no JSON.
  static Handler.Immediate inText(Endpoint endpoint) {
    return refusing(endpoint, ApiError::text);
  }

  private static Handler.Immediate refusing(
      Endpoint endpoint, Function<ApiError, Response> refusal) {
    return request -> {
      try {
        return endpoint.answer(request);
      } catch (ApiError e) {
        return refusal.apply(e);
      } catch (QueryException e) {
        return refusal.apply(new ApiError(kindOf(e.kind()), String.valueOf(e.getMessage())));
      }
    };
  }

  private static ApiError.Kind kindOf(QueryException.Kind kind) {
    return switch (kind) {
      case BAD_QUERY -> ApiError.Kind.BAD_DATA;
      case EXECUTION, TOO_MANY_SAMPLES -> ApiError.Kind.EXECUTION;
      case TIMEOUT -> ApiError.Kind.TIMEOUT;
      case CANCELLED -> ApiError.Kind.CANCELED;
      case REFUSED, NOT_BRIEF -> ApiError.Kind.BUSY;
      case STORAGE -> ApiError.Kind.INTERNAL;
    };
  }

  /// The success envelope around what `data` writes.
  static Response success(Consumer<Json> data) {
    return success(data, List.of(), List.of());
  }

  static Response success(Consumer<Json> data, List<String> warnings, List<String> infos) {
    return success(Allowance.UNLIMITED, data, warnings, infos);
  }

  /// The success envelope around what `data` writes, which may add to the notes.
  ///
  /// @param memory asked for what the answer takes
  static Response success(
      Allowance memory, Consumer<Json> data, List<String> warnings, List<String> infos) {
    var json = new Json(memory);
    json.beginObject().field("status", "success").key("data");
    data.accept(json);
    notes(json, "warnings", warnings);
    notes(json, "infos", infos);
    json.endObject();
    return Response.json(200, json.toBody());
  }

  /// An answer whose bytes count among the memory of queries until they are sent.
  static Response kept(QueryEngine engine, Response response) {
    return response.whenSent(engine.keep(response.body().remaining()));
  }

  private static void notes(Json json, String name, List<String> notes) {
    if (!notes.isEmpty()) {
      json.key(name).strings(notes);
    }
  }
}
