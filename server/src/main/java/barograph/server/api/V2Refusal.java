package barograph.server.api;

import barograph.server.http.Response;

/// A request that Alertmanager's API refuses, in the form and with the codes that its clients know:
/// a bare string where the server itself objects, a code with a message where the request is not
/// what the API's description wants.
final class V2Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Codes of the API's description, beside HTTP's own.
  private static final int WRONG_TYPE = 601;

  private static final int REQUIRED = 602;
  private static final int TOO_FEW = 612;

  private final int status;

  /// 0 for a bare string.
  private final int code;

  private V2Refusal(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static V2Refusal objection(int status, String message) {
    return new V2Refusal(status, 0, message);
  }

  static V2Refusal coded(int status, String message) {
    return new V2Refusal(status, status, message);
  }

  static V2Refusal required(String field) {
    return new V2Refusal(422, REQUIRED, field + " is required");
  }

  static V2Refusal tooFew(String field) {
    return new V2Refusal(422, TOO_FEW, field + " should have at least 1 items");
  }

  static V2Refusal wrongType(String field, String type, String found) {
    return new V2Refusal(
        422, WRONG_TYPE, "%s must be of type %s: \"%s\"".formatted(field, type, found));
  }

  Response response() {
    var json = new Json();
    var message = String.valueOf(getMessage());
    if (code == 0) {
      json.string(message);
    } else {
      json.beginObject().field("code", code).field("message", message).endObject();
    }
    return Response.json(status, json.toBody());
  }
}
