package barograph.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.otlp.OtlpSettings.Strategy;
import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.wire.ProtoWriter;
import barograph.storage.model.MetricMetadata;
import barograph.storage.testkit.NaiveStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpReceiverTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final long SECOND = 1_000_000_000L;

  private final NaiveStore store = new NaiveStore();

  @Test
  void turnsEveryKindOfMetricIntoSeries() {
    assertThat(push(OtlpSettings.DEFAULT, everything().toBytes()))
        .isEqualTo(new PushAnswer(204, "", 12, 1, 2, 0));
    assertThat(store.lines())
        .containsExactlyInAnyOrder(
            "http_requests_total{instance=\"i-1\", job=\"shop/cart\", method=\"GET\"} 1000 7.0",
            "latency_seconds{instance=\"i-1\", job=\"shop/cart\"} 1000 {count 6 sum 9.5"
                + " (4023000000000000) zero 1 buckets 2 3; schema 1 zero 1.0E-128 positive [0+1"
                + " 1+1] negative [], UNKNOWN}",
            "queue_size_bytes_bucket{instance=\"i-1\", job=\"shop/cart\", le=\"+Inf\"} 1000 6.0",
            "queue_size_bytes_bucket{instance=\"i-1\", job=\"shop/cart\", le=\"0.5\"} 1000 1.0",
            "queue_size_bytes_bucket{instance=\"i-1\", job=\"shop/cart\", le=\"10\"} 1000 3.0",
            "queue_size_bytes_count{instance=\"i-1\", job=\"shop/cart\"} 1000 6.0",
            "queue_size_bytes_sum{instance=\"i-1\", job=\"shop/cart\"} 1000 55.0",
            "rpc_count{instance=\"i-1\", job=\"shop/cart\"} 1000 2.0",
            "rpc_sum{instance=\"i-1\", job=\"shop/cart\"} 1000 3.0",
            "rpc{instance=\"i-1\", job=\"shop/cart\", quantile=\"0.99\"} 1000 1.5",
            "target_info{host_name=\"h\", instance=\"i-1\", job=\"shop/cart\"} 1000 1.0",
            "temperature_celsius{instance=\"i-1\", job=\"shop/cart\", key_2nd=\"x\"} 1000 21.5",
            "temperature_celsius{gone=\"true\", instance=\"i-1\", job=\"shop/cart\"} 1000 stale");
    assertThat(store.metadata())
        .containsEntry(
            "http_requests_total", new MetricMetadata(MetricMetadata.Type.COUNTER, "Help.", ""))
        .containsEntry(
            "queue_size_bytes", new MetricMetadata(MetricMetadata.Type.HISTOGRAM, "", "bytes"));
  }

  @Test
  void storesAZeroWhereCountingBeganIfThatIsWanted() {
    var receiver =
        new OtlpReceiver(new PushedWrites(store, PushLimits.DEFAULT, true), OtlpSettings.DEFAULT);
    for (long time = 400; time <= 402; time++) {
      var metrics =
          new ProtoWriter()
              .message(2, sum("counted", 100 * SECOND, time, 1))
              .message(2, sum("long", 99 * SECOND, time, 1))
              .message(2, sum("measured", 100 * SECOND, time, 0));
      var body =
          new ProtoWriter()
              .message(1, new ProtoWriter().message(1, new ProtoWriter()).message(2, metrics));
      assertThat(receiver.accept(PROTOBUF, "", ByteBuffer.wrap(body.toBytes())).join().refused())
          .isZero();
    }
    assertThat(store.lines())
        .containsExactlyInAnyOrder(
            "counted_total 100000 0.0",
            "counted_total 400000 7.0",
            "counted_total 401000 7.0",
            "counted_total 402000 7.0",
            "long_total 400000 7.0",
            "long_total 401000 7.0",
            "long_total 402000 7.0",
            "measured 400000 7.0",
            "measured 401000 7.0",
            "measured 402000 7.0");
  }

  private static ProtoWriter sum(String name, long startNanos, long seconds, int monotonic) {
    var point = new ProtoWriter().fixed64(2, startNanos).fixed64(3, seconds * SECOND).fixed64(6, 7);
    return new ProtoWriter()
        .text(1, name)
        .message(7, new ProtoWriter().message(1, point).varint(2, 2).varint(3, monotonic));
  }

  @Test
  void readsJsonAsTheProtobufThatItStandsFor() {
    String json =
        """
        {"resourceMetrics": [{"resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "cart"}},
            {"key": "n", "value": {"intValue": "3"}}]},
          "scopeMetrics": [{"scope": {"name": "s", "unknown": [{}]}, "metrics": [
            {"name": "c", "unit": "1", "sum": {"isMonotonic": true, "aggregationTemporality": 2,
              "dataPoints": [{"timeUnixNano": "1000000000", "asInt": "7", "exemplars": [
                {"traceId": "0a0b", "spanId": "", "asDouble": 1.5, "timeUnixNano": 900000000}]}]}},
            {"name": "h", "histogram": {"aggregationTemporality": "AGGREGATION_TEMPORALITY_CUMULATIVE",
              "dataPoints": [{"timeUnixNano": 1000000000, "count": "3", "sum": "NaN",
                "bucketCounts": ["1", 2], "explicitBounds": [1.5]}]}},
            {"name": "e", "exponentialHistogram": {"aggregationTemporality": 2,
              "dataPoints": [{"timeUnixNano": 1000000000, "count": 3, "sum": 1, "scale": -1,
                "positive": {"offset": -2, "bucketCounts": ["3"]}}]}}]}]}]}
        """;
    assertThat(
            receiver(OtlpSettings.DEFAULT)
                .accept(
                    "application/json; charset=utf-8",
                    "",
                    ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)))
                .join())
        .isEqualTo(new PushAnswer(204, "", 6, 1, 1, 0));
    assertThat(store.lines())
        .containsExactly(
            "c_total{job=\"cart\"} 1000 7.0",
            "e{job=\"cart\"} 1000 {count 3 sum 1.0 (3ff0000000000000) zero 0 buckets 3; schema -1"
                + " zero 1.0E-128 positive [-1+1] negative [], UNKNOWN}",
            "h_bucket{job=\"cart\", le=\"+Inf\"} 1000 3.0",
            "h_bucket{job=\"cart\", le=\"1.5\"} 1000 1.0",
            "h_count{job=\"cart\"} 1000 3.0",
            "h_sum{job=\"cart\"} 1000 NaN",
            "target_info{job=\"cart\", n=\"3\"} 1000 1.0");
  }

  @Test
  void refusesDifferencesUnlessTheyAreWanted() {
    byte[] delta =
        request(
                new ProtoWriter()
                    .text(1, "d")
                    .message(7, new ProtoWriter().message(1, number(3)).varint(2, 1).varint(3, 1)))
            .toBytes();
    PushAnswer refused = push(OtlpSettings.DEFAULT, delta);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message())
        .contains("1 of 1", "invalid temporality and type combination for metric \"d\"");
    assertThat(store.lines()).isEmpty();

    var wanting =
        new OtlpSettings(
            Strategy.UNDERSCORES_WITH_SUFFIXES,
            false,
            Set.of(),
            Set.of(),
            false,
            false,
            false,
            true);
    assertThat(push(wanting, delta).status()).isEqualTo(204);
    assertThat(store.lines()).containsExactly("d_total 1000 3.0");
  }

  @Test
  void promotesAttributesOfResourcesAndScopesAsConfigured() {
    var settings =
        new OtlpSettings(
            Strategy.AS_SENT, true, Set.of(), Set.of("host.name"), true, true, true, false);
    assertThat(push(settings, everything().toBytes()).status()).isEqualTo(204);
    assertThat(store.lines())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith(
                    "http.requests{instance=\"i-1\", job=\"shop/cart\", method=\"GET\","
                        + " otel_scope_name=\"lib\", otel_scope_version=\"1\","
                        + " service.instance.id=\"i-1\", service.name=\"cart\","
                        + " service.namespace=\"shop\"}"))
        .anySatisfy(line ->
            assertThat(line).contains("queue.size{", "schema -53 bounds [0.5, 10.0] buckets [0+3]"))
        .anySatisfy(line -> assertThat(line).startsWith("target_info{host.name=\"h\""));
  }

  @Test
  void tellsOfATargetAcrossTheSpanOfItsDataPoints() {
    var points = new ProtoWriter();
    points.message(1, number(1)).message(1, new ProtoWriter().fixed64(3, 401 * SECOND));
    byte[] body =
        request(
                new ProtoWriter().text(1, "g").message(5, points),
                attribute("service.name", "a"),
                attribute("x", "y"))
            .toBytes();
    assertThat(push(OtlpSettings.DEFAULT, body).status()).isEqualTo(204);
    assertThat(store.lines())
        .filteredOn(line -> line.startsWith("target_info"))
        .extracting(line -> line.replaceAll(".*} ", ""))
        .containsExactly("1000 1.0", "151000 1.0", "301000 1.0", "401000 1.0");
  }

  @Test
  void refusesWhatIsNoHistogramAndStoresWhatIsBesideIt() {
    var bad = new ProtoWriter().fixed64(3, SECOND).fixed64(4, 5).zigzag(6, 99);
    byte[] body =
        request(
                new ProtoWriter()
                    .text(1, "e")
                    .message(10, new ProtoWriter().message(1, bad).varint(2, 2)),
                attribute("service.name", "a"))
            .toBytes();
    PushAnswer answer = push(OtlpSettings.DEFAULT, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("e: histogram schema 99");
  }

  @Test
  void looksAtTheHeadersBeforeTheBody() throws IOException {
    OtlpReceiver receiver = receiver(OtlpSettings.DEFAULT);
    ByteBuffer none = ByteBuffer.allocate(0);
    assertThat(receiver.accept("text/plain", "", none).join().status()).isEqualTo(415);
    assertThat(receiver.accept(PROTOBUF, "br", none).join().status()).isEqualTo(415);
    assertThat(
            receiver
                .accept(PROTOBUF, "gzip", ByteBuffer.wrap(gzip(everything().toBytes())))
                .join()
                .status())
        .isEqualTo(204);
    assertThat(
            receiver
                .accept(PROTOBUF, "gzip", ByteBuffer.wrap(gzip(new byte[40 << 20])))
                .join()
                .status())
        .isEqualTo(413);
    assertThat(json("[]").status()).isEqualTo(400);
    assertThat(json("{\"resourceMetrics\": [{\"resource\": 3}]}").status()).isEqualTo(400);
    assertThat(json("{").status()).isEqualTo(400);
    assertThat(json("[".repeat(5000)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "a.b-c, s, true, false, a_b_c_seconds_total",
    "a_total_x, 1, true, false, a_x_total",
    "used, 1, false, true, used_ratio",
    "speed, m/s, false, true, speed_meters_per_second",
    "bytes.read, By, false, true, bytes_read",
    "n, '{request}', true, false, n_total",
    "n, '{request}/s', false, true, n_per_second",
    "9lives, '', false, true, _9lives",
    "ns:x, '', false, true, ns:x",
  })
  void namesMetricsByTheRulesOfTheSpecification(
      String name, String unit, boolean counts, boolean gauge, String expected) {
    assertThat(
            new NameTranslation(Strategy.UNDERSCORES_WITH_SUFFIXES)
                .metric(name, unit, counts, gauge))
        .isEqualTo(expected);
  }

  @Test
  void namesMetricsAndLabelsByTheOtherStrategies() {
    assertThat(new NameTranslation(Strategy.UTF8_WITH_SUFFIXES).metric("a.b", "By/s", true, false))
        .isEqualTo("a.b_bytes_per_second_total");
    assertThat(
            new NameTranslation(Strategy.UNDERSCORES_WITHOUT_SUFFIXES)
                .metric("a.b", "s", true, false))
        .isEqualTo("a_b");
    var names = new NameTranslation(Strategy.UNDERSCORES_WITH_SUFFIXES);
    assertThat(
            List.of(names.label("a.b"), names.label("1a"), names.label("_a"), names.label("__a")))
        .containsExactly("a_b", "key_1a", "key_a", "__a");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void answersDamagedBodiesWithoutFailing(long seed) {
    var random = new Random(seed);
    byte[] good = everything().toBytes();
    OtlpReceiver receiver = receiver(OtlpSettings.DEFAULT);
    for (int round = 0; round < 3000; round++) {
      byte[] body = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      assertThat(receiver.accept(PROTOBUF, "", ByteBuffer.wrap(body)).join().status())
          .isIn(204, 400);
    }
  }

  private PushAnswer json(String text) {
    return receiver(OtlpSettings.DEFAULT)
        .accept("application/json", "", ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  private PushAnswer push(OtlpSettings settings, byte[] body) {
    return receiver(settings).accept(PROTOBUF, "", ByteBuffer.wrap(body)).join();
  }

  private OtlpReceiver receiver(OtlpSettings settings) {
    return new OtlpReceiver(new PushedWrites(store, PushLimits.DEFAULT), settings);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    return packed.toByteArray();
  }

  /// One metric of each kind, from a resource with all that identifies it.
  private static ProtoWriter everything() {
    var metrics =
        new ProtoWriter()
            .message(1, new ProtoWriter().text(1, "lib").text(2, "1"))
            .message(
                2,
                new ProtoWriter()
                    .text(1, "http.requests")
                    .text(2, "Help.")
                    .message(
                        7,
                        new ProtoWriter()
                            .message(
                                1,
                                new ProtoWriter()
                                    .message(7, attribute("method", "GET"))
                                    .fixed64(3, SECOND)
                                    .fixed64(6, 7)
                                    .message(5, exemplar(1)))
                            .varint(2, 2)
                            .varint(3, 1)))
            .message(
                2,
                new ProtoWriter()
                    .text(1, "temperature")
                    .text(3, "Cel")
                    .message(
                        5,
                        new ProtoWriter()
                            .message(1, number(21.5).message(7, attribute("_2nd", "x")))
                            .message(
                                1, number(0).message(7, attribute("gone", "true")).varint(8, 1))))
            .message(
                2,
                new ProtoWriter()
                    .text(1, "queue.size")
                    .text(3, "By")
                    .message(
                        9,
                        new ProtoWriter()
                            .message(
                                1,
                                new ProtoWriter()
                                    .fixed64(3, SECOND)
                                    .fixed64(4, 6)
                                    .number(5, 55)
                                    .packedFixed64(6, 1, 2, 3)
                                    .packedNumbers(7, 0.5, 10)
                                    .message(8, exemplar(7)))
                            .varint(2, 2)))
            .message(
                2,
                new ProtoWriter()
                    .text(1, "latency")
                    .text(3, "s")
                    .message(
                        10,
                        new ProtoWriter()
                            .message(
                                1,
                                new ProtoWriter()
                                    .fixed64(3, SECOND)
                                    .fixed64(4, 6)
                                    .number(5, 9.5)
                                    .zigzag(6, 1)
                                    .fixed64(7, 1)
                                    .message(
                                        8,
                                        new ProtoWriter().zigzag(1, -1).packedVarints(2, 2, 0, 3)))
                            .varint(2, 2)))
            .message(
                2,
                new ProtoWriter()
                    .text(1, "rpc")
                    .message(
                        11,
                        new ProtoWriter()
                            .message(
                                1,
                                new ProtoWriter()
                                    .fixed64(3, SECOND)
                                    .fixed64(4, 2)
                                    .number(5, 3)
                                    .message(
                                        6, new ProtoWriter().number(1, 0.99).number(2, 1.5)))));
    return new ProtoWriter()
        .message(
            1,
            new ProtoWriter()
                .message(2, metrics)
                .message(
                    1,
                    new ProtoWriter()
                        .message(1, attribute("service.name", "cart"))
                        .message(1, attribute("service.namespace", "shop"))
                        .message(1, attribute("service.instance.id", "i-1"))
                        .message(1, attribute("host.name", "h"))));
  }

  private static ProtoWriter request(ProtoWriter metric, ProtoWriter... attributes) {
    var resource = new ProtoWriter();
    for (ProtoWriter attribute : attributes) {
      resource.message(1, attribute);
    }
    return new ProtoWriter()
        .message(
            1,
            new ProtoWriter()
                .message(1, resource)
                .message(2, new ProtoWriter().message(2, metric)));
  }

  private static ProtoWriter attribute(String name, String value) {
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().text(1, value));
  }

  private static ProtoWriter number(double value) {
    return new ProtoWriter().fixed64(3, SECOND).number(4, value);
  }

  private static ProtoWriter exemplar(double value) {
    return new ProtoWriter().fixed64(2, SECOND).number(3, value).text(5, "trace");
  }
}
