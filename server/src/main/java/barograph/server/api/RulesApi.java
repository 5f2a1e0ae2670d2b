package barograph.server.api;

import barograph.alerting.Alerting;
import barograph.alerting.evaluate.AlertView;
import barograph.alerting.evaluate.GroupView;
import barograph.alerting.evaluate.RuleView;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.query.value.NumberText;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Parameters;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules and their alerts: `/api/v1/rules` and `/api/v1/alerts`.
public final class RulesApi {
  private final Alerting alerting;

  public RulesApi(Alerting alerting) {
    this.alerting = alerting;
  }

  public void addTo(Router router) {
    router.add("GET", "/api/v1/rules", Lane.CONTROL, Endpoint.of(this::rules));
    router.add("GET", "/api/v1/alerts", Lane.CONTROL, Endpoint.of(request -> alerts()));
  }

  private Response alerts() {
    return Endpoint.success(json -> {
      json.beginObject().key("alerts").beginArray();
      alerting.alerts().forEach(alert -> write(json, alert));
      json.endArray().endObject();
    });
  }

  private Response rules(Request request) {
    var query = request.query();
    var wanted = Wanted.from(query);
    var groups = new ArrayList<GroupView>();
    for (var group : alerting.groups()) {
      var rules = group.rules().stream().filter(wanted::rule).toList();
      if (wanted.group(group) && !rules.isEmpty()) {
        groups.add(group.with(rules));
      }
    }
    var page = Page.of(groups, query);
    return Endpoint.success(json -> {
      json.beginObject().key("groups").beginArray();
      page.groups().forEach(group -> write(json, group, wanted.alerts()));
      json.endArray();
      if (!page.next().isEmpty()) {
        json.field("groupNextToken", page.next());
      }
      json.endObject();
    });
  }

  private static void write(Json json, GroupView group, boolean withAlerts) {
    json.beginObject().field("name", group.name()).field("file", group.file());
    json.key("rules").beginArray();
    group.rules().forEach(rule -> write(json, rule, withAlerts));
    json.endArray();
    json.key("interval").decimal(seconds(group.interval())).field("limit", group.limit());
    evaluated(json, group.evaluationTime(), group.lastEvaluation());
    json.endObject();
  }

  private static void write(Json json, RuleView view, boolean withAlerts) {
    json.beginObject();
    switch (view.rule()) {
      case AlertingRule rule -> {
        json.field("state", view.state().word()).field("name", rule.name());
        json.field("query", rule.expr());
        json.key("duration").decimal(seconds(rule.holdFor()));
        json.key("keepFiringFor").decimal(seconds(rule.keepFiringFor()));
        json.key("labels").plainMap(rule.labels());
        json.key("annotations").plainMap(rule.annotations());
        json.key("alerts");
        if (withAlerts) {
          json.beginArray();
          view.alerts().forEach(alert -> write(json, alert));
          json.endArray();
        } else {
          json.nothing();
        }
      }
      case RecordingRule rule -> {
        json.field("name", rule.name()).field("query", rule.expr());
        json.key("labels").plainMap(rule.labels());
      }
    }
    json.field("health", view.health().word());
    @Nullable String error = view.lastError();
    if (error != null) {
      json.field("lastError", error);
    }
    evaluated(json, view.evaluationTime(), view.lastEvaluation());
    json.field("type", view.rule() instanceof AlertingRule ? "alerting" : "recording").endObject();
  }

  private static void evaluated(Json json, Duration took, @Nullable Instant last) {
    json.key("evaluationTime").decimal(seconds(took));
    json.field("lastEvaluation", last == null ? Times.never() : Times.text(last));
  }

  private static void write(Json json, AlertView alert) {
    json.beginObject().key("labels").labels(alert.labels());
    json.key("annotations").plainMap(alert.annotations());
    json.field("state", alert.state().word()).field("activeAt", Times.text(alert.activeAt()));
    @Nullable Instant since = alert.keepFiringSince();
    if (since != null) {
      json.field("keepFiringSince", Times.text(since));
    }
    json.field("value", NumberText.exponential(alert.value())).endObject();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /// Which groups and rules the request asks for.
  private record Wanted(
      String type,
      boolean alerts,
      List<String> names,
      List<String> groups,
      List<String> files,
      List<List<Matcher>> selectors) {

    static Wanted from(Parameters query) {
      String type = query.first("type");
      if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
        throw ApiError.badParameter("type", "not supported value \"%s\"".formatted(type));
      }
      return new Wanted(
          type,
          !excludesAlerts(query.first("exclude_alerts")),
          query.all("rule_name[]"),
          query.all("rule_group[]"),
          query.all("file[]"),
          SeriesApi.selectors(query));
    }

    private static boolean excludesAlerts(String text) {
      return switch (text) {
        case "1", "t", "T", "true", "TRUE", "True" -> true;
        case "", "0", "f", "F", "false", "FALSE", "False" -> false;
        default ->
            throw ApiError.badParameter(
                "exclude_alerts",
                "error converting exclude_alerts: strconv.ParseBool: parsing \"%s\": invalid syntax"
                    .formatted(text));
      };
    }

    boolean group(GroupView group) {
      return (groups.isEmpty() || groups.contains(group.name()))
          && (files.isEmpty() || files.contains(group.file()));
    }

    boolean rule(RuleView view) {
      var rule = view.rule();
      boolean typed =
          switch (type) {
            case "alert" -> rule instanceof AlertingRule;
            case "record" -> rule instanceof RecordingRule;
            default -> true;
          };
      return typed
          && (names.isEmpty() || names.contains(rule.name()))
          && (selectors.isEmpty() || selectors.stream().anyMatch(s -> matches(s, rule.labels())));
    }

    private static boolean matches(List<Matcher> matchers, Map<String, String> labels) {
      return matchers.stream().allMatch(m -> m.matches(labels.getOrDefault(m.name(), "")));
    }
  }

  /// A part of the groups, and the token that asks for the next.
  private record Page(List<GroupView> groups, String next) {

    static Page of(List<GroupView> groups, Parameters query) {
      String limitText = query.first("group_limit");
      String token = query.first("group_next_token");
      if (limitText.isEmpty()) {
        if (!token.isEmpty()) {
          throw ApiError.badParameter(
              "group_next_token",
              "group_limit needs to be present in order to paginate over the groups");
        }
        return new Page(groups, "");
      }
      int limit;
      try {
        limit = Integer.parseInt(limitText);
      } catch (NumberFormatException e) {
        throw ApiError.badParameter(
            "group_limit",
            "group_limit needs to be a valid number: strconv.ParseInt: parsing \"%s\": invalid syntax"
                .formatted(limitText));
      }
      if (limit <= 0) {
        throw ApiError.badParameter("group_limit", "group_limit needs to be greater than 0");
      }
      int start = 0;
      if (!token.isEmpty()) {
        while (start < groups.size() && !tokenOf(groups.get(start)).equals(token)) {
          start++;
        }
        if (start == groups.size()) {
          throw ApiError.badParameter(
              "group_next_token",
              "invalid group_next_token '%s'. were rule groups changed?".formatted(token));
        }
      }
      int end = Math.min(groups.size(), start + limit);
      return new Page(
          groups.subList(start, end), end < groups.size() ? tokenOf(groups.get(end)) : "");
    }

    private static String tokenOf(GroupView group) {
      try {
        var sha = MessageDigest.getInstance("SHA-256");
        String identity = group.file() + ";" + group.name();
        return HexFormat.of().formatHex(sha.digest(identity.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java has SHA-256", e);
      }
    }
  }
}
