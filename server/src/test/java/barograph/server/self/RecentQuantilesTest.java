package barograph.server.self;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentQuantilesTest {
  private long nanoTime = Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(1);
  private final RecentQuantiles quantiles = new RecentQuantiles(() -> nanoTime);
  private final Registry registry = new Registry();

  RecentQuantilesTest() {
    registry.family("m", "summary", "Help.", lines -> quantiles.write(lines, "job", "a"));
  }

  private double quantile(String quantile) {
    String start = "m{job=\"a\",quantile=\"%s\"} ".formatted(quantile);
    return new String(registry.page(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void quantilesAreThoseOfTheSortedDurationsToFourDigits(long seed) {
    var random = new Random(seed);
    long[] nanos = random.longs(1_000, 14_900_000_000L, 15_100_000_000L).toArray();
    for (long one : nanos) {
      quantiles.record(one);
      nanoTime += random.nextInt(1_000_000);
    }
    Arrays.sort(nanos);
    for (String quantile : new String[] {"0.01", "0.05", "0.5", "0.9", "0.99"}) {
      int rank = (int) Math.ceil(Double.parseDouble(quantile) * nanos.length) - 1;
      assertThat(quantile(quantile))
          .as(quantile)
          .isEqualTo(nanos[rank] / 1e9, within(nanos[rank] / 1e9 / 5_000));
    }
  }

  @Test
  void whatIsTenMinutesOldCountsNoMore() {
    quantiles.record(TimeUnit.SECONDS.toNanos(100));
    assertThat(quantile("0.99")).isEqualTo(100, within(0.1));
    for (int minute = 0; minute < 9; minute++) {
      nanoTime += TimeUnit.MINUTES.toNanos(1);
      quantiles.record(TimeUnit.SECONDS.toNanos(1));
      assertThat(quantile("0.99")).isEqualTo(100, within(0.1));
    }
    nanoTime += TimeUnit.MINUTES.toNanos(1);
    assertThat(quantile("0.99")).isEqualTo(1, within(0.001));
    nanoTime += TimeUnit.HOURS.toNanos(1);
    assertThat(quantile("0.5")).isNaN();
    quantiles.record(TimeUnit.SECONDS.toNanos(2));
    assertThat(quantile("0.5")).isEqualTo(2, within(0.001));
  }
}
