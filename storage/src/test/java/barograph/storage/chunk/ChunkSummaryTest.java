package barograph.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Staleness;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSummaryTest {
  private final ByteSink sink = new ByteSink();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void tellsWhatALookAtEveryValueTells(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      double[] values = random(random);
      var written = new ChunkSummary();
      written.take(values, 0, values.length);
      written.writeTo(sink.clear());
      var read = new ChunkSummary();
      var cursor = new ByteCursor().reset(sink.array(), 0, sink.size());
      read.readFrom(cursor);
      assertThat(cursor.remaining()).isZero();
      assertTrue(read, values);
    }
  }

  private static void assertTrue(ChunkSummary summary, double[] values) {
    String what = Arrays.toString(values);
    boolean stale = Arrays.stream(values).anyMatch(Staleness::isMarker);
    assertThat(summary.isSilent()).as(what).isEqualTo(stale);
    if (stale) {
      return;
    }
    assertSame(summary.first(), values[0], what);
    assertSame(summary.last(), values[values.length - 1], what);
    assertSame(summary.least(), extreme(values, -1), what);
    assertSame(summary.greatest(), extreme(values, 1), what);
    boolean rising = true;
    for (int i = 0; i < values.length; i++) {
      rising &= !Double.isNaN(values[i]) && (i == 0 || values[i] >= values[i - 1]);
    }
    if (summary.isRising()) {
      assertThat(rising).as(what).isTrue();
      assertSame(summary.first(), summary.least(), what);
      assertSame(summary.last(), summary.greatest(), what);
    } else if (rising) {
      assertThat(values).as("only zeros keep a rise from being one").contains(0.0, -0.0);
    }
  }

  /// The first of the values that no other is beyond, in the direction of `sign`.
  private static double extreme(double[] values, int sign) {
    double best = Double.NaN;
    for (double value : values) {
      if (!Double.isNaN(value) && (Double.isNaN(best) || sign * value > sign * best)) {
        best = value;
      }
    }
    return best;
  }

  private static void assertSame(double found, double expected, String what) {
    if (Double.isNaN(expected)) {
      assertThat(found).as(what).isNaN();
    } else {
      assertThat(Double.doubleToRawLongBits(found))
          .as("%s of %s", found, what)
          .isEqualTo(Double.doubleToRawLongBits(expected));
    }
  }

  private static double[] random(Random random) {
    var values = new double[1 + random.nextInt(6)];
    int shape = random.nextInt(7);
    double value = random.nextInt(100);
    for (int i = 0; i < values.length; i++) {
      value =
          switch (shape) {
            case 0 -> value + random.nextInt(3);
            case 1 -> value + random.nextInt(5) - 1;
            case 2 -> random.nextBoolean() ? 0.0 : -0.0;
            case 3 -> random.nextGaussian();
            case 4 -> random.nextInt(1000) / 1000.0;
            case 5 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt(9) - 4;
          };
      boolean odd = random.nextInt(12) == 0;
      values[i] = odd ? oddity(random) : value;
    }
    return values;
  }

  private static double oddity(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Staleness.MARKER;
      case 1 -> Double.NaN;
      case 2 -> Double.POSITIVE_INFINITY;
      default -> -Double.MAX_VALUE;
    };
  }
}
