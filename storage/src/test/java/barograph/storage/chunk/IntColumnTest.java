package barograph.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntColumnTest {
  private final ByteSink sink = new ByteSink();
  private final IntColumnDecoder decoder = new IntColumnDecoder();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everyIntegerComesBack(long seed) {
    var random = new Random(seed);
    var fast = new IntColumnEncoder(false);
    var dense = new IntColumnEncoder(true);
    for (int round = 0; round < 5_000; round++) {
      assertRoundTrip(round % 2 == 0 ? fast : dense, randomColumn(random));
    }
  }

  @Test
  void timestampsAtAFixedStepTakeAFewBytes() {
    var column = new long[1024];
    for (int i = 0; i < column.length; i++) {
      column[i] = 1_790_000_000_123L + 15_000L * i;
    }
    assertThat(assertRoundTrip(new IntColumnEncoder(false), column)).isLessThan(14);
  }

  @Test
  void aCommonDivisorIsTakenOut() {
    var random = new Random(5);
    var column = new long[1024];
    for (int i = 1; i < column.length; i++) {
      column[i] = column[i - 1] + 4096L * random.nextInt(4);
    }
    assertThat(assertRoundTrip(new IntColumnEncoder(false), column)).isLessThan(256 + 16);
  }

  @ParameterizedTest(name = "times {0}")
  @ValueSource(longs = {3, 1000, 4096, 60_000, 7L << 40, -5, 1L << 62})
  void aDivisorOfAllStepsIsTakenOutWhateverItIs(long divisor) {
    var random = new Random(6);
    var small = new long[300];
    var large = new long[300];
    for (int i = 1; i < small.length; i++) {
      int step = random.nextInt(8);
      small[i] = small[i - 1] + step;
      large[i] = large[i - 1] + divisor * step;
    }
    assertThat(assertRoundTrip(new IntColumnEncoder(false), large))
        .isLessThanOrEqualTo(assertRoundTrip(new IntColumnEncoder(false), small) + 16);
  }

  private int assertRoundTrip(IntColumnEncoder encoder, long[] column) {
    sink.clear();
    int least = encoder.weigh(column, 0, column.length);
    encoder.write(sink);
    assertThat(sink.size()).isGreaterThanOrEqualTo(least);
    var decoded = new long[column.length];
    decoder.decode(sink.array(), 0, sink.size(), column.length, decoded, 0);
    assertThat(decoded).isEqualTo(column);
    byte[] exact = sink.toByteArray();
    decoder.decode(exact, 0, exact.length, column.length, decoded, 0);
    assertThat(decoded).isEqualTo(column);
    return exact.length;
  }

  private static long[] randomColumn(Random random) {
    int count = 1 + random.nextInt(random.nextInt(10) == 0 ? ChunkEncoder.MAX_SAMPLES : 300);
    int shape = random.nextInt(8);
    int shift = random.nextInt(64);
    long value = random.nextLong() >> shift;
    long step = random.nextLong() >> shift;
    var column = new long[count];
    for (int i = 0; i < count; i++) {
      value =
          switch (shape) {
            case 0 -> random.nextLong() >> shift;
            case 1 -> value + step;
            case 2 -> value + step + random.nextInt(8);
            case 3 -> value + (random.nextLong() >>> shift);
            case 4 -> random.nextInt(50) == 0 ? random.nextLong() : random.nextInt(16);
            case 5 -> value + 12L * random.nextInt(1000);
            case 6 -> value + (random.nextLong() >> random.nextInt(64));
            default -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
          };
      column[i] = value;
    }
    return column;
  }
}
