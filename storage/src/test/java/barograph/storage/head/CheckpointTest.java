package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.chunk.ByteSink;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
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

class CheckpointTest {
  private static final int SERIES = 30;

  @TempDir Path root;
  private Path folder = Path.of("");
  private Path quarantine = Path.of("");

  private record Sent(int ref, long time, double value) {}

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createDirectory(root.resolve("head"));
    quarantine = Files.createDirectory(root.resolve("quarantine"));
  }

  private Head newHead(long key) {
    return new Head(new FileDisk(), folder, key);
  }

  private static Labels labels(int i) {
    return Labels.of("__name__", "m" + i % 7, "n", "value " + i, "job", "é");
  }

  private static String target(int i) {
    return "t" + i % 4;
  }

  private static List<Sent> randomSamples(Random random, int steps, int[] refs) {
    var sent = new ArrayList<Sent>();
    var clock = new long[SERIES];
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < SERIES; i++) {
        if (random.nextInt(30) == 0) {
          continue;
        }
        boolean own = i % 6 == 5;
        long time = own ? clock[i] + 1 + random.nextInt(40) : step * 25L;
        clock[i] = time;
        double value = i % 3 == 0 ? 8 : i % 3 == 1 ? step * 0.25 : random.nextGaussian();
        sent.add(new Sent(refs[i], time, value));
      }
    }
    return sent;
  }

  @Test
  void whatItWillWriteIsKnownBeforehandAlsoRightAfterAllStreamsWereSealed() throws IOException {
    var random = new Random(1);
    Head head = newHead(1);
    int series = 1000;
    for (int row = 0; row < 500; row++) {
      if (row == 300) {
        head.close();
        head = newHead(2);
        head.restore(quarantine);
      }
      series += row % 50 == 7 ? 100 : 0;
      long chunks = head.sealedChunks();
      for (int i = 0; i < series; i++) {
        int ref = head.findOrMake(Labels.of("__name__", "m", "n", "" + i), "t", 9999);
        head.append(ref, row * 15L, random.nextGaussian());
        if (row % 100 < 50 && random.nextInt(20) == 0) {
          head.late().offer(ref, row * 15L - 1 - random.nextInt(14), 1);
        }
      }
      if (row % 40 == 39 || row == 299 || head.sealedChunks() > chunks + 900) {
        long told = head.bytesToCheckpoint();
        long before = bytesInFolder();
        List<Path> superfluous = head.checkpoint(row);
        long written = bytesInFolder() - before;
        assertThat(told).as("row %d", row).isBetween(written / 100 * 90, written / 100 * 110);
        for (Path each : superfluous) {
          Files.delete(each);
        }
      }
    }
    head.close();
  }

  private long bytesInFolder() throws IOException {
    long sum = 0;
    for (Path file : new FileDisk().list(folder)) {
      sum += Files.size(file);
    }
    return sum;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void withTheLogBehindItGivesBackTheHeadThatItWasTakenOf(long seed) throws IOException {
    var random = new Random(seed);
    Head head = newHead(1);
    int[] refs = new int[SERIES];
    for (int i = 0; i < SERIES; i++) {
      refs[i] = head.findOrMake(labels(i), target(i), 100);
    }
    List<Sent> sent = randomSamples(random, 700, refs);
    int rotated = random.nextInt(sent.size());
    int taken = rotated + random.nextInt(sent.size() - rotated);
    var model = new TreeMap<Integer, NavigableMap<Long, Double>>();
    for (int i = 0; i < sent.size(); i++) {
      if (i == taken) {
        assertThat(head.checkpoint(7)).isEmpty();
      }
      Sent one = sent.get(i);
      head.append(one.ref, one.time, one.value);
      model.computeIfAbsent(one.ref, absent -> new TreeMap<>()).put(one.time, one.value);
    }
    head.close();

    Head again = newHead(2);
    Checkpoint checkpoint = again.restore(quarantine);
    assertThat(checkpoint).isEqualTo(new Checkpoint(7, Long.MIN_VALUE, List.of(), 0));
    for (Sent one : sent.subList(rotated, sent.size())) {
      assertThat(again.restoreSample(one.ref, one.time, one.value)).isTrue();
    }
    HeadReader reader = again.reader();
    for (int i = 0; i < SERIES; i++) {
      assertThat(again.find(labels(i))).isEqualTo(refs[i]);
      assertThat(HeadTest.read(reader, refs[i], Long.MIN_VALUE, Long.MAX_VALUE))
          .isEqualTo(model.get(refs[i]));
    }
    assertThat(again.maxTime()).isEqualTo(head.maxTime());
    assertThat(again.findOrMake(Labels.of("x", "new"), "t0", 100)).isGreaterThanOrEqualTo(SERIES);
  }

  @Test
  void aDeletionHidesNothingThatComesAfterAStartThatHasForgottenTheFloor() throws IOException {
    Head head = newHead(1);
    int ref = head.findOrMake(labels(0), target(0), 100);
    head.append(ref, 1_000, 1);
    head.raiseFloor(10_000);
    assertThat(head.bury(List.of(), TimeRange.ALL).inOrder().isEmpty()).isFalse();
    head.checkpoint(1);
    head.close();

    Head again = newHead(2);
    again.restore(quarantine);
    assertThat(again.append(ref, 5_000, 2)).isEqualTo(Appended.STORED);
    assertThat(HeadTest.read(again.reader(), ref, Long.MIN_VALUE, Long.MAX_VALUE))
        .isEqualTo(Map.of(5_000L, 2.0));
  }

  @Test
  void aFlippedBitCostsNoMoreThanItsFrame() throws IOException {
    Head head = newHead(1);
    int[] refs = new int[3000];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = head.findOrMake(Labels.of("n", "" + i), "t", 9999);
      for (int k = 0; k < 50; k++) {
        head.append(refs[i], k * 10L, Math.sin(i + k));
      }
    }
    head.checkpoint(3);
    head.close();
    Path file = folder.resolve("checkpoint-0000000000000003");
    byte[] bytes = Files.readAllBytes(file);
    bytes[200_000] ^= 4;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);

    Head again = newHead(1);
    Checkpoint checkpoint = again.restore(quarantine);
    assertThat(checkpoint.segment()).isEqualTo(3);
    assertThat(checkpoint.damages()).hasSize(1).first().asString().contains("checksum");
    assertThat(again.seriesCount()).isBetween(1000, 2999);
  }

  @Test
  void whatIsNoCheckpointIsMovedAside() throws IOException {
    Files.writeString(folder.resolve("checkpoint-0000000000000009"), "this is something else");
    Checkpoint checkpoint = newHead(1).restore(quarantine);
    assertThat(checkpoint.segment()).isZero();
    assertThat(checkpoint.damages()).hasSize(1);
    assertThat(quarantine.resolve("checkpoint-0000000000000009")).exists();
  }

  @Test
  void aTargetOfAnyNumberIsFoundWithoutLookingForAllBelowIt() throws IOException {
    Head head = newHead(1);
    head.restoreTarget(5, "low");
    head.restoreTarget(Targets.MOST - 1, "high");
    assertThat(head.targets.next(0)).isEqualTo(5);
    assertThat(head.targets.next(6)).isEqualTo(Targets.MOST - 1);
    assertThat(head.targets.next(Targets.MOST)).isEqualTo(-1);
    assertThat(head.findOrMake(Labels.of("n", "more"), "another", 99))
        .isEqualTo(SeriesBudget.TOTAL_TAKEN);
    head.checkpoint(1);
    head.close();
    Head again = newHead(1);
    assertThat(again.restore(quarantine).damages()).isEmpty();
    assertThat(again.knownTargets()).isEqualTo(2);
  }

  private void writeCheckpoint(ByteSink... frames) throws IOException {
    var file = new ByteSink();
    file.putInt(Checkpoint.MAGIC);
    file.putInt(Checkpoint.MAJOR);
    file.putLong(9);
    for (ByteSink frame : frames) {
      file.putInt(frame.size());
      file.putInt(Checksum.of(frame.array(), 0, frame.size()));
      file.putBytes(frame.array(), 0, frame.size());
    }
    byte[] bytes = Arrays.copyOf(file.array(), file.size());
    Files.write(folder.resolve("checkpoint-0000000000000009"), bytes);
  }

  @ParameterizedTest(name = "frame of kind {0}")
  @ValueSource(
      ints = {
        Checkpoint.SERIES,
        Checkpoint.LATE,
        Checkpoint.LATE_HISTOGRAMS,
        Checkpoint.HISTOGRAMS,
        Checkpoint.TARGETS
      })
  void aNumberThatIsNeverGivenIsDamage(int kind) throws IOException {
    var payload = new ByteSink();
    payload.putByte(kind);
    payload.putVarint(Integer.MAX_VALUE - 1);
    for (int i = 0; i < 40; i++) {
      payload.putByte(0);
    }
    writeCheckpoint(payload);
    Head head = newHead(1);
    assertThat(head.restore(quarantine).damages())
        .anySatisfy(damage -> assertThat(damage).contains("is 2147483646, more than 1073741823"));
    assertThat(head.referenceEnd()).isZero();
    assertThat(head.knownTargets()).isZero();
  }

  @Test
  void aSeriesNumberedBehindTheLastOneIsDamage() throws IOException {
    var series = new ByteSink();
    series.putByte(Checkpoint.SERIES);
    series.putVarint(10);
    for (int i = 0; i < 40; i++) {
      series.putByte(0);
    }
    var end = new ByteSink();
    end.putByte(Checkpoint.END);
    end.putVarint(1);
    end.putVarint(10);
    for (int i = 0; i < 3; i++) {
      end.putLong(0);
    }
    writeCheckpoint(series, end);
    Head head = newHead(1);
    Checkpoint checkpoint = head.restore(quarantine);
    assertThat(checkpoint.damages())
        .anySatisfy(damage -> assertThat(damage).contains("is 10, more than 9"));
    assertThat(checkpoint.lostSeries()).isEqualTo(1);
    assertThat(head.referenceEnd()).isEqualTo(10);
    assertThat(head.seriesCount()).isZero();
  }

  @Test
  void truncationLetsGoOfWhatIsBeforeTheFloorAndOfSilentSeries() throws IOException {
    Head head = newHead(1);
    int minute = 60_000;
    int steady = head.findOrMake(Labels.of("n", "steady"), "t", 99);
    int silent = head.findOrMake(Labels.of("n", "silent"), "t", 99);
    int own = head.findOrMake(Labels.of("n", "own"), "t", 99);
    int never = head.findOrMake(Labels.of("n", "never"), "t", 99);
    for (int i = 0; i < 600; i++) {
      head.append(steady, i * (long) minute, i);
      if (i < 200) {
        head.append(silent, i * (long) minute, i);
      }
      head.append(own, i * (long) minute + 7 - i % 3, i);
    }
    head.settle(300L * minute);
    head.truncate(0, head.referenceEnd());
    head.finishTruncation(true);
    HeadReader reader = head.reader();
    assertThat(HeadTest.read(reader, steady, 300L * minute, Long.MAX_VALUE)).hasSize(300);
    assertThat(HeadTest.read(reader, own, 300L * minute, Long.MAX_VALUE)).hasSize(300);
    assertThat(HeadTest.read(reader, silent, Long.MIN_VALUE, Long.MAX_VALUE)).isEmpty();
    assertThat(head.append(silent, 601L * minute, 1)).isEqualTo(Appended.UNKNOWN);
    assertThat(head.find(Labels.of("n", "silent"))).isEqualTo(-1);
    assertThat(head.append(never, 600L * minute, 1)).isEqualTo(Appended.STORED);
    assertThat(head.append(steady, 600L * minute, 1)).isEqualTo(Appended.STORED);
    assertThat(head.append(own, 600L * minute + 1, 1)).isEqualTo(Appended.STORED);
    assertThat(head.minTime()).isEqualTo(300L * minute);
    assertThat(head.findOrMake(Labels.of("n", "silent"), "t", 99)).isNotEqualTo(silent);
  }
}
