package barograph.ingest.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.forward.Endpoint.Access;
import barograph.ingest.forward.Endpoint.Batch;
import barograph.ingest.forward.Endpoint.Content;
import barograph.ingest.forward.Endpoint.Message;
import barograph.ingest.forward.Endpoint.Metadata;
import barograph.ingest.forward.Endpoint.Queue;
import barograph.ingest.forward.Endpoint.Retrying;
import barograph.ingest.forward.Endpoint.Shards;
import barograph.ingest.forward.EndpointFigures.Kind;
import barograph.ingest.forward.EndpointFigures.Reason;
import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.RelabelRule.Action;
import barograph.ingest.scrape.Pace;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ForwarderTest {
  private static final long CAP = 1L << 30;
  private static final int SERIES = 10;

  @TempDir Path folder;
  private final long begin = System.currentTimeMillis() - 60_000;
  private final Map<String, List<String>> sent = new TreeMap<>();
  private FakeReceiver receiver;
  private Store store;
  private Forwarder forwarder;
  private int steps;

  @BeforeEach
  void start() throws IOException {
    receiver = new FakeReceiver();
    open();
  }

  private void open() throws IOException {
    store = Store.open(StoreOptions.in(folder), InstantSource.system(), StoreWatcher.NONE);
    forwarder = new Forwarder(store, receiver, Pace.system());
  }

  @AfterEach
  void stop() throws IOException {
    forwarder.close();
    store.close();
    receiver.close();
  }

  private Endpoint endpoint(Message message, RelabelRule... rules) {
    return endpoint("", message, false, rules);
  }

  private Endpoint endpoint(
      String name, Message message, boolean retryTooMany, RelabelRule... rules) {
    var retrying = new Retrying(Duration.ofMillis(1), Duration.ofMillis(20), retryTooMany);
    return new Endpoint(
        name,
        new Access(
            receiver.url(), Map.of("X-Tenant", "a"), Duration.ofSeconds(10), ClientSettings.PLAIN),
        new Content(message, true, true, new Metadata(false, Duration.ofHours(1), 10)),
        List.of(rules),
        new Queue(
            100, new Shards(3, 5), new Batch(7, Duration.ofMillis(1)), retrying, Duration.ZERO));
  }

  private void forward(Endpoint... endpoints) throws IOException {
    forwarder.apply(List.of(endpoints), Labels.of("replica", "r1", "job", "no"), CAP);
  }

  private EndpointFigures figures() {
    return forwarder.endpoints().getFirst().figures();
  }

  /// Stores a row of samples, and remembers what is to arrive.
  private void store() {
    var batch = new SampleBatch();
    long time = begin + 1000L * steps;
    for (int i = 0; i < SERIES; i++) {
      var labels = Labels.of("__name__", "m" + i, "job", "a");
      double value = steps + i / 10.0;
      batch.add(store.appender().seriesFor(labels, "a"), time, value);
      sent.computeIfAbsent(labels.with("replica", "r1").toString(), absent -> new ArrayList<>())
          .add(time + "=" + value);
    }
    steps++;
    assertThat(store.appender().append(batch).join().complete()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everythingArrives(Message message) throws Exception {
    forward(endpoint(message));
    for (int i = 0; i < 40; i++) {
      store();
    }
    receiver.await(at -> at.samples() == 40 * SERIES);
    assertThat(receiver.series()).isEqualTo(sent);
    assertThat(receiver.got())
        .allSatisfy(request ->
            assertThat(request.headers())
                .containsEntry("X-tenant", "a")
                .containsEntry("Content-encoding", "snappy")
                .containsEntry(
                    "X-prometheus-remote-write-version",
                    message == Message.FIRST ? "0.1.0" : "2.0.0"));
  }

  @ParameterizedTest
  @EnumSource
  void histogramsExemplarsAndStaleMarkersArriveAsTheyAre(Message message) throws Exception {
    var layout =
        HistogramLayout.standard(3, 1e-9, BucketSpans.of(-2, 2, 3, 1), BucketSpans.of(0, 1));
    var whole =
        Histogram.ofIntegers(layout, CounterReset.NOT_RESET, 15, 3, 4.5, new long[] {5, 4, 1, 2});
    var parts =
        Histogram.ofFloats(
            HistogramLayout.custom(new double[] {0.5, 2}, BucketSpans.of(0, 3)),
            CounterReset.GAUGE,
            3.5,
            0,
            -0.0,
            new double[] {1.5, 0, 2});
    var exemplar = new Exemplar(Labels.of("trace_id", "abc"), 0.25, begin);
    forward(endpoint(message));
    var batch = new SampleBatch();
    int whose = store.appender().seriesFor(Labels.of("__name__", "h"), "");
    int stale = store.appender().seriesFor(Labels.of("__name__", "s"), "");
    batch.add(whose, begin, whole);
    batch.add(whose, begin + 1, parts);
    batch.add(whose, begin + 2, Histogram.STALE);
    batch.add(stale, begin, Double.longBitsToDouble(0x7ff0000000000002L));
    assertThat(store.appender().append(batch).join().complete()).isTrue();
    store.appender().appendExemplars(List.of(new SeriesExemplar(whose, exemplar))).join();
    receiver.await(at -> figures().sent(Kind.EXEMPLARS) + exemplars(at).size() > 0);
    receiver.await(at -> at.series().size() == 2);
    var range = new TimeRange(0, Long.MAX_VALUE / 2);
    try (var selection =
        receiver.store.select(List.of(Matcher.equal(Labels.METRIC_NAME, "h")), range)) {
      var columns = new SampleColumns();
      selection.read(0, range, columns);
      var histograms = columns.histograms();
      assertThat(List.of(histograms.histogram(0), histograms.histogram(1), histograms.histogram(2)))
          .containsExactly(whole, parts, Histogram.STALE);
    }
    assertThat(exemplars(receiver)).containsExactly(exemplar);
  }

  private static List<Exemplar> exemplars(FakeReceiver at) {
    return at
        .store
        .exemplars(
            List.of(List.of(new Matcher(Matcher.Type.NOT_EQUAL, Labels.METRIC_NAME, ""))),
            new TimeRange(0, Long.MAX_VALUE / 2))
        .stream()
        .flatMap(series -> series.exemplars().stream())
        .toList();
  }

  @Test
  void theSecondMessageTellsOfTheMetricWithItsSeries() throws Exception {
    var told = new MetricMetadata(MetricMetadata.Type.COUNTER, "What was counted.", "bytes");
    store.appender().tellOf(Map.of("m", told)).join();
    forward(endpoint(Message.SECOND));
    var batch = new SampleBatch();
    batch.add(store.appender().seriesFor(Labels.of("__name__", "m_total"), ""), begin, 1);
    store.appender().append(batch).join();
    receiver.await(at -> at.samples() == 1);
    assertThat(receiver.store.metadata()).isEqualTo(Map.of("m_total", told));
  }

  @Test
  void theFirstMessageTellsOfMetricsApart() throws Exception {
    var told = new MetricMetadata(MetricMetadata.Type.GAUGE, "How much.", "");
    store.appender().tellOf(Map.of("m", told)).join();
    var endpoint = endpoint(Message.FIRST);
    forward(
        new Endpoint(
            "",
            endpoint.access(),
            new Content(Message.FIRST, false, false, new Metadata(true, Duration.ofMillis(1), 5)),
            List.of(),
            endpoint.queue()));
    receiver.await(at -> !at.store.metadata().isEmpty());
    assertThat(receiver.store.metadata()).isEqualTo(Map.of("m", told));
  }

  @Test
  void aReceiverThatIsNotWellIsAskedUntilItIs() throws Exception {
    var asked = new AtomicInteger();
    receiver.wish(headers -> asked.incrementAndGet() <= 30 ? 503 : 0);
    forward(endpoint(Message.FIRST));
    for (int i = 0; i < 20; i++) {
      store();
    }
    receiver.await(at -> at.samples() == 20 * SERIES);
    assertThat(receiver.series()).as("all, each series in order").isEqualTo(sent);
    assertThat(figures().retried(Kind.SAMPLES)).isPositive();
    assertThat(figures().failed(Kind.SAMPLES)).isZero();
    assertThat(receiver.got())
        .anySatisfy(request -> assertThat(request.headers()).containsEntry("Retry-attempt", "1"));
  }

  @Test
  void whatIsRefusedForGoodIsCountedAndTheRestGoesOn() throws Exception {
    var asked = new AtomicInteger();
    receiver.wish(headers -> asked.incrementAndGet() == 1 ? 400 : 0);
    forward(endpoint(Message.FIRST));
    for (int i = 0; i < 10; i++) {
      store();
    }
    receiver.await(at -> at.got().size() > 1 && at.samples() + lost() == 10 * SERIES);
    assertThat(lost()).isBetween(1L, 7L);
  }

  private long lost() {
    return figures().failed(Kind.SAMPLES);
  }

  @Test
  void tooManyRequestsAreTriedAgainOnlyOnDemand() throws Exception {
    receiver.wish(headers -> headers.containsKey("Retry-Attempt") ? 0 : 429);
    forward(endpoint("", Message.FIRST, true));
    store();
    receiver.await(at -> at.samples() == SERIES);
    forward(endpoint("", Message.FIRST, false));
    store();
    receiver.await(at -> lost() == SERIES);
    assertThat(receiver.samples()).isEqualTo(SERIES);
  }

  @Test
  void whatWasUnderWayWhenTheServerStoppedIsSentAgainInTheSameRequests() throws Exception {
    var asked = new AtomicInteger();
    receiver.wish(headers -> asked.incrementAndGet() <= 2 ? 0 : 500);
    forward(endpoint(Message.FIRST));
    for (int i = 0; i < 10; i++) {
      store();
    }
    receiver.await(at -> at.got().size() >= 8);
    forwarder.close();
    store.close();
    var before = receiver.got();
    receiver.wish(headers -> 0);
    open();
    for (int i = 0; i < 10; i++) {
      store();
    }
    forward(endpoint(Message.FIRST));
    receiver.await(at -> at.samples() == 20 * SERIES);
    assertThat(receiver.series()).isEqualTo(sent);
    var after = receiver.got().subList(before.size(), receiver.got().size());
    for (var request : before.stream().filter(one -> one.answered() != 204).toList()) {
      assertThat(after).anyMatch(one -> Arrays.equals(one.body(), request.body()));
    }
  }

  @Test
  void anEndpointThatChangesGoesOnWhereItWas() throws Exception {
    receiver.wish(headers -> 500);
    forward(endpoint("far", Message.FIRST, false));
    store();
    receiver.await(at -> !at.got().isEmpty());
    receiver.wish(headers -> 0);
    forward(endpoint("far", Message.SECOND, false));
    store();
    receiver.await(at -> at.samples() == 2 * SERIES);
    assertThat(receiver.series()).isEqualTo(sent);
  }

  @Test
  void anEndpointThatIsGoneIsForgotten() throws Exception {
    forward(endpoint("far", Message.FIRST, false));
    assertThat(store.tails()).hasSize(1);
    forwarder.apply(List.of(), Labels.EMPTY, CAP);
    assertThat(store.tails()).isEmpty();
    assertThat(forwarder.endpoints()).isEmpty();
  }

  @Test
  void rulesNameAndDropSeriesBehindTheExternalLabels() throws Exception {
    forward(
        endpoint(
            Message.FIRST,
            RelabelRule.filter(Action.KEEP, List.of("__name__", "replica"), "m[12];r1"),
            RelabelRule.replace(List.of("job"), "(.*)", "job", "was-$1")));
    store();
    receiver.await(at -> at.samples() == 2);
    assertThat(receiver.series().keySet())
        .containsExactly("m1{job=\"was-a\", replica=\"r1\"}", "m2{job=\"was-a\", replica=\"r1\"}");
    receiver.await(at -> figures().dropped(Reason.DROPPED_SERIES) == SERIES - 2);
  }

  @Test
  void twoEndpointsOfOneUrlNeedNames() {
    var same = endpoint(Message.FIRST);
    assertThatThrownBy(() -> forward(same, same))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give each a name");
  }
}
