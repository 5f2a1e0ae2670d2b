package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
  @TempDir Path folder;

  private Head newHead() {
    return new Head(new FileDisk(), folder, 7);
  }

  @Test
  void aSeriesKeepsItsReference() {
    Head head = newHead();
    int first = head.findOrMake(Labels.of("__name__", "up", "job", "a"), "a", 10);
    int second = head.findOrMake(Labels.of("__name__", "up", "job", "b"), "b", 10);
    assertThat(second).isNotEqualTo(first);
    assertThat(head.findOrMake(Labels.of("job", "a", "__name__", "up"), "z", 10)).isEqualTo(first);
    assertThat(head.find(Labels.of("job", "a"))).isEqualTo(-1);
    assertThat(head.findOrMake(Labels.of("job", "c"), "a", 2)).isEqualTo(-1);
  }

  @ParameterizedTest(name = "reference {0}")
  @ValueSource(ints = {1 << 16, 1 << 24, SeriesTable.MOST - 2})
  void aSeriesOfAnyReferenceTakesLittleMemory(int ref) {
    Head head = newHead();
    head.restoreSeries(3, 0, Labels.of("a", "low"));
    head.restoreSample(3, 5, 1);
    long before = head.bytes();
    head.restoreSeries(ref, 0, Labels.of("a", "high"));
    head.restoreSample(ref, 5, 2);
    assertThat(head.bytes() - before).isLessThan(1 << 20);
    assertThat(head.append(ref, 6, 3)).isEqualTo(Appended.STORED);
    assertThat(head.append(3, 6, 3)).isEqualTo(Appended.STORED);
    assertThat(head.append(ref - 1, 6, 3)).isEqualTo(Appended.UNKNOWN);
    assertThat(head.find(Labels.of("a", "high"))).isEqualTo(ref);
    assertThat(head.findOrMake(Labels.of("a", "next"), "t", 10)).isEqualTo(ref + 1);
  }

  @Test
  void saysWhyASampleCannotBeTaken() {
    Head head = newHead();
    int ref = head.findOrMake(Labels.of("a", "b"), "t", 10);
    assertThat(head.append(ref, -1, 1)).isEqualTo(Appended.STORED);
    assertThat(head.append(ref, 0, 2)).isEqualTo(Appended.STORED);
    assertThat(head.append(ref, 0, 2)).isEqualTo(Appended.REPEATED);
    assertThat(head.append(ref, 0, 3)).isEqualTo(Appended.CONTRADICTING);
    assertThat(head.append(ref, -1, 1)).isEqualTo(Appended.OUT_OF_ORDER);
    assertThat(head.append(ref + 1, 5, 1)).isEqualTo(Appended.UNKNOWN);
    assertThat(head.append(1_000_000, 5, 1)).isEqualTo(Appended.UNKNOWN);
    assertThat(head.append(-5, 5, 1)).isEqualTo(Appended.UNKNOWN);
    head.raiseFloor(10);
    int late = head.findOrMake(Labels.of("a", "c"), "t", 10);
    assertThat(head.append(late, 9, 1)).isEqualTo(Appended.TOO_OLD);
    assertThat(head.append(late, 10, 1)).isEqualTo(Appended.STORED);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void holdsWhatTheNaiveModelHolds(long seed) {
    var random = new Random(seed);
    Head head = newHead();
    var model = new TreeMap<Integer, NavigableMap<Long, Double>>();
    int seriesCount = 40;
    int[] refs = new int[seriesCount];
    for (int i = 0; i < seriesCount; i++) {
      refs[i] = head.findOrMake(Labels.of("__name__", "m" + i % 7, "n", "" + i), "t" + i % 3, 99);
      model.put(refs[i], new TreeMap<>());
    }
    long now = random.nextInt(1000);
    var clock = new long[seriesCount];
    for (int step = 0; step < 1500; step++) {
      now += 1 + random.nextInt(20);
      boolean scrape = random.nextInt(10) != 0;
      for (int i = 0; i < seriesCount; i++) {
        if (random.nextInt(50) == 0 || (i % 5 == 4 && random.nextBoolean())) {
          continue;
        }
        long time = scrape && i % 10 != 9 ? now : clock[i] + random.nextInt(30);
        clock[i] = Math.max(clock[i], time);
        double value =
            i % 4 == 0
                ? 1
                : i % 4 == 1 ? step : random.nextInt(8) == 0 ? random.nextGaussian() : 5.25;
        offer(head, model.get(refs[i]), refs[i], time, value);
      }
    }
    long from = random.nextInt((int) now);
    long to = from + random.nextInt((int) (now - from) + 1);
    HeadReader reader = head.reader();
    model.forEach((ref, samples) -> {
      assertThat(read(reader, ref, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(samples);
      var times = new SampleColumns();
      reader.readTimesSettling(ref, from, to, times);
      assertThat(Arrays.copyOf(times.timestamps(), times.size()))
          .containsExactly(samples.subMap(from, true, to, true).keySet().toArray(new Long[0]));
      assertThat(read(reader, ref, from, to))
          .isEqualTo(new TreeMap<>(samples.subMap(from, true, to, true)));
    });
  }

  private static void offer(
      Head head, NavigableMap<Long, Double> samples, int ref, long time, double value) {
    Appended expected =
        samples.isEmpty() || time > samples.lastKey()
            ? Appended.STORED
            : time < samples.lastKey()
                ? Appended.OUT_OF_ORDER
                : samples.get(time).equals(value) ? Appended.REPEATED : Appended.CONTRADICTING;
    assertThat(head.append(ref, time, value)).isEqualTo(expected);
    if (expected == Appended.STORED) {
      samples.put(time, value);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void rowsAtOnceBecomeWhatTheirSamplesOneByOneDo(long seed) throws IOException {
    var random = new Random(seed);
    Head byRow = newHead();
    var oneByOne = new Head(new FileDisk(), Files.createDirectory(folder.resolve("other")), 7);
    int[] all = new int[30];
    for (int i = 0; i < all.length; i++) {
      var labels = Labels.of("n", "" + i);
      all[i] = byRow.findOrMake(labels, "t" + i / 20, 99);
      assertThat(oneByOne.findOrMake(labels, "t" + i / 20, 99)).isEqualTo(all[i]);
    }
    int taken = 0;
    int[] refs = new int[all.length + 1];
    var values = new double[refs.length];
    for (int row = 0; row < 500; row++) {
      long time = 15L * (row - (random.nextInt(20) == 0 ? random.nextInt(3) : 0));
      int count = 0;
      for (int ref : all) {
        if (random.nextInt(40) != 0) {
          refs[count] = random.nextInt(200) == 0 ? random.nextInt(-2, 40) : ref;
          values[count++] = ref % 3 == 0 ? 7 : random.nextInt(1 << ref % 12) / 4.0;
        }
      }
      for (int done = 0; done < count; ) {
        int together = byRow.appendRow(refs, done, count, time, values);
        taken += together;
        for (int i = done; i < done + together; i++) {
          assertThat(oneByOne.append(refs[i], time, values[i])).isEqualTo(Appended.STORED);
          assertThat(byRow.lastTarget()).isEqualTo(oneByOne.lastTarget());
        }
        done += together;
        if (done < count) {
          assertThat(byRow.append(refs[done], time, values[done]))
              .isEqualTo(oneByOne.append(refs[done], time, values[done]));
          done++;
        }
      }
    }
    assertThat(taken).isGreaterThan(10_000);
    assertThat(byRow.newestTime()).isEqualTo(oneByOne.newestTime());
    for (int ref : all) {
      assertThat(read(byRow.reader(), ref, Long.MIN_VALUE, Long.MAX_VALUE))
          .isEqualTo(read(oneByOne.reader(), ref, Long.MIN_VALUE, Long.MAX_VALUE));
    }
  }

  static Map<Long, Double> read(HeadReader reader, int ref, long from, long to) {
    var columns = new SampleColumns();
    reader.read(ref, from, to, columns);
    var found = new TreeMap<Long, Double>();
    for (int i = 0; i < columns.size(); i++) {
      assertThat(found.put(columns.timestamps()[i], columns.values()[i])).isNull();
    }
    return found;
  }

  @Test
  void readersSeeWholeSeriesWhileTheWriterIsAtWork() throws InterruptedException {
    Head head = newHead();
    int[] refs = new int[8];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = head.findOrMake(Labels.of("n", "" + i), i < 4 ? "shared" : "own" + i, 99);
    }
    var done = new AtomicBoolean();
    var wrong = new java.util.concurrent.atomic.AtomicReference<String>("");
    Thread observer =
        Thread.ofPlatform()
            .start(() -> {
              var columns = new SampleColumns();
              HeadReader reader = head.reader();
              while (!done.get()) {
                for (int ref : refs) {
                  reader.read(ref, Long.MIN_VALUE, Long.MAX_VALUE, columns.clear());
                  for (int k = 0; k < columns.size(); k++) {
                    long time = columns.timestamps()[k];
                    if (time != 3L * k || columns.values()[k] != valueAt(time)) {
                      wrong.set("%d at place %d".formatted(time, k));
                      return;
                    }
                  }
                }
              }
            });
    for (long time = 0; time < 60_000; time += 3) {
      for (int ref : refs) {
        head.append(ref, time, valueAt(time));
      }
    }
    done.set(true);
    observer.join();
    assertThat(wrong.get()).isEmpty();
  }

  private static double valueAt(long time) {
    return time % 700 < 300 ? 3 : Math.sqrt((double) time);
  }

  @Test
  void findsSeriesByTheirLabels() {
    Head head = newHead();
    for (int i = 0; i < 1000; i++) {
      head.findOrMake(
          Labels.of("__name__", "m" + i % 10, "n", "" + i, "job", "j" + i % 3), "t", 9999);
    }
    var found =
        head.select(
            List.of(
                Matcher.equal("__name__", "m4"),
                new Matcher(Matcher.Type.NOT_EQUAL, "job", "j0"),
                new Matcher(Matcher.Type.REGEX, "n", "1.4")));
    var names = found.stream().mapToObj(ref -> head.labels(ref).get("n")).toList();
    assertThat(names).containsExactly("104", "124", "134", "154", "164", "184", "194");
  }
}
