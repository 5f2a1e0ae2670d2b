package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LateSamplesTest {
  @TempDir Path folder;

  private Head newHead() {
    return new Head(new FileDisk(), folder, 7);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void readersSeeWhatTheNaiveModelHoldsHoweverLateSamplesAreSettledAndReleased(long seed) {
    var random = new Random(seed);
    Head head = newHead();
    LateSamples late = head.late();
    int seriesCount = 200;
    var model = new TreeMap<Integer, NavigableMap<Long, Double>>();
    for (int i = 0; i < seriesCount; i++) {
      int ref = head.findOrMake(Labels.of("n", "" + i), "t" + i % 3, 999);
      model.put(ref, new TreeMap<>());
      assertThat(head.append(ref, 1_000_000, 1)).isEqualTo(Appended.STORED);
    }
    head.raiseFloor(1_000_001);
    long floor = 0;
    HeadReader reader = head.reader();
    for (int step = 0; step < 4_000; step++) {
      int ref = random.nextInt(seriesCount);
      var samples = model.getOrDefault(ref, new TreeMap<>());
      switch (random.nextInt(200)) {
        case 0 -> {
          floor = Math.max(floor, random.nextInt(step + 1));
          late.settle(0, seriesCount, floor);
        }
        case 1 -> {
          // What was set apart before the floor goes; what came since stays.
          var fresh = new TreeMap<Integer, NavigableMap<Long, Double>>();
          for (int each : model.keySet()) {
            var settling = new SampleColumns();
            reader.readLateSettling(each, Long.MIN_VALUE, floor - 1, settling);
            var left = new TreeMap<>(model.getOrDefault(each, new TreeMap<>()));
            for (int k = 0; k < settling.size(); k++) {
              left.remove(settling.timestamps()[k]);
            }
            fresh.put(each, left);
          }
          model.putAll(fresh);
          late.beginRelease();
          late.release(0, seriesCount, floor);
          late.endRelease();
        }
        case 2 -> {
          long from = random.nextInt(step + 1);
          late.remove(ref, from, from + 500);
          samples.subMap(from, true, from + 500, true).clear();
        }
        default -> {
          long time = random.nextInt(step + 1);
          Appended expected = samples.containsKey(time) ? Appended.CONTRADICTING : Appended.LATE;
          assertThat(late.offer(ref, time, step)).isEqualTo(expected);
          if (expected == Appended.LATE) {
            samples.put(time, (double) step);
            assertThat(late.offer(ref, time, step)).isEqualTo(Appended.REPEATED);
          }
        }
      }
      if (step % 50 == 0) {
        assertHolds(head, model);
      }
    }
    for (int each : model.keySet()) {
      late.remove(each, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    assertThat(late.samples()).isZero();
    assertThat(late.bytes()).as("one group, without pages").isEqualTo(4 + 16 + 4 * 1024);
  }

  @Test
  void aReferenceThatADamagedFileNamesTakesNoMoreThanItsGroup() {
    Head head = newHead();
    int highest = SeriesTable.MOST - 1;
    head.restoreSeries(0, 0, Labels.of("n", "first"));
    head.restoreSeries(highest, 0, Labels.of("n", "highest"));
    assertThat(head.restoreLate(highest, 7, 1)).isTrue();
    assertThat(head.late().holds(highest, 7)).isTrue();
    assertThat(head.late().bytes()).isLessThan(100_000);
    assertThat(head.slices(4096))
        .as("what a cut goes through")
        .containsExactly(new Head.Slice(0, 4096), new Head.Slice(highest, highest + 4096));
    assertThat(head.findOrMake(Labels.of("n", "more"), "t", 99))
        .as("there are no more numbers")
        .isEqualTo(SeriesBudget.TOTAL_TAKEN);
  }

  private static void assertHolds(Head head, Map<Integer, NavigableMap<Long, Double>> model) {
    HeadReader reader = head.reader();
    long count = 0;
    for (var each : model.entrySet()) {
      assertThat(HeadTest.read(reader, each.getKey(), 0, 999_999)).isEqualTo(each.getValue());
      count += each.getValue().size();
      for (long time : each.getValue().keySet()) {
        assertThat(head.late().minTime()).isLessThanOrEqualTo(time);
        assertThat(head.late().maxTime()).isGreaterThanOrEqualTo(time);
      }
    }
    assertThat(head.late().samples()).isEqualTo(count);
  }

  @Test
  void readersSeeWholeSeriesWhileLateSamplesComeAndGo() throws InterruptedException {
    Head head = newHead();
    int[] refs = new int[4];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = head.findOrMake(Labels.of("n", "" + i), "t", 99);
      head.append(refs[i], 1_000_000, valueAt(1_000_000));
    }
    var done = new AtomicBoolean();
    var wrong = new AtomicReference<String>("");
    Thread observer =
        Thread.ofPlatform()
            .start(() -> {
              var columns = new SampleColumns();
              HeadReader reader = head.reader();
              int[] most = new int[refs.length];
              while (!done.get()) {
                for (int i = 0; i < refs.length; i++) {
                  reader.read(refs[i], Long.MIN_VALUE, Long.MAX_VALUE, columns.clear());
                  String found = flaw(columns);
                  if (!found.isEmpty() || columns.size() < most[i]) {
                    wrong.set(found + " of " + columns.size() + " after " + most[i]);
                    return;
                  }
                  most[i] = columns.size();
                }
              }
            });
    var random = new Random(1);
    for (int n = 0; n < 40_000; n++) {
      int ref = refs[n & 3];
      long time = random.nextInt(6_000);
      head.late().offer(ref, time, valueAt(time));
      if (n % 1_000 == 999) {
        // Nothing is lost by it, as nothing lies before the end of the release.
        head.late().settle(0, head.referenceEnd(), random.nextInt(6_000));
        head.late().beginRelease();
        head.late().release(0, head.referenceEnd(), Long.MIN_VALUE);
        head.late().endRelease();
      }
    }
    done.set(true);
    observer.join();
    assertThat(wrong.get()).isEmpty();
  }

  private static String flaw(SampleColumns columns) {
    for (int k = 0; k < columns.size(); k++) {
      long time = columns.timestamps()[k];
      if (k > 0 && time <= columns.timestamps()[k - 1]) {
        return "%d behind %d".formatted(time, columns.timestamps()[k - 1]);
      }
      if (columns.values()[k] != valueAt(time)) {
        return "%s at %d".formatted(columns.values()[k], time);
      }
    }
    return columns.size() == 0 ? "nothing" : "";
  }

  private static double valueAt(long time) {
    return Math.sqrt((double) time);
  }
}
