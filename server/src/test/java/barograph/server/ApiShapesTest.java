package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.encoded;
import static barograph.server.RunningServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Every endpoint answers in the form that Prometheus's clients expect.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiShapesTest {
  private static final String SUCCESS = "{\"status\":\"success\",\"data\":%s}";

  private final long now = System.currentTimeMillis() / 1000;
  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    configure(
        home,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: barograph
            static_configs:
              - targets: ["localhost:9090"]
              - targets: ["unwanted:1"]
                labels: {drop: "yes"}
            relabel_configs:
              - {source_labels: [drop], regex: "yes", action: drop}
            basic_auth: {username: u, password: open sesame}
        """);
    Files.writeString(
        home.resolve("config").resolve("rules.yml"),
        """
        groups:
          - name: shapes
            rules:
              - {alert: Never, expr: vector(0) > 1, for: 5m, labels: {a: b}, annotations: {c: "<d>"}}
              - {record: "one:two", expr: vector(1)}
        """);
    server = RunningServer.open(home);
    for (int i = 0; i < 3; i++) {
      var request = new PushedRequest();
      for (String host : List.of("a", "b")) {
        request.series(
            Map.of("__name__", "m", "host", host), (now - 20 + 10L * i) * 1000 + 70, i + 1);
      }
      assertThat(server.write(request.snappy(), "application/x-protobuf", "snappy").statusCode())
          .isEqualTo(204);
    }
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String body(String path) {
    var answer = server.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    return answer.body();
  }

  private String query(String expression, String time) {
    return body("/api/v1/query?time=%s&query=%s".formatted(time, encoded(expression)));
  }

  private static List<String> names(JsonNode object) {
    return List.copyOf(object.propertyNames());
  }

  @Test
  void aVectorHasAValueForEachSeries() {
    assertThat(query("m{host=\"a\"}", now + ".5"))
        .isEqualTo(
            SUCCESS.formatted(
                "{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"__name__\":\"m\",\"host\":\"a\"},\"value\":[%d.500,\"3\"]}]}"
                    .formatted(now)));
    assertThat(query("nothing", "1"))
        .isEqualTo(SUCCESS.formatted("{\"resultType\":\"vector\",\"result\":[]}"));
  }

  @Test
  void aRangeVectorHasTheSamplesAsTheyWereStored() {
    assertThat(query("m{host=\"a\"}[15s]", now + ".5"))
        .isEqualTo(
            SUCCESS.formatted(
                "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"m\",\"host\":\"a\"},\"values\":[[%d.070,\"2\"],[%d.070,\"3\"]]}]}"
                    .formatted(now - 10, now)));
  }

  @Test
  void aScalarAndAStringStandBesideAPlainTime() {
    assertThat(query("1e21", "1.07"))
        .isEqualTo(
            SUCCESS.formatted(
                "{\"resultType\":\"scalar\",\"result\":[1.07,\"1000000000000000000000\"]}"));
    assertThat(query("\"a<b\"", "1.5"))
        .isEqualTo(SUCCESS.formatted("{\"resultType\":\"string\",\"result\":[1.5,\"a\\u003cb\"]}"));
  }

  @Test
  void aRangeQueryAnswersAMatrix() {
    String question = "query=1&start=0&end=20&step=10s";
    String answer =
        SUCCESS.formatted(
            "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[0,\"1\"],[10,\"1\"],[20,\"1\"]]}]}");
    assertThat(body("/api/v1/query_range?" + question)).isEqualTo(answer);
    assertThat(server.post("/api/v1/query_range", question).body()).isEqualTo(answer);
  }

  @Test
  void aQueryIsFormattedWithoutBeingRun() {
    assertThat(body("/api/v1/format_query?query=" + encoded("sum(foo)by(a)/ on( b ) bar")))
        .isEqualTo(SUCCESS.formatted("\"sum by (a) (foo) / on (b) bar\""));
    assertThat(server.get("/api/v1/format_query?query=sum(").body())
        .contains(
            "\"errorType\":\"bad_data\"", "invalid parameter \\\"query\\\": 1:5: parse error");
  }

  @Test
  void aQueryIsShownAsATree() {
    assertThat(body("/api/v1/parse_query?query=" + encoded("rate(m{a!=\"b\"}[5m] offset 1m) > 1")))
        .isEqualTo(
            SUCCESS.formatted(
                """
                {"bool":false,"lhs":{"args":[{"anchored":false,"matchers":[\
                {"name":"a","type":"!=","value":"b"},{"name":"__name__","type":"=","value":"m"}],\
                "name":"m","offset":60000,"offsetExpr":null,"range":300000,"rangeExpr":null,\
                "smoothed":false,"startOrEnd":null,"timestamp":null,"type":"matrixSelector"}],\
                "func":{"argTypes":["matrix"],"name":"rate","returnType":"vector","variadic":0},\
                "type":"call"},"matching":null,"op":"\\u003e",\
                "rhs":{"type":"numberLiteral","val":"1"},"type":"binaryExpr"}\
                """));
  }

  @Test
  void theTreeOfALongChainIsShownToo() {
    var answer = server.post("/api/v1/parse_query", "query=" + encoded("1" + "+1".repeat(5_000)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().split("binaryExpr", -1)).hasSize(5_001);
  }

  @Test
  void notesOfAQueryStandBesideItsData() {
    var answer = server.json("/api/v1/query?query=" + encoded("rate(m[1m])"));
    assertThat(names(answer)).containsExactly("status", "data", "infos");
    assertThat(answer.path("infos").get(0).stringValue())
        .isEqualTo(
            "PromQL info: metric might not be a counter, name does not end in"
                + " _total/_sum/_count/_bucket: \"m\" (1:6)");
  }

  @Test
  void statisticsAreGivenWhenAskedFor() {
    var stats = server.data("/api/v1/query?stats=true&query=m").path("stats");
    assertThat(names(stats.path("timings")))
        .containsExactly(
            "evalTotalTime",
            "resultSortTime",
            "queryPreparationTime",
            "innerEvalTime",
            "execQueueTime",
            "execTotalTime");
    assertThat(names(stats.path("samples")))
        .containsExactly("totalQueryableSamples", "samplesRead", "peakSamples");
  }

  @Test
  void aQueryIsExplainedByItsOperators() {
    var instant = server.data("/api/v1/explain?query=" + encoded("sum(m)"));
    assertThat(names(instant))
        .containsExactly(
            "operators",
            "series",
            "samplesRead",
            "totalQueryableSamples",
            "peakSamples",
            "peakBytes",
            "ms");
    var sum = instant.path("operators").path(0);
    assertThat(names(sum))
        .containsExactly("operator", "detail", "series", "points", "samples", "ms", "inner");
    assertThat(sum.path("operator").stringValue()).isEqualTo("aggregate");
    var fetch = sum.path("inner").path(0);
    assertThat(fetch.path("operator").stringValue()).isEqualTo("fetch");
    assertThat(fetch.path("series").asInt()).isEqualTo(2);
    String range = "&start=%d&end=%d&step=10".formatted(now - 20, now);
    var steps = server.data("/api/v1/explain?query=m" + range);
    assertThat(steps.path("operators").path(0).path("points").asInt()).isGreaterThan(2);
    assertThat(server.get("/api/v1/explain?query=%28").statusCode()).isEqualTo(400);
  }

  @Test
  void seriesAndLabelsAreListed() {
    String selector = "match%5B%5D=m";
    assertThat(body("/api/v1/labels?" + selector))
        .isEqualTo(SUCCESS.formatted("[\"__name__\",\"host\"]"));
    assertThat(server.post("/api/v1/labels", selector).body())
        .isEqualTo(SUCCESS.formatted("[\"__name__\",\"host\"]"));
    assertThat(body("/api/v1/label/host/values?" + selector))
        .isEqualTo(SUCCESS.formatted("[\"a\",\"b\"]"));
    assertThat(body("/api/v1/label/absent/values")).isEqualTo(SUCCESS.formatted("[]"));
    assertThat(body("/api/v1/series?" + selector + "&" + selector))
        .isEqualTo(
            SUCCESS.formatted(
                "[{\"__name__\":\"m\",\"host\":\"a\"},{\"__name__\":\"m\",\"host\":\"b\"}]"));
    assertThat(body("/api/v1/label/host/values?limit=1&" + selector))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":[\"a\"],\"warnings\":[\"results truncated due to"
                + " limit\"]}");
  }

  @Test
  void targetsAreShownWithTheirLabels() {
    var active =
        eventually(
            "a scrape",
            () -> server.data("/api/v1/targets").path("activeTargets").path(0),
            target -> target.path("health").asString("").equals("up"));
    assertThat(names(active))
        .containsExactly(
            "discoveredLabels",
            "labels",
            "scrapePool",
            "scrapeUrl",
            "globalUrl",
            "lastError",
            "lastScrape",
            "lastScrapeDuration",
            "health",
            "scrapeInterval",
            "scrapeTimeout");
    assertThat(active.path("scrapeInterval").stringValue()).isEqualTo("1s");
    assertThat(active.path("lastScrape").stringValue())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    assertThat(names(active.path("labels"))).containsExactly("instance", "job");
    var targets = server.data("/api/v1/targets");
    assertThat(names(targets))
        .containsExactly("activeTargets", "droppedTargets", "droppedTargetCounts");
    assertThat(targets.path("droppedTargetCounts").toString()).isEqualTo("{\"barograph\":1}");
    var dropped = server.data("/api/v1/targets?state=dropped");
    assertThat(dropped.path("activeTargets")).isEmpty();
    assertThat(names(dropped.path("droppedTargets").get(0)))
        .containsExactly("discoveredLabels", "scrapePool");
    assertThat(server.data("/api/v1/targets?state=active").path("droppedTargetCounts").isNull())
        .isTrue();
    assertThat(body("/api/v1/scrape_pools"))
        .isEqualTo(SUCCESS.formatted("{\"scrapePools\":[\"barograph\"]}"));
    var metadata = server.data("/api/v1/metadata?metric=process_start_time_seconds");
    assertThat(names(metadata)).containsExactly("process_start_time_seconds");
    assertThat(names(metadata.path("process_start_time_seconds").get(0)))
        .containsExactly("type", "unit", "help");
  }

  @Test
  void rulesAreShownAsTheyAreEvaluated() {
    var group =
        eventually(
            "an evaluation",
            () -> server.data("/api/v1/rules").path("groups").path(0),
            g -> g.path("rules").path(1).path("health").asString("").equals("ok"));
    assertThat(names(group))
        .containsExactly(
            "name", "file", "rules", "interval", "limit", "evaluationTime", "lastEvaluation");
    var alert = group.path("rules").get(0);
    assertThat(names(alert))
        .containsExactly(
            "state",
            "name",
            "query",
            "duration",
            "keepFiringFor",
            "labels",
            "annotations",
            "alerts",
            "health",
            "evaluationTime",
            "lastEvaluation",
            "type");
    assertThat(alert.path("duration").asInt()).isEqualTo(300);
    assertThat(alert.path("type").stringValue()).isEqualTo("alerting");
    assertThat(names(group.path("rules").get(1)))
        .containsExactly(
            "name", "query", "labels", "health", "evaluationTime", "lastEvaluation", "type");
    assertThat(body("/api/v1/rules"))
        .contains("\"query\":\"vector(0) \\u003e 1\"", "\"annotations\":{\"c\":\"<d>\"}");
    var recording = server.data("/api/v1/rules?type=record").path("groups").get(0).path("rules");
    assertThat(recording).hasSize(1);
    assertThat(body("/api/v1/alerts")).isEqualTo(SUCCESS.formatted("{\"alerts\":[]}"));
  }

  @Test
  void metricsThatNobodyAsksForAreTold() {
    server.query("count(up)");
    var usage = server.data("/api/v1/status/metric_usage");
    assertThat(names(usage)).containsExactly("since", "metrics");
    for (var metric : usage.path("metrics")) {
      if (metric.path("metric").stringValue().equals("up")) {
        assertThat(names(metric)).containsExactly("metric", "series", "queries", "lastQuery");
      }
    }
    for (var metric : server.data("/api/v1/status/metric_usage?unqueried=true").path("metrics")) {
      assertThat(metric.path("queries").asInt()).isZero();
      assertThat(metric.path("metric").stringValue()).isNotEqualTo("up");
    }
  }

  @Test
  void theStatusPagesSayWhatRuns() {
    assertThat(names(server.data("/api/v1/status/buildinfo")))
        .contains("version", "revision", "branch", "buildUser", "buildDate", "goVersion");
    assertThat(server.data("/api/v1/status/buildinfo").path("version").stringValue())
        .startsWith("3.");
    assertThat(server.data("/api/v1/status/flags").path("query.timeout").stringValue())
        .isEqualTo("2m");
    assertThat(server.data("/api/v1/status/config").path("yaml").stringValue())
        .contains("job_name: barograph", "<secret>")
        .doesNotContain("open sesame");
    assertThat(names(server.data("/api/v1/status/runtimeinfo")))
        .containsExactly(
            "startTime",
            "CWD",
            "hostname",
            "serverTime",
            "reloadConfigSuccess",
            "lastConfigTime",
            "corruptionCount",
            "goroutineCount",
            "GOMAXPROCS",
            "GOMEMLIMIT",
            "GOGC",
            "GODEBUG",
            "storageRetention");
    assertThat(server.data("/api/v1/status/runtimeinfo").path("storageRetention").stringValue())
        .isEqualTo("15d");
    var tsdb = server.data("/api/v1/status/tsdb");
    assertThat(names(tsdb))
        .containsExactly(
            "headStats",
            "seriesCountByMetricName",
            "labelValueCountByLabelName",
            "memoryInBytesByLabelName",
            "seriesCountByLabelValuePair",
            "seriesCountByJob",
            "seriesCountByTarget");
    assertThat(names(tsdb.path("headStats")))
        .containsExactly("numSeries", "numLabelPairs", "chunkCount", "minTime", "maxTime");
    assertThat(tsdb.path("seriesCountByMetricName").size()).isLessThanOrEqualTo(10);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/v1/query?query=            | 400 | bad_data | invalid parameter \"query\": unknown"
            + " position: parse error: no expression found in input",
        "/api/v1/query?query=1&time=soon | 400 | bad_data | invalid parameter \"time\": cannot"
            + " parse \"soon\" to a valid timestamp",
        "/api/v1/query_range?query=1&start=5&end=4&step=1 | 400 | bad_data | invalid parameter"
            + " \"end\": end timestamp must not be before start time",
        "/api/v1/query_range?query=1&start=4&end=5&step=0 | 400 | bad_data | invalid parameter"
            + " \"step\": zero or negative query resolution step widths are not accepted. Try a"
            + " positive integer",
        "/api/v1/query_range?query=1&start=0&end=11001&step=1 | 400 | bad_data | exceeded maximum"
            + " resolution of 11,000 points per timeseries. Try decreasing the query resolution"
            + " (?step=XX)",
        "/api/v1/query_range?query=1&start=-9e15&end=9e15&step=1 | 400 | bad_data | exceeded"
            + " maximum resolution of 11,000 points per timeseries. Try decreasing the query"
            + " resolution (?step=XX)",
        "/api/v1/query_range?query=1&start=-292273086-05-16T16:47:06Z&end=292309154-08-11T07:12:54.999999999Z&step=100y"
            + " | 400 | bad_data | exceeded maximum resolution of 11,000 points per timeseries. Try"
            + " decreasing the query resolution (?step=XX)",
        "/api/v1/query_range?query=m[1m]&start=0&end=1&step=1 | 400 | bad_data | invalid parameter"
            + " \"query\": invalid expression type \"range vector\" for range query, must be Scalar"
            + " or instant Vector",
        "/api/v1/series                  | 400 | bad_data | no match[] parameter provided",
        "/api/v1/status/tsdb?limit=0     | 400 | bad_data | limit must be a positive number",
        "/api/v1/query?query=1&lookback_delta=x | 400 | bad_data | error parsing lookback delta"
            + " duration: cannot parse \"x\" to a valid duration",
      })
  void aWrongQuestionIsAnsweredInPrometheusWords(
      String path, int status, String type, String message) {
    var answer = server.get(path.replace("[", "%5B").replace("]", "%5D"));
    assertThat(answer.statusCode()).isEqualTo(status);
    var error = server.json(path.replace("[", "%5B").replace("]", "%5D"));
    assertThat(names(error)).containsExactly("status", "errorType", "error");
    assertThat(error.path("status").stringValue()).isEqualTo("error");
    assertThat(error.path("errorType").stringValue()).isEqualTo(type);
    assertThat(error.path("error").stringValue()).isEqualTo(message);
  }

  @Test
  void whatFailsWhileItIsEvaluatedIsUnprocessable() {
    String path = "/api/v1/query?query=" + encoded("m + on() m");
    assertThat(server.get(path).statusCode()).isEqualTo(422);
    assertThat(server.json(path).path("errorType").stringValue()).isEqualTo("execution");
    assertThat(server.json(path).path("error").stringValue()).contains("duplicate series");
  }

  @Test
  void whatIsSwitchedOffSaysSo() {
    for (String order :
        List.of("compact", "delete_series", "clean_tombstones", "snapshot", "forget_damage")) {
      var admin = server.post("/api/v1/admin/tsdb/" + order, "");
      assertThat(admin.statusCode()).isEqualTo(500);
      assertThat(admin.body()).contains("\"errorType\":\"unavailable\"", "admin APIs disabled");
    }
    assertThat(server.post("/-/reload", "").statusCode()).isEqualTo(403);
    assertThat(server.post("/-/quit", "").statusCode()).isEqualTo(403);
    assertThat(server.get("/-/reload").statusCode()).isEqualTo(405);
    assertThat(server.get("/api/v1/nothing").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"/-/healthy", "/metrics", "/metrics/host", "/", "/query"})
  void whoRunsItCanLookAtIt(String path) {
    assertThat(server.get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void itIsReadyOnceItHasPractised() {
    RunningServer.eventually(
        "readiness", () -> server.get("/-/ready").statusCode(), status -> status == 200);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"/ui/", "/ui/assets", "/ui/assets/", "/ui/none.js", "/ui/%2e%2e/x.js", "/nothing"})
  void whatIsNoFileOfTheConsoleIsNotFound(String path) {
    assertThat(server.get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest(name = "quantile {0}")
  @ValueSource(strings = {"0.01", "0.05", "0.5", "0.9", "0.99"})
  void theTimeThatMakingTargetsTakesHasQuantiles(String quantile) {
    String start =
        "prometheus_target_sync_length_seconds{scrape_job=\"barograph\",quantile=\"%s\"} "
            .formatted(quantile);
    assertThat(server.get("/metrics").body()).contains("\n" + start).doesNotContain(start + "NaN");
  }

  @ParameterizedTest(name = "prometheus_{0}")
  @ValueSource(
      strings = {
        "sd_discovered_targets gauge",
        "sd_kubernetes_failures_total counter",
        "sd_refresh_failures_total counter",
        "sd_refresh_duration_seconds summary",
        "target_interval_length_seconds summary",
        "target_metadata_cache_entries gauge",
        "target_scrape_pool_exceeded_label_limits_total counter",
        "target_scrape_pool_exceeded_target_limit_total counter",
        "target_scrape_pool_sync_total counter",
        "target_scrape_pool_target_limit gauge",
        "target_scrape_pool_targets gauge",
        "target_scrapes_exceeded_body_size_limit_total counter",
        "target_scrapes_exceeded_native_histogram_bucket_limit_total counter",
        "target_scrapes_exceeded_sample_limit_total counter",
        "target_scrapes_sample_duplicate_timestamp_total counter",
        "target_scrapes_sample_out_of_bounds_total counter",
        "target_scrapes_sample_out_of_order_total counter",
        "target_sync_failed_total counter",
        "target_sync_length_seconds summary"
      })
  void dashboardsOfPrometheusFindTheirFiguresOfTargets(String family) {
    assertThat(server.get("/metrics").body()).contains("\n# TYPE prometheus_" + family + "\n");
  }

  @Test
  void ownFiguresAreTextForScrapers() {
    var page = server.get("/metrics");
    assertThat(page.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(page.body())
        .contains("# TYPE ")
        .contains("prometheus_tsdb_head_series ")
        .endsWith("\n");
    assertThat(server.get("/metrics/host").body()).contains("node_cpu_seconds_total{");
  }
}
