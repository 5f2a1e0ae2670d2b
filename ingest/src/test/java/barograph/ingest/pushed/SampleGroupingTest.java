package barograph.ingest.pushed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleGroupingTest {
  private final SampleGrouping grouping = new SampleGrouping();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void ordersSamplesByTargetAndTimeAndOtherwiseAsTheyCame(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      int series = 1 + random.nextInt(400);
      int targets = 1 + random.nextInt(series);
      int times = 1 + random.nextInt(random.nextBoolean() ? 5 : 2000);
      int samples = random.nextInt(3000);
      grouping.begin(samples);
      var seriesTarget = new int[series];
      for (int i = 0; i < series; i++) {
        seriesTarget[i] =
            random.nextInt(20) == 0 ? -1 : grouping.target(7919 * random.nextInt(targets));
      }
      var sampleSeries = new int[samples];
      var timestamps = new long[samples];
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < samples; i++) {
        sampleSeries[i] = random.nextInt(series);
        timestamps[i] = random.nextInt(50) == 0 ? random.nextLong() : random.nextInt(times);
        if (seriesTarget[sampleSeries[i]] >= 0
            && timestamps[i] >= 0
            && timestamps[i] < SampleGrouping.TIME_END) {
          expected.add(i);
        }
      }
      expected.sort(
          Comparator.<Integer>comparingInt(i -> seriesTarget[sampleSeries[i]])
              .thenComparingLong(i -> timestamps[i]));
      int kept = grouping.arrange(samples, sampleSeries, seriesTarget, timestamps);
      assertThat(Arrays.stream(grouping.order, 0, kept).boxed().toList()).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {6})
  void givesATargetTheSameNumberAgain(long seed) {
    var random = new Random(seed);
    int[] hashes = random.ints(5000).distinct().toArray();
    grouping.begin(0);
    int[] numbers = Arrays.stream(hashes).map(grouping::target).toArray();
    assertThat(Arrays.stream(numbers).distinct().count()).isEqualTo(hashes.length);
    assertThat(Arrays.stream(hashes).map(grouping::target).toArray()).isEqualTo(numbers);
  }
}
