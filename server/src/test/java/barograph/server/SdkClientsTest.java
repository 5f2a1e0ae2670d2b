package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the clients that Java programs are measured with deliver is stored value by value.
class SdkClientsTest {
  private static final String FAST = "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n";

  @TempDir private Path home;

  /// The values that a query finds, each under the labels `by` in their order.
  private static Map<String, Double> values(RunningServer server, String query, String... by) {
    var found = new TreeMap<String, Double>();
    for (JsonNode series : server.query(query)) {
      var name = new StringBuilder();
      for (String label : by) {
        name.append(name.isEmpty() ? "" : " ").append(series.path("metric").path(label).asString());
      }
      found.put(name.toString(), Double.valueOf(series.path("value").path(1).asString()));
    }
    return found;
  }

  @Test
  void theOpenTelemetrySdkDeliversCountersGaugesAndBothKindsOfHistograms() throws IOException {
    RunningServer.configure(home, "");
    try (var server = RunningServer.open(home)) {
      var exporter =
          OtlpHttpMetricExporter.builder()
              .setEndpoint("http://127.0.0.1:" + server.port() + "/api/v1/otlp/v1/metrics")
              .setCompression("gzip")
              .build();
      var resource =
          Resource.create(
              Attributes.of(
                  AttributeKey.stringKey("service.name"), "cart",
                  AttributeKey.stringKey("service.instance.id"), "i-1",
                  AttributeKey.stringKey("zone"), "z"));
      var reader = PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build();
      var exponential =
          View.builder().setAggregation(Aggregation.base2ExponentialBucketHistogram()).build();
      try (var provider =
          SdkMeterProvider.builder()
              .setResource(resource)
              .registerMetricReader(reader)
              .registerView(InstrumentSelector.builder().setName("fine").build(), exponential)
              .build()) {
        measure(provider);
        assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
      }

      assertThat(values(server, "orders_total", "job", "instance", "kind"))
          .isEqualTo(Map.of("cart i-1 book", 7.0, "cart i-1 toy", 1.5));
      assertThat(values(server, "queue_length")).isEqualTo(Map.of("", -3.0));
      assertThat(values(server, "wait_seconds_bucket", "le"))
          .isEqualTo(Map.of("1", 2.0, "10", 3.0, "+Inf", 4.0));
      assertThat(values(server, "wait_seconds_sum")).isEqualTo(Map.of("", 106.25));
      assertThat(values(server, "wait_seconds_count")).isEqualTo(Map.of("", 4.0));
      assertThat(values(server, "histogram_count(fine)")).isEqualTo(Map.of("", 5.0));
      assertThat(values(server, "histogram_sum(fine)")).isEqualTo(Map.of("", 21.0));
      assertThat(values(server, "histogram_fraction(4, +Inf, fine)").get("")).isBetween(0.39, 0.41);
      assertThat(values(server, "target_info", "job", "zone")).isEqualTo(Map.of("cart z", 1.0));
    }
  }

  private static void measure(SdkMeterProvider provider) {
    var meter = provider.get("shop");
    var kind = AttributeKey.stringKey("kind");
    var orders = meter.counterBuilder("orders").ofDoubles().build();
    orders.add(5, Attributes.of(kind, "book"));
    orders.add(2, Attributes.of(kind, "book"));
    orders.add(1.5, Attributes.of(kind, "toy"));
    meter.gaugeBuilder("queue.length").ofLongs().build().set(-3);
    var wait =
        meter
            .histogramBuilder("wait")
            .setUnit("s")
            .setExplicitBucketBoundariesAdvice(List.of(1.0, 10.0))
            .build();
    for (double seconds : new double[] {0.25, 1, 5, 100}) {
      wait.record(seconds);
    }
    var fine = meter.histogramBuilder("fine").build();
    for (double value : new double[] {1, 2, 3, 5, 10}) {
      fine.record(value);
    }
  }

  @Test
  void micrometersPageIsScraped() throws IOException {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.counter("jobs.done", "queue", "a \"b\"\\").increment(12.5);
    registry.gauge("pool.size", 42);
    Timer timer =
        Timer.builder("http.time")
            .serviceLevelObjectives(Duration.ofMillis(100))
            .register(registry);
    timer.record(Duration.ofMillis(50));
    timer.record(Duration.ofMillis(2_500));
    var page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    page.createContext(
        "/metrics",
        exchange -> {
          String accept = exchange.getRequestHeaders().getFirst("Accept");
          byte[] body = registry.scrape(accept).getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .set("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    page.start();
    RunningServer.configure(
        home,
        FAST
            + """
            scrape_configs:
              - job_name: shop
                scrape_protocols: [OpenMetricsText1.0.0]
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(page.getAddress().getPort()));
    try (var server = RunningServer.open(home)) {
      RunningServer.eventually(
          "the page", () -> server.query("jobs_done_total"), result -> result.size() == 1);
      assertThat(values(server, "jobs_done_total", "queue")).isEqualTo(Map.of("a \"b\"\\", 12.5));
      assertThat(values(server, "pool_size")).isEqualTo(Map.of("", 42.0));
      assertThat(values(server, "http_time_seconds_bucket", "le"))
          .isEqualTo(Map.of("0.1", 1.0, "+Inf", 2.0));
      assertThat(values(server, "http_time_seconds_sum")).isEqualTo(Map.of("", 2.55));
      assertThat(values(server, "http_time_seconds_count")).isEqualTo(Map.of("", 2.0));
      assertThat(values(server, "http_time_seconds_max")).isEqualTo(Map.of("", 2.5));
    } finally {
      page.stop(0);
      registry.close();
    }
  }

  @Test
  void aPushgatewayClientLeavesWhatItMeasured() throws IOException {
    RunningServer.configure(home, FAST);
    var registry = new PrometheusRegistry();
    Counter.builder()
        .withoutExemplars()
        .name("files_total")
        .labelNames("kind")
        .register(registry)
        .labelValues("é")
        .inc(3);
    var size =
        Histogram.builder()
            .withoutExemplars()
            .name("size_bytes")
            .classicUpperBounds(10, 100)
            .register(registry);
    for (double bytes : new double[] {5, 50, 500}) {
      size.observe(bytes);
    }
    try (var server = RunningServer.open(home)) {
      var client =
          PushGateway.builder()
              .address("127.0.0.1:" + server.port())
              .registry(registry)
              .job("backup")
              .groupingKey("zone", "a/b")
              .build();
      client.push();
      for (String one : List.of("files_total", sizes("count"), sizes("sum"))) {
        RunningServer.eventually("a visit", () -> server.query(one), result -> result.size() == 1);
      }
      assertThat(values(server, "files_total", "job", "zone", "kind"))
          .isEqualTo(Map.of("backup a/b é", 3.0));
      assertThat(values(server, sizes("count"))).isEqualTo(Map.of("", 3.0));
      assertThat(values(server, sizes("sum"))).isEqualTo(Map.of("", 555.0));
      client.delete();
      RunningServer.eventually(
          "none left", () -> server.query("files_total"), result -> result.isEmpty());
    }
  }

  /// Of the histogram that clients send in one form or the other.
  private static String sizes(String part) {
    return "histogram_%1$s(size_bytes) or size_bytes_%1$s".formatted(part);
  }
}
