package barograph.server.api;

import barograph.server.http.Response;

/// A request that the API refuses, in the words and with the status that its clients expect.
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The kinds of the API's envelope, each with its status.
  enum Kind {
    BAD_DATA("bad_data", 400),
    EXECUTION("execution", 422),
    CANCELED("canceled", 499),
    TIMEOUT("timeout", 503),
    /// Too much is being done already; it may be asked again.
    BUSY("unavailable", 503),
    INTERNAL("internal", 500),
    UNAVAILABLE("unavailable", 500),
    NOT_FOUND("not_found", 404);

    private final String word;
    private final int status;

    Kind(String word, int status) {
      this.word = word;
      this.status = status;
    }
  }

  private final Kind kind;

  ApiError(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static ApiError badData(String message) {
    return new ApiError(Kind.BAD_DATA, message);
  }

  static ApiError badParameter(String name, String problem) {
    return badData("invalid parameter \"%s\": %s".formatted(name, problem));
  }

  Response response() {
    var json = new Json();
    json.beginObject()
        .field("status", "error")
        .field("errorType", kind.word)
        .field("error", String.valueOf(getMessage()))
        .endObject();
    return retried(Response.json(kind.status, json.toBody()));
  }

  /// The same for those who read no JSON.
  Response text() {
    return retried(Response.text(kind.status, getMessage() + "\n"));
  }

  private Response retried(Response response) {
    return kind == Kind.BUSY ? response.with("Retry-After", "1") : response;
  }
}
