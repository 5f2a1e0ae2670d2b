package barograph.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "1435781451, 1435781451000",
    "1435781451.781, 1435781451781",
    "1435781451.7814, 1435781451781",
    "1435781451.7816, 1435781451782",
    "1.435781451781e9, 1435781451781",
    "-1.5, -1500",
    "0, 0",
    "2015-07-01T20:10:51.781Z, 1435781451781",
    "2015-07-01T22:10:51.781+02:00, 1435781451781",
    "2015-07-01T20:10:51Z, 1435781451000",
    "1969-12-31T23:59:59.5Z, -500",
  })
  void aTimeIsSecondsOrADate(String text, long millis) {
    assertThat(Times.parse("time", text)).isEqualTo(millis);
  }

  @Test
  void theEarliestAndLatestTimeAreKnownByTheirTexts() {
    assertThat(Times.parse("start", "-292273086-05-16T16:47:06Z")).isEqualTo(Times.MIN_MILLIS);
    assertThat(Times.parse("end", "292309154-08-11T07:12:54.999999999Z"))
        .isEqualTo(Times.MAX_MILLIS);
    assertThat(Times.parse("end", "+292309154-08-11T07:12:54.999999999Z"))
        .isEqualTo(Times.MAX_MILLIS);
    assertThat(Times.MIN_MILLIS).isLessThan(-1L << 60);
    assertThat(Times.MAX_MILLIS).isGreaterThan(1L << 60);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {"", "now", "30s", "NaN", "Inf", "1e30", "2015-07-01", "2015-13-01T00:00:00Z"})
  void anythingElseIsNoTime(String text) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> Times.parse("time", text))
        .withMessage(
            "invalid parameter \"time\": cannot parse \"%s\" to a valid timestamp".formatted(text));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "15, 15000",
    "0.25, 250",
    "5m, 300000",
    "1h30m, 5400000",
    "1d12h, 129600000",
    "250ms, 250",
    "0, 0",
  })
  void aDurationIsSecondsOrUnits(String text, long millis) {
    assertThat(Times.parseDuration(text)).isEqualTo(millis);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", "1ns", "1.5h", "5m1h", "5m5m", "abc", "1e30", "NaN"})
  void anythingElseIsNoDuration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Times.parseDuration(text))
        .withMessageStartingWith("cannot parse \"%s\" to a valid duration".formatted(text));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2015-07-01T20:10:51.781Z, 2015-07-01T20:10:51.781Z",
    "2015-07-01T20:10:00Z, 2015-07-01T20:10:00Z",
    "2015-07-01T00:00:00.000000001Z, 2015-07-01T00:00:00.000000001Z",
    "2015-07-01T00:00:00.5Z, 2015-07-01T00:00:00.5Z",
  })
  void aTimeIsWrittenWithTheFractionThatThereIs(Instant instant, String text) {
    assertThat(Times.text(instant)).isEqualTo(text);
  }

  @Test
  void neverIsTheZeroTimeOfGo() {
    assertThat(Times.never()).isEqualTo("0001-01-01T00:00:00Z");
  }
}
