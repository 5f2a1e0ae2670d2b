package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "15s,15000",
    "1m,60000",
    "1m30s,90000",
    "250ms,250",
    "1h,3600000",
    "1d,86400000",
    "1w,604800000",
    "1y,31536000000",
    "1d1ms,86400001",
    "1s500ms,1500"
  })
  void readsAndWritesDurationsTheSameWay(String text, long millis) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(DurationText.of(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @Test
  void knowsNothingAtAll() {
    assertThat(DurationText.parse("0")).isZero();
    assertThat(DurationText.of(Duration.ZERO)).isEqualTo("0s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "s", "1x", "1s1m", "1s1s", "-1s", "1.5s", " 1s", "99999999999999999s"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a valid duration string: \"%s\"", text);
  }
}
