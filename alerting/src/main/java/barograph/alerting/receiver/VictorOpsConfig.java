package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A VictorOps team, now Splunk On-Call.
///
/// @param apiUrl with a slash at its end
/// @param routingKey a template
/// @param customFields templates by name
public record VictorOpsConfig(
    URI apiUrl,
    boolean sendResolved,
    ClientSettings http,
    Secret apiKey,
    String routingKey,
    Texts texts,
    Map<String, String> customFields)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.of(
          "message_type", "CRITICAL",
          "state_message", "{{ template \"victorops.default.state_message\" . }}",
          "entity_display_name", "{{ template \"victorops.default.entity_display_name\" . }}",
          "monitoring_tool", "{{ template \"victorops.default.monitoring_tool\" . }}");

  private static final List<String> OWN_FIELDS =
      List.of(
          "routing_key",
          "message_type",
          "state_message",
          "entity_display_name",
          "monitoring_tool",
          "entity_id",
          "entity_state");

  private static final int MESSAGE_CHARACTERS = 20480;

  public VictorOpsConfig {
    customFields = Map.copyOf(customFields);
    if (routingKey.isEmpty()) {
      throw new IllegalArgumentException("missing Routing key in VictorOps config");
    }
    for (var field : OWN_FIELDS) {
      if (customFields.containsKey(field)) {
        throw new IllegalArgumentException(
            "victorOps config contains custom field %s which cannot be used as it conflicts with the"
                    .formatted(field)
                + " fixed/static fields");
      }
    }
  }

  @Override
  public String kind() {
    return "victorops";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var type = telling.text(texts.get("message_type"));
    boolean known = Set.of("INFO", "WARNING", "CRITICAL").contains(type);
    var message = new TreeMap<String, @Nullable Object>();
    message.put(
        "message_type", telling.notification().firing() ? (known ? type : "CRITICAL") : "RECOVERY");
    message.put("entity_id", telling.notification().groupHash());
    message.put("entity_display_name", telling.text(texts.get("entity_display_name")));
    message.put(
        "state_message",
        Shortening.toCharacters(telling.text(texts.get("state_message")), MESSAGE_CHARACTERS));
    message.put("monitoring_tool", telling.text(texts.get("monitoring_tool")));
    customFields.forEach((name, template) -> message.put(name, telling.text(template)));
    return telling.postJson(
        Telling.address(apiUrl + apiKey.reveal() + "/" + telling.text(routingKey)), message);
  }
}
