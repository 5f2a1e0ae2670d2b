package barograph.server.api;

import barograph.alerting.notify.Notifier;
import barograph.alerting.silence.Silence;
import barograph.server.http.Handler;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.model.Matcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Silences: `/api/v2/silences` and `/api/v2/silence/{id}`.
public final class AlertmanagerSilencesApi {
  private static final Pattern UUID =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final Notifier notifier;
  private final InstantSource clock;

  public AlertmanagerSilencesApi(Notifier notifier, InstantSource clock) {
    this.notifier = notifier;
    this.clock = clock;
  }

  public void addTo(Router router) {
    var routes = new V2Routes(router);
    routes.add("/silences", Map.of("GET", Handler.of(this::list), "POST", this::put));
    routes.add("/silence/*", Map.of("GET", Handler.of(this::one), "DELETE", this::expire));
  }

  private Response list(Request request) {
    var filters = V2Filters.of(request.query());
    var now = clock.instant();
    var json = new Json().beginArray();
    for (var silence : notifier.silences()) {
      var values = new HashMap<String, String>();
      silence.matchers().forEach(matcher -> values.put(matcher.name(), matcher.value()));
      if (filters.passes(name -> values.getOrDefault(name, ""))) {
        write(json, silence, now);
      }
    }
    return Response.json(200, json.endArray().toBody());
  }

  private Response one(Request request) {
    var id = id(request);
    return notifier.silences().stream()
        .filter(silence -> silence.id().equals(id))
        .findFirst()
        .map(silence -> {
          var json = new Json();
          write(json, silence, clock.instant());
          return Response.json(200, json.toBody());
        })
        .orElseGet(() -> Response.empty(404));
  }

  private CompletableFuture<Response> expire(Request request) {
    var id = id(request);
    if (notifier.silences().stream().noneMatch(silence -> silence.id().equals(id))) {
      return CompletableFuture.completedFuture(Response.empty(404));
    }
    return notifier.expireSilence(id).thenApply(_ -> Response.empty(200));
  }

  private static String id(Request request) {
    var path = request.path();
    var id = path.substring(path.lastIndexOf('/') + 1);
    if (id.isEmpty()) {
      throw V2Refusal.coded(404, "path %s was not found".formatted(path));
    }
    if (!UUID.matcher(id).matches()) {
      throw V2Refusal.wrongType("silenceID in path", "uuid", id);
    }
    return id;
  }

  private CompletableFuture<Response> put(Request request) {
    var wanted = silence(V2Body.of(request, "silence"));
    CompletableFuture<String> id;
    try {
      id = notifier.put(wanted);
    } catch (IllegalArgumentException e) {
      throw V2Refusal.objection(400, String.valueOf(e.getMessage()));
    }
    return id.thenApply(given -> {
      var json = new Json();
      json.beginObject().field("silenceID", given).endObject();
      return Response.json(200, json.toBody());
    });
  }

  private Silence silence(V2Body body) {
    var comment = body.need("comment").string();
    var createdBy = body.need("createdBy").string();
    @Nullable Instant end = body.need("endsAt").time();
    var items = body.need("matchers").items();
    if (items.isEmpty()) {
      throw V2Refusal.tooFew("matchers in body");
    }
    // The shape of all comes before the sense of any.
    items.forEach(item -> {
      item.need("isRegex").bool();
      item.need("name").string();
      item.need("value").string();
    });
    @Nullable Instant start = body.need("startsAt").time();
    var now = clock.instant();
    if (start == null) {
      start = now;
    }
    if (end == null || !start.isBefore(end)) {
      throw V2Refusal.objection(
          400, "Failed to create silence: start time must be before end time");
    }
    if (end.isBefore(now)) {
      throw V2Refusal.objection(400, "Failed to create silence: end time can't be in the past");
    }
    try {
      return new Silence(
          body.string("id"),
          matchers(items),
          start,
          end,
          now,
          createdBy,
          comment,
          body.strings("annotations"));
    } catch (IllegalArgumentException e) {
      throw V2Refusal.objection(400, "invalid silence: " + e.getMessage());
    }
  }

  private static List<Matcher> matchers(List<V2Body> items) {
    var matchers = new ArrayList<Matcher>();
    for (var item : items) {
      boolean regex = item.need("isRegex").bool();
      @Nullable V2Body equal = item.get("isEqual");
      boolean equals = equal == null || equal.bool();
      var type =
          regex
              ? equals ? Matcher.Type.REGEX : Matcher.Type.NOT_REGEX
              : equals ? Matcher.Type.EQUAL : Matcher.Type.NOT_EQUAL;
      var value = item.need("value").string();
      try {
        matchers.add(new Matcher(type, item.need("name").string(), value));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "invalid label matcher %d in set 0: invalid regular expression \"%s\": %s"
                .formatted(matchers.size(), value, e.getMessage()),
            e);
      }
    }
    return matchers;
  }

  private static void write(Json json, Silence silence, Instant now) {
    json.beginObject().field("id", silence.id()).key("status").beginObject();
    json.field("state", silence.stateAt(now).word()).endObject();
    json.field("updatedAt", V2Times.text(silence.updatedAt()));
    if (!silence.annotations().isEmpty()) {
      json.key("annotations").beginObject();
      silence.annotations().forEach((name, value) -> json.name(name).string(value));
      json.endObject();
    }
    json.field("comment", silence.comment()).field("createdBy", silence.createdBy());
    json.field("endsAt", V2Times.text(silence.endsAt())).key("matchers").beginArray();
    for (var matcher : silence.matchers()) {
      var type = matcher.type();
      json.beginObject()
          .field("isEqual", type == Matcher.Type.EQUAL || type == Matcher.Type.REGEX)
          .field("isRegex", type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX)
          .field("name", matcher.name())
          .field("value", matcher.value())
          .endObject();
    }
    json.endArray().field("startsAt", V2Times.text(silence.startsAt())).endObject();
  }
}
