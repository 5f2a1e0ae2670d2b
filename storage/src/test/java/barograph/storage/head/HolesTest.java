package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolesTest {
  private static final int STEP = 15_000;

  /// Of a hundred rows, how many a series misses.
  private static final int[] MISSED = {0, 1, 5, 20, 40, 60, 95};

  private static final int KINDS = 5;
  private static final int SERIES = MISSED.length * KINDS;

  @TempDir Path root;
  private Path folder = Path.of("");
  private Path quarantine = Path.of("");

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createDirectory(root.resolve("head"));
    quarantine = Files.createDirectory(root.resolve("quarantine"));
  }

  private Head newHead() {
    return new Head(new FileDisk(), folder, 7);
  }

  private static double value(int kind, int row, Random random) {
    return switch (kind) {
      case 0 -> 7;
      case 1 -> row * 3.0;
      case 2 -> random.nextInt(1000) / 100.0;
      case 3 -> random.nextGaussian();
      default ->
          random.nextInt(5) == 0
              ? Double.NaN
              : random.nextInt(3) == 0 ? -0.0 : Math.floorDiv(row, 40);
    };
  }

  private record Missed(int ref, long time, double value) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatMissesRowsOfItsTargetReadsAsTheNaiveModelAlsoAfterRestarts(long seed)
      throws IOException {
    var random = new Random(seed);
    Head head = newHead();
    var model = new TreeMap<Integer, NavigableMap<Long, Double>>();
    int[] refs = new int[SERIES];
    for (int i = 0; i < SERIES; i++) {
      refs[i] = head.findOrMake(Labels.of("n", "" + i), "t", 99);
      model.put(refs[i], new TreeMap<>());
    }
    var missed = new ArrayList<Missed>();
    int[] absentUntil = new int[SERIES];
    for (int row = 0; row < 700; row++) {
      long time = (long) row * STEP + (random.nextBoolean() ? random.nextInt(3) : 0);
      for (int i = 0; i < SERIES; i++) {
        if (random.nextInt(300) == 0) {
          absentUntil[i] = row + random.nextInt(40);
        }
        double value = value(i / MISSED.length, row, random);
        if (row < absentUntil[i] || random.nextInt(100) < MISSED[i % MISSED.length]) {
          missed.add(new Missed(refs[i], time, value));
        } else {
          assertThat(head.append(refs[i], time, value)).isEqualTo(Appended.STORED);
          samples(model, refs[i]).put(time, value);
        }
      }
      while (!missed.isEmpty() && random.nextInt(4) != 0) {
        offerLate(head, missed.remove(random.nextInt(missed.size())), model);
      }
      if (random.nextInt(150) == 0) {
        head.checkpoint(row);
        head.close();
        head = newHead();
        assertThat(head.restore(quarantine).damages()).isEmpty();
      }
    }
    HeadReader reader = head.reader();
    model.forEach((ref, samples) -> {
      assertThat(HeadTest.read(reader, ref, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(samples);
      long from = (long) random.nextInt(700) * STEP;
      long to = from + (long) random.nextInt(300) * STEP;
      assertThat(HeadTest.read(reader, ref, from, to))
          .isEqualTo(new TreeMap<>(samples.subMap(from, true, to, true)));
    });
    head.close();
  }

  private static NavigableMap<Long, Double> samples(
      Map<Integer, NavigableMap<Long, Double>> model, int ref) {
    return model.computeIfAbsent(ref, _ -> new TreeMap<>());
  }

  private static void offerLate(
      Head head, Missed late, Map<Integer, NavigableMap<Long, Double>> model) {
    var samples = samples(model, late.ref);
    Appended inOrder = head.append(late.ref, late.time, late.value);
    if (samples.isEmpty() || late.time > samples.lastKey()) {
      assertThat(inOrder).isEqualTo(Appended.STORED);
    } else {
      assertThat(inOrder).isEqualTo(Appended.OUT_OF_ORDER);
      assertThat(head.late().offer(late.ref, late.time, late.value)).isEqualTo(Appended.LATE);
      assertThat(head.late().offer(late.ref, late.time, late.value)).isEqualTo(Appended.REPEATED);
      assertThat(head.late().offer(late.ref, late.time, late.value + 1))
          .isEqualTo(Double.isNaN(late.value) ? Appended.REPEATED : Appended.CONTRADICTING);
    }
    samples.put(late.time, late.value);
  }

  @Test
  void aSeriesThatMissesFewRowsStaysInThemAndOneThatMissesManyGetsTimesOfItsOwn()
      throws IOException {
    var random = new Random(4);
    Head head = newHead();
    int steady = head.findOrMake(Labels.of("n", "steady"), "t", 99);
    int few = head.findOrMake(Labels.of("n", "few"), "t", 99);
    int many = head.findOrMake(Labels.of("n", "many"), "t", 99);
    for (int row = 0; row < 100; row++) {
      head.append(steady, row, row);
      if (row == 0 || random.nextInt(20) != 0) {
        head.append(few, row, row);
      }
      if (row % 3 == 0) {
        head.append(many, row, row);
      }
    }

    assertThat(List.of(steady, few, many))
        .extracting(ref -> copyOf(head, ref).hasOwnTimes)
        .containsExactly(false, false, true);
    assertThat(copyOf(head, few).holes).isPositive();
    assertThat(head.sealedChunks()).isZero();
    head.close();
  }

  private static StreamCopy copyOf(Head head, int ref) {
    var copy = new StreamCopy();
    copy.take(head, ref);
    return copy;
  }
}
