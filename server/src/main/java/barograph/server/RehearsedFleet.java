package barograph.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A small fleet that a [Rehearsal] stores and asks of what dashboards ask: gauges, counters and
/// buckets of a few jobs over some hours.
record RehearsedFleet(long endMillis) {
  private static final long INTERVAL_MILLIS = 30_000;
  private static final long HOUR_MILLIS = 3_600_000;

  /// Fewer than after which the head is cut, which refuses what is older.
  private static final int HOURS = 2;

  private static final int PODS = 40;
  private static final List<String> BOUNDS =
      List.of("0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "+Inf");

  /// Asked at the end of the samples, of few of them.
  private static final List<String> BRIEF =
      List.of(
          "rehearsed_load",
          "rehearsed_load{pod=~\"pod-1.+\"}",
          "topk(5, rate(rehearsed_requests_total{status=\"200\"}[5m]))",
          "rehearsed_requests_total{path=~\"/api/v[12]/.+\",status!~\"2..|3..\"}",
          "rehearsed_load * on (pod) group_left (job) rehearsed_memory > 1",
          "1 - rehearsed_memory / rehearsed_load",
          "absent(rehearsed_load{job=\"none\"}) or vector(1)",
          "predict_linear(rehearsed_load[1h], 3600) < 0 unless rehearsed_memory",
          "quantile by (job) (0.9, rehearsed_memory)",
          "avg by (job) (avg_over_time(rehearsed_load[2h]))");

  /// Asked at the end of the samples, of many of them.
  private static final List<String> INSTANT =
      List.of(
          "count by (__name__) ({__name__=~\"rehearsed_.+\"})",
          "sum by (job) (rate(rehearsed_requests_total[5m]))",
          "sum by (le) (rate(rehearsed_seconds_bucket[5m]))",
          "histogram_quantile(0.9, sum by (le, job) (rate(rehearsed_seconds_bucket[5m])))",
          "sum by (pod, job) (rate(rehearsed_requests_total[5m])) / on (pod) group_left ()"
              + " sum by (pod) (rate(rehearsed_requests_total[5m]))",
          "quantile_over_time(0.9, rehearsed_load[1h])",
          "max_over_time(sum by (job) (rate(rehearsed_requests_total[5m]))[30m:1m])");

  /// Asked over the last hours by minutes.
  private static final List<String> RANGE =
      List.of(
          "rehearsed_load",
          "sum by (job) (rate(rehearsed_requests_total[5m]))",
          "histogram_quantile(0.99, sum by (le, job) (rate(rehearsed_seconds_bucket[5m])))",
          "avg by (job) (1 - rehearsed_memory / rehearsed_load)",
          "topk(5, sum by (pod) (irate(rehearsed_requests_total[5m])))",
          "max by (job) (max_over_time(rehearsed_load[10m]))",
          "sum by (job) (increase(rehearsed_requests_total{status=~\"5..\"}[5m]))"
              + " / sum by (job) (increase(rehearsed_requests_total[5m]))",
          "count({__name__=~\"rehearsed_.+\"})");

  /// What there is, without a query.
  private static final List<String> FOUND =
      List.of(
          "/api/v1/labels",
          "/api/v1/label/job/values",
          "/api/v1/label/__name__/values",
          "/api/v1/label/pod/values?match[]=rehearsed_load",
          "/api/v1/series?match[]=rehearsed_load");

  /// The samples, as bodies of JSON lines, each of half an hour.
  List<String> bodies() {
    var bodies = new ArrayList<String>();
    long start = endMillis - HOURS * HOUR_MILLIS;
    for (long from = start; from < endMillis; from += HOUR_MILLIS / 2) {
      var body = new StringBuilder();
      for (int pod = 0; pod < PODS; pod++) {
        addPod(body, pod, start, from);
      }
      bodies.add(body.toString());
    }
    return bodies;
  }

  private static void addPod(StringBuilder body, int pod, long start, long from) {
    String labels = "\"job\":\"job-%d\",\"pod\":\"pod-%d\"".formatted(pod % 4, pod);
    add(body, "load", labels, from, at -> 1 + (at / 7919 * (pod + 3) % 997) / 100.0);
    add(body, "memory", labels, from, at -> 1e9 + (at / 30_011 * (pod + 1) % 4093) * 4096.0);
    for (String status : List.of("200", "302", "500")) {
      add(
          body,
          "requests_total",
          labels + ",\"path\":\"/api/v%d/users\",\"status\":\"%s\"".formatted(pod % 3, status),
          from,
          at -> Math.floorDiv((at - start) / 1_000 * (pod + 1), (long) status.charAt(0)));
    }
    for (int bound = 0; bound < BOUNDS.size(); bound++) {
      int share = bound + 1;
      add(
          body,
          "seconds_bucket",
          labels + ",\"le\":\"%s\"".formatted(BOUNDS.get(bound)),
          from,
          at -> Math.floorDiv((at - start) / 10_000 * share * (pod + 1), 7L));
    }
  }

  /// What a series has at a time.
  @FunctionalInterface
  private interface Curve {
    double at(long millis);
  }

  private static void add(StringBuilder body, String name, String labels, long from, Curve curve) {
    body.append("{\"metric\":{\"__name__\":\"rehearsed_").append(name).append("\",");
    body.append(labels).append("},\"values\":[");
    long until = from + HOUR_MILLIS / 2;
    for (long at = from; at < until; at += INTERVAL_MILLIS) {
      body.append(at == from ? "" : ",").append(curve.at(at));
    }
    body.append("],\"timestamps\":[");
    for (long at = from; at < until; at += INTERVAL_MILLIS) {
      body.append(at == from ? "" : ",").append(at);
    }
    body.append("]}\n");
  }

  /// The paths of all that is asked.
  List<String> questions() {
    var paths = new ArrayList<>(briefQuestions());
    paths.add("/metrics");
    INSTANT.forEach(query -> paths.add(instant(query)));
    for (String query : RANGE) {
      for (int hours : List.of(1, HOURS)) {
        paths.add(
            "/api/v1/query_range?start=%s&end=%s&step=60&query=%s"
                .formatted(
                    seconds(endMillis - hours * HOUR_MILLIS), seconds(endMillis), encoded(query)));
      }
    }
    return paths;
  }

  /// The paths of what is answered in a moment.
  List<String> briefQuestions() {
    var paths = new ArrayList<>(FOUND);
    BRIEF.forEach(query -> paths.add(instant(query)));
    return paths;
  }

  private String instant(String query) {
    return "/api/v1/query?time=%s&query=%s".formatted(seconds(endMillis), encoded(query));
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1e3);
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }
}
