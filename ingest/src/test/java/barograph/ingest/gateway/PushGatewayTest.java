package barograph.ingest.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.FamilyPage;
import barograph.ingest.exposition.FamilyPage.Item;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.gateway.PushGateway.Answer;
import barograph.ingest.gateway.PushGateway.Push;
import barograph.storage.journal.Journal;
import barograph.storage.testkit.SettableClock;
import barograph.storage.testkit.SimulatedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushGatewayTest {
  private static final Instant START = Instant.ofEpochSecond(1_000);
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited";

  private final SettableClock clock = new SettableClock(START);
  private SimulatedDisk disk = new SimulatedDisk();
  private PushGateway gateway = open();

  @AfterEach
  void close() {
    gateway.close();
  }

  private PushGateway open() {
    try {
      var groups = new PushGateway.Recollection();
      var journal = Journal.open(disk, Path.of("/data/pushed"), "groups", groups::take);
      return new PushGateway(journal, groups, clock, Duration.ZERO);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void at(long seconds) {
    clock.move(Duration.between(clock.instant(), START.plusSeconds(seconds)));
  }

  private Answer push(String path, boolean replace, String text) {
    return push(path, replace, "", "", text.getBytes(UTF_8), null);
  }

  private Answer push(
      String path,
      boolean replace,
      String type,
      String encoding,
      byte[] body,
      @Nullable Duration ttl) {
    return gateway.push(new Push(path, replace, type, encoding, ByteBuffer.wrap(body), ttl)).join();
  }

  private Answer put(String path, String text) {
    return push(path, true, text);
  }

  private Answer post(String path, String text) {
    return push(path, false, text);
  }

  /// Series of the page as `name{labels} value`, the times of pushes left out.
  private List<String> series() {
    return page().stream().filter(line -> !line.startsWith("push_")).toList();
  }

  private List<String> page() {
    byte[] bytes = gateway.page();
    var page = new FamilyPage(new HistogramWishes(true, false, false, 0, 0));
    page.reset(bytes, bytes.length);
    var lines = new ArrayList<String>();
    try {
      for (Item item = page.next(); item != Item.END; item = page.next()) {
        if (item == Item.SERIES) {
          var labels = new ArrayList<String>();
          for (int i = 0; i < page.labels(); i++) {
            labels.add(page.labelName(i) + "=" + page.labelValue(i));
          }
          lines.add(page.subject() + labels + " " + page.value());
        }
      }
    } catch (BadPageException e) {
      throw new AssertionError(e);
    }
    return lines;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "job/a                        | {job=a}",
        "job/a/                       | {job=a}",
        "job/a/instance/b             | {instance=b, job=a}",
        "job/a/x/1/x/2                | {job=a, x=2}",
        "job/a/job/b                  | {job=a}",
        "job/a/empty@base64/          | {empty=, job=a}",
        "job/a/path@base64/L3Zhci90bXA| {job=a, path=/var/tmp}",
        "job@base64/L3Zhcg==/x/y      | {job=/var, x=y}",
        "job/Zoë/x/ü                  | {job=Zoë, x=ü}",
      })
  void anAddressNamesTheLabelsOfItsGroup(String path, String labels) throws BadPushException {
    assertThat(GroupingKey.parse(path).labels()).hasToString(labels);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "job/              | job name is required",
        "job@base64/=      | job name is required",
        "job@base64/!!     | invalid base64 encoding in job name",
        "job/a/x           | odd number of components in label string \"/x\"",
        "job/a/__x/y       | improper label name \"__x\"",
        "job/a/x-y/z       | improper label name \"x-y\"",
        "job/a//y          | improper label name \"\"",
        "job/a/x@base64/!  | invalid base64 encoding for label x=\"!\"",
      })
  void anAddressThatNamesNoGroupIsRefused(String path, String words) {
    assertThat(put(path, "a 1\n")).matches(answer -> answer.status() == 400);
    assertThat(put(path, "a 1\n").message()).contains(words);
    assertThat(gateway.delete(path).join().status()).isEqualTo(400);
    assertThat(gateway.groups()).isEmpty();
  }

  @Test
  void theLabelsOfTheGroupWinAndAnInstanceIsAlwaysThere() {
    assertThat(put("job/j/zone/z", "a{job=\"mine\",x=\"1\"} 2\nb{instance=\"i\"} 3\n"))
        .isEqualTo(new Answer(200, ""));
    assertThat(page())
        .containsExactly(
            "a[instance=, job=j, x=1, zone=z] 2.0",
            "b[instance=i, job=j, zone=z] 3.0",
            "push_failure_time_seconds[instance=, job=j, zone=z] 0.0",
            "push_time_seconds[instance=, job=j, zone=z] 1000.0");
  }

  @Test
  void aPutReplacesTheGroupAndAPostOnlyFamiliesOfItsNames() {
    put("job/j", "a 1\nb{x=\"1\"} 2\nb{x=\"2\"} 3\n");
    post("job/j", "b{x=\"3\"} 4\nc 5\n");
    assertThat(series())
        .containsExactly(
            "a[instance=, job=j] 1.0", "b[instance=, job=j, x=3] 4.0", "c[instance=, job=j] 5.0");
    put("job/j", "d 6\n");
    assertThat(series()).containsExactly("d[instance=, job=j] 6.0");
    put("job/j", "");
    assertThat(series()).isEmpty();
    assertThat(gateway.groups()).hasSize(1);
    assertThat(gateway.delete("job/j").join()).isEqualTo(new Answer(202, ""));
    assertThat(gateway.delete("job/j").join()).isEqualTo(new Answer(202, ""));
    assertThat(gateway.groups()).isEmpty();
  }

  @Test
  void linesOfSummariesAndHistogramsAreGatheredIntoOneMetric() {
    String text =
        """
        # HELP h time
        # TYPE h histogram
        h_bucket{le="0.5"} 1
        h_bucket{le="+Inf"} 3
        h_sum 4.5
        h_count 3
        # TYPE s summary
        s{quantile="0.9"} 7
        s_sum 8
        s_count 2
        h_count_total 1
        """;
    assertThat(put("job/j", text).status()).isEqualTo(200);
    assertThat(series())
        .containsExactly(
            "h_count[instance=, job=j] 3.0",
            "h_sum[instance=, job=j] 4.5",
            "h_bucket[instance=, job=j, le=0.5] 1.0",
            "h_bucket[instance=, job=j, le=+Inf] 3.0",
            "h_count_total[instance=, job=j] 1.0",
            "s_count[instance=, job=j] 2.0",
            "s_sum[instance=, job=j] 8.0",
            "s[instance=, job=j, quantile=0.9] 7.0");
    var families = gateway.groups().getFirst().families();
    assertThat(families.get("h").family().help()).isEqualTo("time");
    assertThat(families.get("h").family().metrics().getFirst().measure())
        .isEqualTo(new Measure.Buckets(3, 4.5, Map.of(0.5, 1.0, Double.POSITIVE_INFINITY, 3.0)));
    assertThat(families.get("s").family().metrics().getFirst().measure())
        .isEqualTo(new Measure.Summary(2, 8, Map.of(0.9, 7.0)));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a 1                                  | in line 1: unexpected end of input stream",
        "a 1~a{ 1~                            | in line 2: ",
        "a x~                                 | in line 1: ",
        "# TYPE a foo~a 1~                    | unknown metric type \"foo\"",
        "a 1~# TYPE a gauge~                  | second TYPE line for metric name \"a\", or TYPE",
        "# HELP a x~# HELP a x~a 1~           | second HELP line for metric name \"a\"",
        "b{x=\"1\",x=\"2\"} 1~                | duplicate label names for metric \"b\"",
        "b{__name__=\"1\"} 1~                 | label name \"__name__\" is reserved",
        "# TYPE h histogram~h_bucket{le=\"x\"} 1~ | expected float as value for 'le' label",
      })
  void aPageThatBreaksTheRulesOfTheFormatChangesNothing(String text, String words) {
    Answer answer = put("job/j", text.replace('~', '\n'));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).startsWith("text format parsing error in line ").contains(words);
    assertThat(gateway.groups()).isEmpty();
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "job/two/instance/y | b 1~             | collected before with the same name and label",
        "job/x              | c 1~c 1~         | collected before with the same name and label",
        "job/x              | # TYPE b gauge~b 1~ | is not a UNTYPED",
        "job/x              | h_count 1~       | \"h_count\" collides with previously collected",
        "job/x              | # TYPE q summary~q_count 1~ | \"q\" collides with previously",
        "job/x              | a 1 12~          | pushed metrics must not have timestamps",
      })
  void aPushThatContradictsWhatIsThereIsRefusedAndItsFailureShown(
      String path, String text, String words) {
    put("job/two", "b{instance=\"y\"} 1\n");
    put("job/h", "# TYPE h histogram\nh_count 1\n");
    put("job/q", "q_count 1\n");
    var before = series();
    at(5);
    Answer answer = put(path, text.replace('~', '\n'));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .startsWith("pushed metrics are invalid or inconsistent with existing metrics: ")
        .contains(words);
    assertThat(series()).isEqualTo(before);
    assertThat(page())
        .anyMatch(line -> line.startsWith("push_failure") && line.endsWith(" 1005.0"));
    assertThat(gateway.groups())
        .filteredOn(group -> !group.lastPushSuccessful())
        .singleElement()
        .matches(group -> group.labels().get("job").equals(path.split("/", -1)[1]));
  }

  @Test
  void theTimeOfTheLastGoodPushOutlivesABadOneAndTheOtherWayRound() {
    put("job/j", "a 1\n");
    at(5);
    put("job/j", "a 1 99\n");
    assertThat(page())
        .contains("a[instance=, job=j] 1.0", "push_time_seconds[instance=, job=j] 1000.0");
    at(9);
    put("job/j", "a 2\n");
    assertThat(page())
        .containsExactly(
            "a[instance=, job=j] 2.0",
            "push_failure_time_seconds[instance=, job=j] 1005.0",
            "push_time_seconds[instance=, job=j] 1009.0");
  }

  @Test
  void messagesAndPackedPagesAreTakenToo() throws IOException {
    var histogram = new MessageBytes().put(1, 3L).put(2, 1.5).put(5, 0L).put(6, 0.001).put(7, 3L);
    var metric = new MessageBytes().put(1, new MessageBytes().put(1, "x").put(2, "y"));
    metric.put(7, histogram);
    var family = new MessageBytes().put(1, "n").put(3, 4L).put(4, metric);
    byte[] body = new MessageBytes().putDelimited(family.toBytes()).toBytes();
    assertThat(push("job/j", true, PROTOBUF, "", body, null).status()).isEqualTo(200);
    assertThat(series()).hasSize(1).first().asString().startsWith("n[instance=, job=j, x=y]");

    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("a 1\n".getBytes(UTF_8));
    }
    assertThat(push("job/k", true, "", "gzip", packed.toByteArray(), null).status()).isEqualTo(200);
    assertThat(push("job/k", true, "", "gzip", body, null).status()).isEqualTo(400);
    assertThat(push("job/k", true, PROTOBUF, "", packed.toByteArray(), null).status())
        .isEqualTo(400);
    assertThat(series()).hasSize(2);
  }

  @Test
  void aGroupWithATimeToLiveGoesWhenNobodyPushesToItAnyMore() {
    byte[] body = "a 1\n".getBytes(UTF_8);
    push("job/brief", true, "", "", body, Duration.ofSeconds(10));
    put("job/long", "b 1\n");
    at(9);
    push("job/brief", true, "", "", body, Duration.ofSeconds(10));
    at(18);
    put("job/brief", "a 1 99\n");
    assertThat(series()).hasSize(2);
    at(19);
    assertThat(series()).containsExactly("b[instance=, job=long] 1.0");
    gateway.close();
    gateway = open();
    assertThat(series()).containsExactly("b[instance=, job=long] 1.0");
  }

  @Test
  void everythingIsWipedAtOnce() {
    put("job/a", "a 1\n");
    put("job/b", "b 1\n");
    assertThat(gateway.wipe().join()).isEqualTo(new Answer(202, ""));
    assertThat(page()).isEmpty();
    gateway.close();
    gateway = open();
    assertThat(page()).isEmpty();
  }

  @Test
  void aPushThatTheDiskDidNotTakeIsNotAcknowledged() {
    put("job/a", "a 1\n");
    disk.failFrom(disk.operations(), SimulatedDisk.Fault.BROKEN);
    assertThat(put("job/a", "a 2\n").status()).isEqualTo(503);
  }

  @Test
  void whoVisitsTheGroupsIsToldOfTheFirst() {
    var told = new ArrayList<String>();
    gateway.whenUsed(() -> told.add("first"));
    assertThat(told).isEmpty();
    put("job/a", "a 1\n");
    put("job/b", "b 1\n");
    assertThat(told).containsExactly("first");
    gateway.whenUsed(() -> told.add("at once"));
    assertThat(told).containsExactly("first", "at once");
  }

  /// Pushes and deletions by lot, held against plain maps, with the power cut now and then.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatWasAcknowledgedIsThereAfterEveryPowerCut(long seed) {
    var random = new Random(seed);
    var model = new TreeMap<String, Map<String, Integer>>();
    for (int step = 0; step < 300; step++) {
      String job = "j" + random.nextInt(5);
      int value = random.nextInt(1000);
      String name = "m" + random.nextInt(4);
      switch (random.nextInt(8)) {
        case 0 -> {
          assertThat(gateway.delete("job/" + job).join().status()).isEqualTo(202);
          model.remove(job);
        }
        case 1, 2 -> {
          assertThat(put("job/" + job, name + " " + value + "\n").status()).isEqualTo(200);
          model.put(job, new TreeMap<>(Map.of(name, value)));
        }
        case 3 -> {
          var before = disk;
          disk = disk.afterPowerCut(random.nextLong());
          gateway.close();
          assertThat(before).isNotSameAs(disk);
          gateway = open();
        }
        default -> {
          assertThat(post("job/" + job, name + " " + value + "\n").status()).isEqualTo(200);
          model.computeIfAbsent(job, absent -> new TreeMap<>()).put(name, value);
        }
      }
      var expected = new ArrayList<String>();
      model.forEach((j, families) ->
          families.forEach((n, v) -> expected.add(n + "[instance=, job=" + j + "] " + v + ".0")));
      assertThat(series()).as("step %d", step).isEqualTo(expected);
    }
  }
}
