package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An Opsgenie account: an alert for each group, closed with it.
///
/// @param apiUrl with a slash at its end
/// @param details templates put over the common labels
/// @param updateAlerts whether message and description follow the group's
public record OpsgenieConfig(
    URI apiUrl,
    boolean sendResolved,
    ClientSettings http,
    Secret apiKey,
    Texts texts,
    Map<String, String> details,
    List<Responder> responders,
    boolean updateAlerts)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("opsgenie.default", "message", "description", "source")
          .and(Texts.of("entity", "", "actions", "", "tags", "", "note", "", "priority", ""));

  private static final Set<String> RESPONDERS =
      Set.of("team", "teams", "user", "escalation", "schedule");
  private static final int MESSAGE_CHARACTERS = 130;

  public OpsgenieConfig {
    details = Map.copyOf(details);
    responders = List.copyOf(responders);
  }

  /// Who is to respond; each part is a template.
  public record Responder(String id, String name, String username, String type) {
    public Responder {
      if (id.isEmpty() && name.isEmpty() && username.isEmpty()) {
        throw new IllegalArgumentException(
            "responder has to have at least one of id, username or name specified");
      }
      if (!type.contains("{{") && !RESPONDERS.contains(type.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "responder type is \"%s\", expected team, teams, user, escalation or schedule"
                .formatted(type));
      }
    }
  }

  @Override
  public String kind() {
    return "opsgenie";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var alias = telling.notification().groupHash();
    if (!telling.notification().firing()) {
      var close = new JsonObject().put("source", text(telling, "source"));
      return send(telling, "POST", "v2/alerts/%s/close?identifierType=alias", alias, close);
    }
    var message = Shortening.toCharacters(text(telling, "message"), MESSAGE_CHARACTERS);
    var description = text(telling, "description");
    var outcome =
        send(telling, "POST", "v2/alerts", alias, alert(telling, alias, message, description));
    if (!updateAlerts || !(outcome instanceof Delivered)) {
      return outcome;
    }
    outcome =
        send(
            telling,
            "PUT",
            "v2/alerts/%s/message?identifierType=alias",
            alias,
            new JsonObject().putAny("message", message));
    return outcome instanceof Delivered
        ? send(
            telling,
            "PUT",
            "v2/alerts/%s/description?identifierType=alias",
            alias,
            new JsonObject().putAny("description", description))
        : outcome;
  }

  private Outcome send(
      Telling telling, String method, String path, String alias, JsonObject message)
      throws IOException, InterruptedException {
    var authorization = "GenieKey " + telling.text(apiKey.reveal()).strip();
    var uri = URI.create(apiUrl + path.formatted(alias));
    return Telling.outcome(
        telling.sendJson(method, uri, Map.of("Authorization", authorization), message.fields()),
        Telling.RATE_LIMIT);
  }

  private JsonObject alert(Telling telling, String alias, String message, String description) {
    var allDetails = new TreeMap<String, @Nullable Object>(telling.notification().commonLabels());
    details.forEach((name, template) -> allDetails.put(name, telling.text(template)));
    return new JsonObject()
        .put("alias", alias)
        .put("message", message)
        .putAny("description", description)
        .put("details", allDetails)
        .put("source", text(telling, "source"))
        .putAny("responders", responders(telling))
        .putAny("tags", split(text(telling, "tags")))
        .putAny("note", text(telling, "note"))
        .putAny("priority", text(telling, "priority"))
        .putAny("entity", text(telling, "entity"))
        .putAny("actions", split(text(telling, "actions")));
  }

  private String text(Telling telling, String name) {
    return telling.text(texts.get(name));
  }

  /// The responders, those of type `teams` as a team for each name; ones that turn out empty are
  /// left out.
  private List<Map<String, @Nullable Object>> responders(Telling telling) {
    var all = new ArrayList<Map<String, @Nullable Object>>();
    for (var responder : responders) {
      var id = telling.text(responder.id);
      var name = telling.text(responder.name);
      var username = telling.text(responder.username);
      var type = telling.text(responder.type);
      if (type.equals("teams")) {
        split(name).forEach(team -> all.add(responder("", team, "", "team")));
      } else if (!(id + name + username + type).isEmpty()) {
        all.add(responder(id, name, username, type));
      }
    }
    return all;
  }

  private static Map<String, @Nullable Object> responder(
      String id, String name, String username, String type) {
    return new JsonObject()
        .putAny("id", id)
        .putAny("name", name)
        .putAny("username", username)
        .put("type", type)
        .fields();
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.strip().split(",", -1)).filter(part -> !part.isEmpty()).toList();
  }
}
