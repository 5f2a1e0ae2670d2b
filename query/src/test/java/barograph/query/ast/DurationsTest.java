package barograph.query.ast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0, 0",
    "0s, 0",
    "1ms, 1",
    "90s, 90000",
    "1h30m, 5400000",
    "1y, 31536000000",
    "4y5w6d7h8m9s10ms, 129712089010",
  })
  void reads(String text, long millis) {
    assertThat(Durations.parseMillis(text)).isEqualTo(millis);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0, 0s",
    "1, 1ms",
    "90000, 1m30s",
    "7776000000, 90d",
    "604800000, 1w",
    "31536000000, 1y",
    "31536000001, 365d1ms",
    "-60000, -1m",
  })
  void prints(long millis, String text) {
    assertThat(Durations.format(millis)).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '§',
      emptyValue = "",
      textBlock =
          """
          '' § empty duration string
          1 § not a valid duration string: "1"
          h § not a valid duration string: "h"
          -5m § not a valid duration string: "-5m"
          1m1h § not a valid duration string: "1m1h"
          1m1m § not a valid duration string: "1m1m"
          1.5h § unknown unit "." in duration "1.5h"
          1x § unknown unit "x" in duration "1x"
          99999y § duration out of range
          300y § duration out of range
          """)
  void refuses(String text, String message) {
    assertThatThrownBy(() -> Durations.parseMillis(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void readsWhatItPrints(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long millis = random.nextLong(1L << (1 + random.nextInt(42)));
      assertThat(Durations.parseMillis(Durations.format(millis))).isEqualTo(millis);
    }
  }
}
