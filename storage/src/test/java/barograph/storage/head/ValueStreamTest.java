package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Staleness;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueStreamTest {
  private final Cells cells = new Cells();
  private final int cell = cells.allocatePage();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesBackEveryBitOfWhatItTook(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      double[] values = randomValues(random, 1 + random.nextInt(200));
      int taken = append(values);
      assertThat(bits(read(taken), taken)).isEqualTo(bits(values, taken));
      clear();
    }
    assertThat(cells.cellsInUse()).isZero();
  }

  @Test
  void keepsOnlyTheNumberOfAConstantRun() {
    var values = new double[1000];
    java.util.Arrays.fill(values, 42.5);
    assertThat(append(values)).isEqualTo(1000);
    assertThat(cells.cellsInUse()).isZero();
    assertThat(bits(read(1000), 1000)).isEqualTo(bits(values, 1000));
  }

  @Test
  void aStreamPutBackGoesOnAsIfNothingHadHappened() {
    double[] values = randomValues(new Random(11), 100);
    int half = append(java.util.Arrays.copyOf(values, 50));
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    var words = new long[BitStream.MAX_WORDS];
    int count = BitStream.copy(cells, record, at, words);
    int accumulated = record.get(at + BitStream.ACCUMULATED);
    BitStream.clear(cells, record, at);
    BitStream.restore(cells, record, at, words, count, accumulated);
    int taken = half;
    while (taken < 100 && !BitStream.isNearlyFull(record, at, ValueStream.MOST_BITS)) {
      ValueStream.append(cells, record, at, values[taken++]);
    }
    assertThat(taken).isGreaterThan(half);
    assertThat(bits(read(taken), taken)).isEqualTo(bits(values, taken));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void manyAtOnceBecomeTheSameBitsAsOneByOne(long seed) {
    var random = new Random(seed);
    int other = cells.allocatePage();
    for (int round = 0; round < 300; round++) {
      double[] values = randomValues(random, 1 + random.nextInt(200));
      int stride = 1 + random.nextInt(3);
      var spread = new double[values.length * stride];
      for (int i = 0; i < values.length; i++) {
        spread[i * stride] = values[i];
      }
      int taken = append(values);
      assertThat(appendInPieces(other, spread, stride, taken, random)).isEqualTo(taken);
      assertThat(fields(other)).isEqualTo(fields(cell));
      assertThat(words(other)).isEqualTo(words(cell));
      clear(other);
      clear();
    }
  }

  /// Appends as many of the values as `count` says, some of them at a time.
  private int appendInPieces(int to, double[] values, int stride, int count, Random random) {
    ByteBuffer record = cells.slab(to);
    int at = Cells.offset(to);
    ValueStream.append(cells, record, at, values[0]);
    int taken = 1;
    while (taken < count) {
      int piece = 1 + random.nextInt(count - taken);
      int done = 0;
      if (record.getShort(at + Series.LEAD) != 0) {
        done = ValueStream.extendRun(record, at, values, taken * stride, stride, piece);
      }
      if (done < piece) {
        done +=
            ValueStream.appendAll(
                cells, record, at, values, (taken + done) * stride, stride, piece - done);
      }
      if (done == 0) {
        // The last fragment: there they go one by one.
        assertThat(BitStream.hasFewFragmentsLeft(record, at)).isTrue();
        ValueStream.append(cells, record, at, values[taken * stride]);
        done = 1;
      }
      taken += done;
    }
    return taken;
  }

  /// A record but for the number of its last fragment.
  private byte[] fields(int of) {
    var fields = new byte[Cells.BYTES];
    cells.slab(of).get(Cells.offset(of), fields);
    java.util.Arrays.fill(fields, BitStream.TAIL, BitStream.TAIL + Integer.BYTES, (byte) 0);
    return fields;
  }

  private long[] words(int of) {
    var words = new long[BitStream.MAX_WORDS];
    BitStream.copy(cells, cells.slab(of), Cells.offset(of), words);
    return words;
  }

  private int append(double[] values) {
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    int taken = 0;
    while (taken < values.length && !BitStream.isNearlyFull(record, at, ValueStream.MOST_BITS)) {
      ValueStream.append(cells, record, at, values[taken++]);
    }
    return taken;
  }

  private double[] read(int count) {
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    var words = new long[BitStream.MAX_WORDS];
    BitStream.copy(cells, record, at, words);
    var values = new double[count];
    ValueStream.decode(
        words,
        count,
        record.getShort(at + Series.LEAD),
        record.getLong(at + Series.LAST_BITS),
        values,
        0,
        new Holes());
    return values;
  }

  private void clear() {
    clear(cell);
  }

  private void clear(int of) {
    BitStream.clear(cells, cells.slab(of), Cells.offset(of));
    cells.clear(of);
  }

  private static long[] bits(double[] values, int count) {
    var bits = new long[count];
    for (int i = 0; i < count; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }

  /// Counters, gauges with few decimals, noise and odd numbers, in runs.
  static double[] randomValues(Random random, int count) {
    var values = new double[count];
    double value = 0;
    int kind = random.nextInt(7);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(40) == 0) {
        kind = random.nextInt(7);
      }
      value =
          switch (kind) {
            case 0 -> value;
            case 1 -> Math.rint(value) + random.nextInt(1000);
            case 2 -> Math.rint(random.nextDouble() * 1e4) / 100;
            case 3 -> random.nextGaussian();
            case 4 -> Double.longBitsToDouble(random.nextLong());
            case 5 -> random.nextInt(3) == 0 ? Math.rint(random.nextDouble() * 1e9) / 1e7 : value;
            default ->
                switch (random.nextInt(7)) {
                  case 0 -> Double.NaN;
                  case 1 -> Staleness.MARKER;
                  case 2 -> -0.0;
                  case 3 -> Double.POSITIVE_INFINITY;
                  case 4 -> Double.MIN_VALUE;
                  case 5 -> Double.MAX_VALUE;
                  default -> 1;
                };
          };
      values[i] = value;
    }
    return values;
  }
}
