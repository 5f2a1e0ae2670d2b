package barograph.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import barograph.server.usage.MetricUsage;
import barograph.server.usage.MetricUsage.Use;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricCatalogTest {
  private static final MetricMetadata TOLD =
      new MetricMetadata(MetricMetadata.Type.COUNTER, "Bytes, größer.", "bytes");

  @TempDir private Path folder;
  private final Map<String, MetricMetadata> told = new ConcurrentHashMap<>();
  private Instant now = Instant.ofEpochMilli(1_000);
  private final MetricUsage usage = new MetricUsage(() -> now);
  private final List<MetricCatalog> catalogs = new ArrayList<>();

  @BeforeAll
  static void aViewNeedsTheOptionsOfTheBuild() {
    assumeTrue(
        Object.class.getModule().isExported("sun.nio.ch", MetricCatalogTest.class.getModule()),
        "barograph.jvm.args of the parent pom are not given: no view is opened");
  }

  @AfterEach
  void close() {
    catalogs.forEach(MetricCatalog::close);
  }

  /// A catalog and its thread, which the test may hold up and wait for.
  private record Life(MetricCatalog catalog, ScheduledThreadPoolExecutor thread) {
    /// Asks once, so that the view is opened, and waits until it is or cannot be.
    Life opened() throws Exception {
      var _ = catalog.of(List.of());
      thread.submit(() -> {}).get();
      return this;
    }

    MetricRow of(String metric) {
      return catalog.of(List.of(metric)).getFirst();
    }
  }

  private Life life(int mostMetrics) {
    var thread = new ScheduledThreadPoolExecutor(1);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var catalog =
        new MetricCatalog(() -> Map.copyOf(told), usage, folder.resolve("v"), mostMetrics, thread);
    catalogs.add(catalog);
    return new Life(catalog, thread);
  }

  private Life life() {
    return life(2_000);
  }

  private void ask(String metric) {
    usage.asked(List.of(Matcher.equal(Labels.METRIC_NAME, metric)));
  }

  private void askByExpression(String expression) {
    usage.asked(List.of(new Matcher(Matcher.Type.REGEX, Labels.METRIC_NAME, expression)));
  }

  /// What is known without any catalog.
  private MetricRow truth(String metric) {
    Use use = usage.byName(metric).plus(usage.byExpression().of(metric));
    return new MetricRow(told.getOrDefault(metric, MetricRow.UNTOLD), use);
  }

  private Path map() {
    return folder.resolve("v/metrics.map");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theViewAnswersAsTheTruthDoesInEveryLife(long seed) throws Exception {
    var random = new Random(seed);
    List<String> metrics = IntStream.range(0, 300).mapToObj(i -> "métrique_" + i).toList();
    for (int lives = 0; lives < 4; lives++) {
      var life = life().opened();
      assertThat(life.catalog().isOpen()).isTrue();
      for (int round = 0; round < 20; round++) {
        for (int change = random.nextInt(60); change > 0; change--) {
          changeSomething(metrics.get(random.nextInt(metrics.size())), random);
        }
        var rows = life.catalog().of(metrics);
        for (int i = 0; i < metrics.size(); i++) {
          assertThat(rows.get(i)).as(metrics.get(i)).isEqualTo(truth(metrics.get(i)));
        }
      }
      life.catalog().close();
      // Between two lives things are told and counted too.
      changeSomething(metrics.get(random.nextInt(metrics.size())), random);
    }
  }

  private void changeSomething(String metric, Random random) {
    now = now.plusMillis(1);
    switch (random.nextInt(5)) {
      case 0 -> told.remove(metric);
      case 1 -> told.put(metric, TOLD);
      case 2 ->
          told.put(
              metric,
              new MetricMetadata(MetricMetadata.Type.GAUGE, "x".repeat(random.nextInt(3_000)), ""));
      case 3 -> askByExpression("métrique_%d.*".formatted(random.nextInt(10)));
      default -> ask(metric);
    }
  }

  @Test
  void nobodyWaitsForAViewThatIsNotOpen() {
    told.put("up", TOLD);
    ask("up");
    var life = life();
    var gate = new CountDownLatch(1);
    life.thread().execute(() -> await(gate));

    assertThat(life.of("up")).isEqualTo(new MetricRow(TOLD, new Use(1, 1_000)));
    assertThat(life.catalog().isOpen()).isFalse();
    gate.countDown();
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aViewThatWasClosedInOrderIsGoneOnWithAndCountsNothingTwice() throws Exception {
    told.put("up", TOLD);
    ask("up");
    life().opened().catalog().close();
    told.clear();
    told.put("down", TOLD);
    ask("up");
    var life = life().opened();

    assertThat(life.catalog().isOpen()).isTrue();
    assertThat(life.of("up")).isEqualTo(new MetricRow(MetricRow.UNTOLD, new Use(2, 1_000)));
    assertThat(life.of("down")).isEqualTo(new MetricRow(TOLD, Use.NONE));
  }

  @Test
  void aViewThatWasNotClosedIsWrittenAnewFromTheTruth() throws Exception {
    told.put("up", TOLD);
    life().opened();
    var killed = Files.readAllBytes(map());
    catalogs.getFirst().close();
    Files.delete(folder.resolve("v/metrics.sealed"));
    Files.write(map(), killed);
    told.clear();
    var life = life().opened();

    assertThat(life.catalog().isOpen()).isTrue();
    assertThat(life.of("up").metadata()).isEqualTo(MetricRow.UNTOLD);
  }

  @Test
  void aDamagedViewIsWrittenAnewFromTheTruth() throws Exception {
    told.put("up", TOLD);
    life().opened().catalog().close();
    byte[] bytes = Files.readAllBytes(map());
    Arrays.fill(bytes, bytes.length / 4, bytes.length, (byte) 0x5a);
    Files.write(map(), bytes);
    var life = life().opened();

    assertThat(life.catalog().isOpen()).isTrue();
    assertThat(life.of("up")).isEqualTo(truth("up"));
  }

  @Test
  void theTruthAnswersWhenTheViewIsFull() throws Exception {
    var life = life(50).opened();
    assertThat(life.catalog().isOpen()).isTrue();
    List<String> metrics = IntStream.range(0, 2_000).mapToObj(i -> "metric_" + i).toList();
    metrics.forEach(metric -> told.put(metric, TOLD));

    assertThat(life.catalog().of(metrics)).isEqualTo(metrics.stream().map(this::truth).toList());
    assertThat(life.catalog().isOpen()).isFalse();
    life.catalog().close();
    assertThat(folder.resolve("v/metrics.sealed")).doesNotExist();
  }

  @Test
  void theTruthAnswersWhenThereIsNoPlaceForTheView() throws Exception {
    Files.writeString(folder.resolve("v"), "a file");
    told.put("up", TOLD);
    var life = life().opened();

    assertThat(life.catalog().isOpen()).isFalse();
    assertThat(life.of("up")).isEqualTo(truth("up"));
  }

  @Test
  void whatIsTooLongForARowIsAnsweredFromTheTruth() throws Exception {
    var life = life().opened();
    told.put("up", TOLD);
    assertThat(life.of("up")).isEqualTo(truth("up"));
    told.put("up", new MetricMetadata(MetricMetadata.Type.GAUGE, "ü".repeat(9_000), "s"));

    assertThat(life.of("up")).isEqualTo(truth("up"));
    assertThat(life.catalog().isOpen()).isTrue();
  }
}
