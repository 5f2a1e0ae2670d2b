package barograph.query.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Functions that keep state from window to window give the bits that a fresh look would.
class SlidingWindowsTest {
  private static final int SAMPLES = 400;

  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({
    "RATE, 1",
    "RATE, 2",
    "INCREASE, 1",
    "CHANGES, 1",
    "CHANGES, 2",
    "RESETS, 1",
    "RESETS, 2",
    "MIN_OVER_TIME, 1",
    "MIN_OVER_TIME, 2",
    "MAX_OVER_TIME, 1",
    "MAX_OVER_TIME, 2",
    "DELTA, 1",
    "QUANTILE_OVER_TIME, 1",
    "SUM_OVER_TIME, 1",
  })
  void aSlidingWindowYieldsWhatAFreshOneDoes(RangeFunction function, long seed) {
    var random = new Random(seed);
    var times = new long[SAMPLES];
    var values = new double[SAMPLES];
    long time = 0;
    for (int i = 0; i < SAMPLES; i++) {
      time += 1 + random.nextInt(20_000);
      times[i] = time;
      values[i] =
          switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> 0;
            case 2 -> i == 0 ? 1 : values[i - 1];
            case 3 -> Double.POSITIVE_INFINITY;
            default -> random.nextInt(50);
          };
    }
    var sliding = function.fresh();
    var window = new Window();
    window.series(times, values, SAMPLES);
    sliding.start(window);
    int from = 0;
    int to = 0;
    for (int step = 0; step < 300; step++) {
      to = Math.min(SAMPLES, to + random.nextInt(4));
      from = Math.min(Math.max(from, to - 1 - random.nextInt(40)), Math.max(0, to - 1));
      if (from >= to) {
        continue;
      }
      window.parameters(0.3, 0);
      long start = times[from] - 1;
      long end = times[to - 1] + 5;
      window.moveTo(from, to, start, end, end);
      assertThat(Double.doubleToLongBits(sliding.at(window)))
          .as("step %d", step)
          .isEqualTo(Double.doubleToLongBits(fresh(function, times, values, from, to, start, end)));
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({"RATE, 1", "RATE, 2", "INCREASE, 3", "DELTA, 4"})
  void allWindowsInOneGoYieldWhatFreshOnesDo(RangeFunction function, long seed) {
    var random = new Random(seed);
    var times = new long[SAMPLES];
    var values = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      times[i] = (i == 0 ? 0 : times[i - 1]) + 1 + random.nextInt(random.nextInt(1, 30_000));
      boolean starts = i == 0 || random.nextInt(40) == 0;
      values[i] = starts ? random.nextInt(3) : values[i - 1] + random.nextInt(100);
    }
    var ends = ends(500, random.nextLong(1, 20_000));
    assertSlidesLikeFresh(function, times, values, ends, random.nextLong(1, 100_000));
  }

