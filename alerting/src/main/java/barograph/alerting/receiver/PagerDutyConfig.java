package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.GoJson;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A PagerDuty service, told by version 2 of its events API or, with a service key, version 1.
///
/// @param details by name, trees of templates; the usual four are added where they are missing
/// @param images each with `src`, `alt` and `href`
/// @param links each with `href` and `text`
public record PagerDutyConfig(
    URI url,
    boolean sendResolved,
    ClientSettings http,
    Key key,
    Texts texts,
    Map<String, @Nullable Object> details,
    List<Map<String, String>> images,
    List<Map<String, String>> links,
    Duration timeout)
    implements HttpPlace {
  /// The texts with their defaults; no `source` means the client.
  public static final Texts DEFAULTS =
      Texts.of(
              "description", "{{ template \"pagerduty.default.description\" .}}",
              "client", "{{ template \"pagerduty.default.client\" . }}",
              "client_url", "{{ template \"pagerduty.default.clientURL\" . }}")
          .and(Texts.of("source", "", "severity", "", "class", "", "component", "", "group", ""));

  private static final Map<String, String> USUAL_DETAILS =
      Map.of(
          "firing", "{{ .Alerts.Firing | toJson }}",
          "resolved", "{{ .Alerts.Resolved | toJson }}",
          "num_firing", "{{ .Alerts.Firing | len }}",
          "num_resolved", "{{ .Alerts.Resolved | len }}");

  private static final URI VERSION_1 =
      URI.create("https://events.pagerduty.com/generic/2010-04-15/create_event.json");
  private static final int SUMMARY_CHARACTERS = 1024;
  private static final int EVENT_BYTES = 512_000;
  private static final Map<String, @Nullable Object> TOO_LARGE =
      Map.of(
          "error",
          "Custom details have been removed because the original event exceeds the maximum size of"
              + " 512KB");
  private static final int FORBIDDEN = 403;

  public PagerDutyConfig {
    var all = new LinkedHashMap<String, @Nullable Object>(USUAL_DETAILS);
    all.putAll(details);
    details = all;
    images = List.copyOf(images);
    links = List.copyOf(links);
  }

  /// What says which service is meant, and so which version of the API is spoken.
  public sealed interface Key {
    /// Version 2.
    record Routing(Secret key) implements Key {}

    /// Version 1.
    record Service(Secret key) implements Key {}
  }

  @Override
  public String kind() {
    return "pagerduty";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var custom = new TreeMap<String, @Nullable Object>();
    details.forEach((name, template) -> custom.put(name, telling.tree(template)));
    return switch (key) {
      case Key.Routing(var routing) -> version2(telling, telling.text(routing.reveal()), custom);
      case Key.Service(var service) -> version1(telling, telling.text(service.reveal()), custom);
    };
  }

  private Outcome version2(Telling telling, String routingKey, Map<String, @Nullable Object> custom)
      throws IOException, InterruptedException {
    if (routingKey.isEmpty()) {
      return new Refused(false, "routing key cannot be empty");
    }
    var event = event2(telling, routingKey, custom);
    return telling.postJson(
        url,
        GoJson.body(event).length > EVENT_BYTES ? event2(telling, routingKey, TOO_LARGE) : event,
        Telling.RATE_LIMIT);
  }

  private Map<String, @Nullable Object> event2(
      Telling telling, String routingKey, Map<String, @Nullable Object> custom) {
    var source = texts.get("source");
    var severity = texts.get("severity");
    var payload =
        new JsonObject()
            .put("summary", summary(telling))
            .put("source", telling.text(source.isEmpty() ? texts.get("client") : source))
            .put("severity", telling.text(severity.isEmpty() ? "error" : severity))
            .putAny("class", text(telling, "class"))
            .putAny("component", text(telling, "component"))
            .putAny("group", text(telling, "group"))
            .putAny("custom_details", custom);
    return new JsonObject()
        .put("routing_key", routingKey)
        .put("dedup_key", telling.notification().groupHash())
        .put("event_action", action(telling))
        .put("payload", payload.fields())
        .putAny("client", text(telling, "client"))
        .putAny("client_url", text(telling, "client_url"))
        .putAny("images", things(telling, images, "src", List.of("src", "alt", "href")))
        .putAny("links", things(telling, links, "href", List.of("href", "text")))
        .fields();
  }

  private Outcome version1(Telling telling, String serviceKey, Map<String, @Nullable Object> custom)
      throws IOException, InterruptedException {
    if (serviceKey.isEmpty()) {
      return new Refused(false, "service key cannot be empty");
    }
    var event = event1(telling, serviceKey, custom);
    return telling.postJson(
        VERSION_1,
        GoJson.body(event).length > EVENT_BYTES ? event1(telling, serviceKey, TOO_LARGE) : event,
        Set.of(FORBIDDEN));
  }

  private Map<String, @Nullable Object> event1(
      Telling telling, String serviceKey, Map<String, @Nullable Object> custom) {
    var triggers = telling.notification().firing();
    return new JsonObject()
        .put("service_key", serviceKey)
        .put("incident_key", telling.notification().groupHash())
        .put("event_type", action(telling))
        .putAny("description", summary(telling))
        .put("event_action", "")
        .put("payload", null)
        .putAny("client", triggers ? text(telling, "client") : "")
        .putAny("client_url", triggers ? text(telling, "client_url") : "")
        .putAny("details", custom)
        .fields();
  }

  private static String action(Telling telling) {
    return telling.notification().firing() ? "trigger" : "resolve";
  }

  private String summary(Telling telling) {
    return Shortening.toCharacters(text(telling, "description"), SUMMARY_CHARACTERS);
  }

  private String text(Telling telling, String name) {
    return telling.text(texts.get(name));
  }

  /// Images or links, without those whose address is empty.
  private static List<Map<String, @Nullable Object>> things(
      Telling telling, List<Map<String, String>> all, String needed, List<String> names) {
    var things = new ArrayList<Map<String, @Nullable Object>>();
    for (var one : all) {
      var thing = new JsonObject();
      names.forEach(name -> thing.put(name, telling.text(one.getOrDefault(name, ""))));
      if (!"".equals(thing.fields().get(needed))) {
        things.add(thing.fields());
      }
    }
    return things;
  }
}
