package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Jira project: an issue for each group, found again by a label.
///
/// @param texts of the issue and the transitions' names
/// @param fields further ones of the issue, trees of templates
/// @param reopenDuration for how long a closed issue is opened again instead of a new one; 0 for
///   never
public record JiraConfig(
    URI apiUrl,
    Api api,
    boolean sendResolved,
    ClientSettings http,
    Texts texts,
    List<String> labels,
    Map<String, @Nullable Object> fields,
    Updates updates,
    Duration reopenDuration)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("jira.default", "summary", "description", "priority")
          .and(
              Texts.of(
                  "project", "",
                  "issue_type", "",
                  "reopen_transition", "",
                  "resolve_transition", "",
                  "wont_fix_resolution", ""));

  private static final int SUMMARY_CHARACTERS = 255;
  private static final int DESCRIPTION_CHARACTERS = 32767;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public JiraConfig {
    labels = List.copyOf(labels);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    if (texts.get("project").isEmpty()) {
      throw new IllegalArgumentException("missing project in jira_config");
    }
    if (texts.get("issue_type").isEmpty()) {
      throw new IllegalArgumentException("missing issue_type in jira_config");
    }
  }

  /// Which kind of Jira it is; by its address if that is not said.
  public enum Api {
    AUTO,
    CLOUD,
    DATACENTER
  }

  /// What of an issue follows the group after it was made.
  public record Updates(boolean summary, boolean description) {
    public static final Updates ALL = new Updates(true, true);
  }

  @Override
  public String kind() {
    return "jira";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    try {
      return new Issue(telling).tell();
    } catch (JacksonException e) {
      return new Refused(false, "Jira's answer is no JSON");
    }
  }

  private boolean isVersion3() {
    return apiUrl.getPath().replaceAll("/+$", "").endsWith("/3");
  }

  private URI at(String path) {
    return URI.create(apiUrl.toString().replaceAll("/+$", "") + "/" + path);
  }

  private URI searchAddress() {
    boolean cloud =
        api == Api.CLOUD || (api == Api.AUTO && apiUrl.getHost().endsWith("atlassian.net"));
    return cloud
        ? URI.create(at("search/jql").toString().replace("/rest/api/2/", "/rest/api/3/"))
        : at("search");
  }

  /// The group's issue, on its way to be what it must be.
  private final class Issue {
    private final Telling telling;
    private final boolean firing;

    Issue(Telling telling) {
      this.telling = telling;
      firing = telling.notification().firing();
    }

    Outcome tell() throws IOException, InterruptedException {
      var found = send("POST", searchAddress(), search());
      if (!(Telling.outcome(found, Telling.RATE_LIMIT) instanceof Delivered)) {
        return Telling.outcome(found, Telling.RATE_LIMIT);
      }
      var known = JSON.readTree(found.body()).path("issues").path(0);
      var key = known.path("key").asString("");
      if (key.isEmpty()) {
        // Nobody needs a new issue for what is over.
        return firing ? judged(send("POST", at("issue"), issue(false))) : new Delivered();
      }
      var outcome = judged(send("PUT", at("issue/" + key), issue(true)));
      return outcome instanceof Delivered ? move(key, known) : outcome;
    }

    private static Outcome judged(Web.Answer answer) {
      return Telling.outcome(answer, Telling.RATE_LIMIT);
    }

    private Web.Answer send(String method, URI uri, @Nullable Object body)
        throws IOException, InterruptedException {
      var headers = Map.of("Accept-Language", "en", "Content-Type", "application/json");
      return body == null
          ? telling.send(method, uri, headers, new byte[0])
          : telling.sendJson(method, uri, headers, body);
    }

    private String text(String name) {
      return telling.text(texts.get(name));
    }

    private String label() {
      return "ALERT{%s}".formatted(telling.notification().groupHash());
    }

    /// Asks for the newest issue that is open or was closed not long ago.
    private Map<String, @Nullable Object> search() {
      var jql = new StringBuilder();
      var wontFix = texts.get("wont_fix_resolution");
      if (!wontFix.isEmpty()) {
        jql.append("(resolution is EMPTY or resolution != %s) and ".formatted(quoted(wontFix)));
      }
      long minutes = reopenDuration.toMinutes();
      boolean reopens = firing && !texts.get("reopen_transition").isEmpty() && minutes > 0;
      jql.append(
          reopens
              ? "(resolutiondate is EMPTY OR resolutiondate >= -%dm) and ".formatted(minutes)
              : "statusCategory != Done and ");
      jql.append(
          "project=%s and labels=%s order by status ASC,resolutiondate DESC"
              .formatted(quoted(text("project")), quoted(label())));
      return new JsonObject()
          .put("fields", List.of("status"))
          .put("jql", jql.toString())
          .put("maxResults", 2)
          .fields();
    }

    private static String quoted(String text) {
      return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Map<String, @Nullable Object> issue(boolean isUpdate) {
      var issue = new TreeMap<String, @Nullable Object>();
      if (!isUpdate || updates.summary) {
        issue.put("summary", Shortening.toCharacters(text("summary"), SUMMARY_CHARACTERS));
      }
      var description = Shortening.toCharacters(text("description"), DESCRIPTION_CHARACTERS);
      if (!description.isBlank() && (!isUpdate || updates.description)) {
        issue.put(
            "description", isVersion3() ? JSON.readValue(description, Object.class) : description);
      }
      issue.put("issuetype", Map.of("name", text("issue_type")));
      var allLabels = new ArrayList<>(labels.stream().map(telling::text).toList());
      allLabels.add(label());
      Collections.sort(allLabels);
      issue.put("labels", allLabels);
      if (!text("priority").isEmpty()) {
        issue.put("priority", Map.of("name", text("priority")));
      }
      issue.put("project", Map.of("key", text("project")));
      fields.forEach((name, template) -> issue.put(name, telling.tree(template)));
      return new JsonObject().put("fields", issue).fields();
    }

    /// Closes an issue whose alerts are over, or opens one again.
    private Outcome move(String key, JsonNode known) throws IOException, InterruptedException {
      var status = known.path("fields").path("status");
      boolean done = status.path("statusCategory").path("key").asString("").equals("done");
      var name = texts.get(firing ? "reopen_transition" : "resolve_transition");
      if (status.isMissingNode() || firing != done || name.isEmpty()) {
        return new Delivered();
      }
      var transitions = at("issue/%s/transitions".formatted(key));
      var answer = send("GET", transitions, null);
      if (!(judged(answer) instanceof Delivered)) {
        return judged(answer);
      }
      for (var transition : JSON.readTree(answer.body()).path("transitions")) {
        if (transition.path("name").asString("").equals(name)) {
          var id = Map.of("id", transition.path("id").asString(""));
          return judged(send("POST", transitions, Map.of("transition", id)));
        }
      }
      return new Refused(false, "can't find transition %s for issue %s".formatted(name, key));
    }
  }
}