  /// With gaps, resets, delays and counters that begin at nothing: the beat is lost and found.
  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({
    "RATE, 1",
    "RATE, 2",
    "RATE, 3",
    "RATE, 4",
    "RATE, 5",
    "INCREASE, 6",
    "INCREASE, 7",
    "DELTA, 8"
  })
  void allWindowsOverSamplesOnABeatYieldWhatFreshOnesDo(RangeFunction function, long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var times = new long[SAMPLES];
      var values = new double[SAMPLES];
      int stepsOfBeat = random.nextInt(3) == 0 ? random.nextInt(2, 20) : 1;
      long beat = stepsOfBeat * random.nextLong(1, 10_000 / stepsOfBeat);
      int calm = random.nextInt(5, 200);
      int jumps = random.nextInt(2, 60);
      for (int i = 0; i < SAMPLES; i++) {
        long late = random.nextInt(calm) == 0 ? random.nextLong(0, 3 * beat) : 0;
        times[i] = (i == 0 ? -20_000 : times[i - 1]) + beat + late;
        boolean starts = i == 0 || random.nextInt(calm) == 0;
        values[i] = starts ? random.nextInt(3) : values[i - 1] + growth(random, jumps);
      }
      long multiple = stepsOfBeat > 1 ? beat / stepsOfBeat : beat * random.nextInt(5);
      long step = random.nextInt(4) == 0 ? random.nextLong(0, 20_000) : multiple;
      long range = random.nextInt(2) == 0 ? random.nextLong(1, 100_000) : beat * 10;
      assertSlidesLikeFresh(function, times, values, ends(500, step), range);
    }
  }

  /// Windows hold three samples and two in turn; over three of them a counter comes to more than it
  /// had before, over no two. The first sample comes early, so that those of three are met first.
  @ParameterizedTest
  @EnumSource(names = {"RATE", "INCREASE"})
  void windowsInTurnAreAlikeOnlyAsLongAsAllOfThemAre(RangeFunction function) {
    var times = new long[SAMPLES];
    var values = new double[SAMPLES];
    values[0] = 100;
    for (int i = 1; i < SAMPLES; i++) {
      times[i] = 5_000 + (i - 1) * 20_000L;
      values[i] = values[i - 1] + (i == 100 || i == 101 ? 150 : 1);
    }
    assertSlidesLikeFresh(function, times, values, ends(500, 10_000), 50_000);
  }

  /// With gaps, NaNs, zeros of both signs, and windows of one step to thirty.
  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({"MAX_OVER_TIME, 1", "MAX_OVER_TIME, 2", "MIN_OVER_TIME, 3", "MIN_OVER_TIME, 4"})
  void extremesOfWindowsThatAreSomeStepsLongAreThoseOfFreshOnes(RangeFunction function, long seed) {
    var random = new Random(seed);
    int inOneGo = 0;
    for (int round = 0; round < 100; round++) {
      var times = new long[SAMPLES];
      var values = new double[SAMPLES];
      long beat = random.nextLong(1, 5_000);
      for (int i = 0; i < SAMPLES; i++) {
        long gap = random.nextInt(50) == 0 ? random.nextLong(30) : 1;
        times[i] = (i == 0 ? -20_000 : times[i - 1]) + gap * beat;
        values[i] =
            switch (random.nextInt(round % 2 == 0 ? 4 : 12)) {
              case 0 -> Double.NaN;
              case 1 -> random.nextBoolean() ? 0.0 : -0.0;
              case 2 -> Double.NEGATIVE_INFINITY;
              default -> random.nextInt(100) - 50;
            };
      }
      long step = random.nextLong(1, 20_000);
      long range = step * random.nextInt(1, 31);
      if (isSlidInOneGo(function, times, values, ends(300, step), range)) {
        inOneGo++;
        assertSlidesLikeFresh(function, times, values, ends(300, step), range);
      }
    }
    assertThat(inOneGo).isBetween(30, 70);
  }

  private static boolean isSlidInOneGo(
      RangeFunction function, long[] times, double[] values, long[] ends, long range) {
    var window = new Window();
    window.series(times, values, SAMPLES);
    var found = new double[ends.length];
    return function.fresh().slide(window, ends, range, found) != WindowFunction.STEP_BY_STEP;
  }

  /// Now and then so much that what was counted before is no longer more.
  private static int growth(Random random, int jumps) {
    return random.nextInt(random.nextInt(jumps) == 0 ? 4_000 : 100);
  }

  private static long[] ends(int count, long step) {
    var ends = new long[count];
    for (int i = 0; i < count; i++) {
      ends[i] = i * step - 50_000;
    }
    return ends;
  }

  private static void assertSlidesLikeFresh(
      RangeFunction function, long[] times, double[] values, long[] ends, long range) {
    var all = function.fresh();
    var window = new Window();
    window.series(times, values, SAMPLES);
    all.start(window);
    var found = new double[ends.length];
    long seen = all.slide(window, ends, range, found);
    for (int i = 0; i < ends.length; i++) {
      int from = 0;
      while (from < SAMPLES && times[from] <= ends[i] - range) {
        from++;
      }
      int to = from;
      while (to < SAMPLES && times[to] <= ends[i]) {
        to++;
      }
      seen -= to - from;
      double expected =
          from == to
              ? Absence.NONE
              : fresh(function, times, values, from, to, ends[i] - range, ends[i]);
      assertThat(Double.doubleToRawLongBits(found[i]))
          .as("step %d", i)
          .isEqualTo(Double.doubleToRawLongBits(expected));
    }
    assertThat(seen).isZero();
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({"RATE, 1", "RATE, 2", "INCREASE, 3", "DELTA, 4", "MAX_OVER_TIME, 5"})
  void samplesOnABeatYieldTheSameAsAlone(RangeFunction function, long seed) {
    var random = new Random(seed);
    var times = new long[SAMPLES];
    var values = new double[SAMPLES];
    long beat = random.nextLong(5_000, 10_000);
    for (int i = 0; i < SAMPLES; i++) {
      times[i] = i == 0 ? random.nextInt(10_000) : times[i - 1] + beat;
      values[i] = i == 0 || random.nextInt(60) == 0 ? 0 : values[i - 1] + random.nextInt(100);
    }
    var sliding = function.fresh();
    var window = new Window();
    window.series(times, values, SAMPLES);
    sliding.start(window);
    long range = 6 * beat + random.nextInt(5_000);
    int from = 0;
    int to = 0;
    for (long end = 0; end < times[SAMPLES - 1]; end += 3 * beat) {
      long start = end - range;
      while (times[to] <= end) {
        to++;
      }
      while (from < to && times[from] <= start) {
        from++;
      }
      if (from < to) {
        window.moveTo(from, to, start, end, end);
        assertThat(Double.doubleToLongBits(sliding.at(window)))
            .as("at %d", end)
            .isEqualTo(
                Double.doubleToLongBits(fresh(function, times, values, from, to, start, end)));
      }
    }
  }

  private static double fresh(
      RangeFunction function,
      long[] times,
      double[] values,
      int from,
      int to,
      long start,
      long end) {
    var onlyThis = new Window();
    int size = to - from;
    var ownTimes = new long[size];
    var ownValues = new double[size];
    System.arraycopy(times, from, ownTimes, 0, size);
    System.arraycopy(values, from, ownValues, 0, size);
    onlyThis.series(ownTimes, ownValues, size);
    var computed = function.fresh();
    computed.start(onlyThis);
    onlyThis.parameters(0.3, 0);
    onlyThis.moveTo(0, size, start, end, end);
    return computed.at(onlyThis);
  }
}
