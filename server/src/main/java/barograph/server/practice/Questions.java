package barograph.server.practice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What dashboards ask, of whatever there is: every common form of a query, as paths of the API.
///
/// @param endMillis the newest time asked for
record Questions(long endMillis) {
  private static final long HOUR_MILLIS = 3_600_000;

  /// Of series that exist nowhere.
  private static final List<String> OF_NOTHING =
      List.of(
          "vector(1)",
          "1 + 1",
          "absent(barograph_never_stored)",
          "sum by (job) (rate(barograph_never_stored{job=\"x\"}[5m])) or vector(time())");

  /// All there are: those of nothing, and of each subject beside the next.
  List<String> of(List<Subject> subjects) {
    var paths = new ArrayList<String>();
    for (String query : OF_NOTHING) {
      paths.add(instant(query, endMillis));
      paths.add(range(query, 1, 60));
    }
    for (int i = 0; i < subjects.size(); i++) {
      var subject = subjects.get(i);
      String asked = subject.selector();
      String other = subjects.get((i + 1) % subjects.size()).selector();
      String by = subject.label();
      for (String query : now(subject, asked, other, by)) {
        // The head has the newest hours, blocks have the others.
        paths.add(instant(query, endMillis));
        paths.add(instant(query, endMillis - 4 * HOUR_MILLIS));
      }
      for (String query : overTime(asked, by)) {
        paths.add(range(query, 1, 15));
        paths.add(range(query, 6, 120));
      }
      paths.addAll(labels(asked, by));
    }
    return paths;
  }

  private static List<String> now(Subject subject, String asked, String other, String by) {
    String like =
        subject.where(
            "%s=~\".*(%s|0|a|e|-).*\",%1$s=~\"[a-zA-Z0-9/].+\",%1$s!~\"2..|3..\""
                .formatted(by, head(subject)));
    String rates = "sum by (%s) (rate(%s[5m]))".formatted(by, asked);
    return List.of(
        asked,
        like,
        subject.where("%s=\"none\"".formatted(by)),
        "count by (__name__) ({__name__=~\"%s.*\",%s=\"%s\"})"
            .formatted(subject.metric().substring(0, 1), by, subject.value()),
        rates,
        "topk(5, rate(%s[5m]))".formatted(asked),
        "histogram_quantile(0.9, sum by (le, %s) (rate(%s[5m])))".formatted(by, asked),
        "sum by (%s, job) (rate(%s[5m])) / on (%1$s) group_left () %s".formatted(by, asked, rates),
        "%s * on (%s) group_left () max by (%2$s) (%s)".formatted(asked, by, other),
        "1 - %s / %1$s".formatted(asked),
        "absent(%s)".formatted(asked),
        "predict_linear(%s[1h], 3600) < 0 or %1$s * 0".formatted(asked),
        "quantile_over_time(0.9, %s[30m])".formatted(asked),
        "max_over_time(%s[30m:1m])".formatted(rates),
        "quantile by (%s) (0.9, %s)".formatted(by, asked),
        "avg by (%s) (avg_over_time(%s[2h])) > bool 1".formatted(by, asked));
  }

  private static List<String> overTime(String asked, String by) {
    String rates = "sum by (%s) (rate(%s[5m]))".formatted(by, asked);
    return List.of(
        asked,
        rates,
        "sum(irate(%s[5m]))".formatted(asked),
        "avg by (%s) (1 - %s / %2$s)".formatted(by, asked),
        "topk(5, %s)".formatted(rates),
        "max by (%s) (max_over_time(%s[10m]))".formatted(by, asked),
        "histogram_quantile(0.9, sum by (le) (rate(%s[5m])))".formatted(asked),
        "%s / %1$s".formatted(rates));
  }

  private List<String> labels(String asked, String by) {
    String span = "start=%s&end=%s".formatted(seconds(endMillis - HOUR_MILLIS), seconds(endMillis));
    String match = "&match[]=" + encoded(asked);
    String values = "/api/v1/label/%s/values?".formatted(by);
    return List.of(
        "/api/v1/labels?" + span,
        "/api/v1/labels?" + span + match,
        values + span,
        values + span + match,
        "/api/v1/label/__name__/values?limit=1000&" + span,
        "/api/v1/series?" + span + match);
  }

  /// The first letter of a value, as no expression of its own.
  private static String head(Subject subject) {
    char first = subject.value().charAt(0);
    return Character.isLetterOrDigit(first) ? String.valueOf(first) : ".";
  }

  /// Computed anew each time, as what has been computed is known.
  private static String instant(String query, long millis) {
    return "/api/v1/query?nocache=1&time=%s&query=%s".formatted(seconds(millis), encoded(query));
  }

  private String range(String query, int hours, int stepSeconds) {
    return "/api/v1/query_range?nocache=1&start=%s&end=%s&step=%d&query=%s"
        .formatted(
            seconds(endMillis - hours * HOUR_MILLIS),
            seconds(endMillis),
            stepSeconds,
            encoded(query));
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1e3);
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, UTF_8);
  }
}
