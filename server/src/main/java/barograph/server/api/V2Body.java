package barograph.server.api;

import barograph.ingest.json.JsonFault;
import barograph.server.http.Request;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A JSON body of Alertmanager's API, read field by field and refused in its words.
///
/// @param what as refusals name the whole body
/// @param place as they name this part of it: `0.labels in body`
record V2Body(String what, String place, JsonNode node) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// What Go takes for no time at all.
  private static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");

  static V2Body of(Request request, String what) {
    var type = request.header("content-type");
    int end = type.indexOf(';');
    var media = (end < 0 ? type : type.substring(0, end)).strip();
    if (!media.isEmpty() && !media.equalsIgnoreCase("application/json")) {
      throw V2Refusal.coded(
          415,
          "unsupported media type \"%s\", only [application/json] are allowed".formatted(media));
    }
    if (media.isEmpty() && request.body().length > 0) {
      throw V2Refusal.coded(
          415, "unsupported media type \"\", only [application/json] are allowed");
    }
    if (request.body().length == 0) {
      throw V2Refusal.required(what + " in body");
    }
    try {
      return new V2Body(what, "", MAPPER.readTree(request.body()));
    } catch (JacksonException e) {
      throw unreadable(what, JsonFault.inOne(request.body(), request.body().length, e));
    }
  }

  private static V2Refusal unreadable(String what, String why) {
    return V2Refusal.coded(
        400, "parsing %s body from \"\" failed, because %s".formatted(what, why));
  }

  private V2Refusal wrongKind(JsonNode found, String expected) {
    return unreadable(
        what,
        "%s is %s, expected %s"
            .formatted(
                place.isEmpty() ? "the body" : place,
                found.getNodeType().name().toLowerCase(Locale.ROOT),
                expected));
  }

  private V2Body child(String name, JsonNode value) {
    return new V2Body(what, place.isEmpty() ? name : place + "." + name, value);
  }

  /// The items of a list; null is an empty one.
  List<V2Body> items() {
    if (node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrongKind(node, "a list");
    }
    var items = new ArrayList<V2Body>();
    for (var item : node) {
      items.add(child(String.valueOf(items.size()), item));
    }
    return items;
  }

  /// The value of a field, or null if it is not there.
  @Nullable V2Body get(String name) {
    if (!node.isObject() && !node.isNull()) {
      throw wrongKind(node, "an object");
    }
    @Nullable JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : child(name, value);
  }

  V2Body need(String name) {
    @Nullable V2Body value = get(name);
    if (value == null) {
      throw V2Refusal.required((place.isEmpty() ? name : place + "." + name) + " in body");
    }
    return value;
  }

  String string() {
    if (!node.isString()) {
      throw wrongKind(node, "a string");
    }
    return node.asString();
  }

  String string(String name) {
    @Nullable V2Body value = get(name);
    return value == null ? "" : value.string();
  }

  boolean bool() {
    if (!node.isBoolean()) {
      throw wrongKind(node, "true or false");
    }
    return node.asBoolean();
  }

  Map<String, String> strings(String name) {
    @Nullable V2Body value = get(name);
    return value == null ? Map.of() : value.strings();
  }

  Map<String, String> strings() {
    if (!node.isObject()) {
      throw wrongKind(node, "an object");
    }
    var map = new TreeMap<String, String>();
    node.properties()
        .forEach(
            entry -> map.put(entry.getKey(), child(entry.getKey(), entry.getValue()).string()));
    return map;
  }

  /// A moment, or null if the field is not there or holds Go's zero time.
  @Nullable Instant time(String name) {
    @Nullable V2Body value = get(name);
    return value == null ? null : value.time();
  }

  @Nullable Instant time() {
    var text = string();
    try {
      var time =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      return time.equals(ZERO) ? null : time;
    } catch (DateTimeParseException e) {
      throw unreadable(
          what,
          "parsing time \"%1$s\" as \"2006-01-02\": cannot parse \"%1$s\" as \"2006\""
              .formatted(text));
    }
  }
}
