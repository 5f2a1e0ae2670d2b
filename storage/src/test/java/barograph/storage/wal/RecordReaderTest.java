package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.model.Labels;
import barograph.storage.wal.Replayed.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {
  private static final int[] REFS = {10, 11, 12, 13, 14};

  /// A frame of what `writer` holds, which then goes on with the next.
  private static byte[] cut(RecordWriter writer) {
    byte[] frame = Arrays.copyOf(writer.bytes(), writer.size());
    writer.clear();
    return frame;
  }

  private static void read(RecordReader reader, byte[] frame) throws CorruptLogException {
    reader.read(Arrays.copyOf(frame, frame.length + Long.BYTES), frame.length);
  }

  private static double[] counters(int row) {
    return Arrays.stream(REFS).mapToDouble(ref -> 1000.0 * ref + row).toArray();
  }

  /// A hundred frames with a row each.
  private static List<byte[]> rows(RecordWriter writer, int target) {
    var frames = new ArrayList<byte[]>();
    for (int row = 0; row < 100; row++) {
      writer.row(target, row, REFS, counters(row), 0, REFS.length);
      frames.add(cut(writer));
    }
    return frames;
  }

  private static RecordReader reader(Replayed into) {
    var reader = new RecordReader(into);
    reader.startSegment(0);
    return reader;
  }

  private static RecordWriter writer() {
    var writer = new RecordWriter();
    writer.startSegment(0);
    return writer;
  }

  @ParameterizedTest(name = "frame {0} is lost")
  @ValueSource(ints = {0, 1, 17, 31, 32, 50, 98})
  void aLostRowCostsWhatFollowsUpToTheNextAbsoluteRow(int lost) throws CorruptLogException {
    var frames = rows(writer(), 3);
    var replayed = new Replayed();
    var reader = reader(replayed);
    for (int row = 0; row < frames.size(); row++) {
      if (row == lost) {
        reader.lost(1);
      } else {
        read(reader, frames.get(row));
      }
    }
    int nextAbsolute = Math.min(100, (lost / 32 + 1) * 32);
    assertThat(reader.lostSamples()).isEqualTo((nextAbsolute - lost - 1L) * REFS.length);
    assertThat(replayed.points).hasSize((100 - (nextAbsolute - lost)) * REFS.length);
    for (int row = 0; row < 100; row++) {
      if (row < lost || row >= nextAbsolute) {
        assertThat(replayed.points).contains(Point.of(12, row, 12_000 + row));
      }
    }
  }

  @Test
  void aLostRowOfOneTargetCostsTheOthersNothing() throws CorruptLogException {
    var writer = writer();
    var replayed = new Replayed();
    var reader = reader(replayed);
    int[] others = {20, 21, 22};
    for (int row = 0; row < 20; row++) {
      writer.row(1, row, REFS, counters(row), 0, REFS.length);
      byte[] mine = cut(writer);
      writer.row(2, row, others, new double[] {row, 2.0 * row, 0.5 * row}, 0, 3);
      byte[] theirs = cut(writer);
      if (row == 5) {
        reader.lost(1);
      } else {
        read(reader, mine);
      }
      read(reader, theirs);
    }
    assertThat(replayed.points.stream().filter(point -> point.ref() >= 20)).hasSize(60);
    assertThat(replayed.points.stream().filter(point -> point.ref() < 20)).hasSize(25);
  }

  @Test
  void whenManyFramesAreLostNoChainIsTrusted() throws CorruptLogException {
    var writer = writer();
    var frames = rows(writer, 3);
    var replayed = new Replayed();
    var reader = reader(replayed);
    read(reader, frames.get(0));
    reader.lost(LogFormat.CHAIN_MASK + 1);
    read(reader, frames.get(1));
    assertThat(replayed.points).hasSize(REFS.length);
    assertThat(reader.lostSamples()).isEqualTo(REFS.length);
  }

  @Test
  void aRowOutOfItsPlaceIsAnErrorWhenNothingWasLost() throws CorruptLogException {
    var frames = rows(writer(), 3);
    var reader = reader(new Replayed());
    read(reader, frames.get(0));
    assertThatExceptionOfType(CorruptLogException.class)
        .isThrownBy(() -> read(reader, frames.get(2)))
        .withMessage("row 2 of target 3, expected row 1");
  }

  @Test
  void whatDamageLeavesUnnamedTakesNoMoreThanAMillionPositions() throws CorruptLogException {
    var reader = reader(new Replayed());
    reader.lost(1);
    // Position 900,000 of target 1, as what named those before it may be lost.
    byte[] far = {LogFormat.LAYOUT, 1, (byte) 0xa0, (byte) 0xf7, 0x36, 1, 2};
    read(reader, far);
    byte[] again = far.clone();
    again[1] = 2;
    assertThatExceptionOfType(CorruptLogException.class)
        .isThrownBy(() -> read(reader, again))
        .withMessage("position 900000 in a layout of 0, expected none skipped");
  }

  @Test
  void labelsThatAreNotSortedAreAnError() {
    byte[] frame = {LogFormat.SERIES, 1, 1, 2, 1, 'b', 1, 'x', 1, 'a', 1, 'y'};
    assertThatExceptionOfType(CorruptLogException.class)
        .isThrownBy(() -> read(reader(new Replayed()), frame))
        .withMessage("label \"a\" follows \"b\", expected them sorted");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void anyBytesAreReadOrRefusedWithoutHarm(long seed) {
    var random = new Random(seed);
    var writer = writer();
    for (int i = 0; i < 40; i++) {
      int[] refs = random.ints(0, 300).distinct().limit(1 + random.nextInt(60)).toArray();
      double[] values = random.doubles(refs.length).toArray();
      writer.row(random.nextInt(3), i, refs, values, 0, refs.length);
      writer.series(i, 1, Labels.of("a", "b" + i, "c", "d"));
      writer.target(i, "t");
      writer.run(i, new long[] {1, 2, 4}, new double[] {1, 2, 2}, 0, 3);
    }
    byte[] good = cut(writer);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = random.nextInt(10) == 0 ? new byte[random.nextInt(200)] : good.clone();
      if (bad.length != good.length) {
        random.nextBytes(bad);
      }
      for (int flips = random.nextInt(6); flips > 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      var reader = reader(new Replayed());
      if (random.nextBoolean()) {
        reader.lost(1);
      }
      try {
        read(reader, bad);
      } catch (CorruptLogException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }
}
