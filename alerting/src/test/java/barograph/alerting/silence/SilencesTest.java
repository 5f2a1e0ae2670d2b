package barograph.alerting.silence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import barograph.alerting.route.MatcherText;
import barograph.alerting.silence.Silence.State;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilencesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.5Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicInteger count = new AtomicInteger();
  private final Silences silences =
      new Silences(SilenceLimits.DEFAULT, () -> "id" + count.incrementAndGet());

  private static Silence wish(String id, String matchers, Instant start, Instant end) {
    return new Silence(
        id, MatcherText.parse(matchers), start, end, Instant.EPOCH, "me", "why", Map.of());
  }

  private String put(String id, String matchers, Instant start, Instant end, Instant now) {
    return silences.put(wish(id, matchers, start, end), now).getLast().id();
  }

  private List<String> silencing(Instant now) {
    return silences.silencing(Labels.of("a", "b", "c", "d"), now);
  }

  @Test
  void holdsFromItsStartUntilBeforeItsEnd() {
    put("", "a=b", NOW.plusSeconds(10), NOW.plusSeconds(20), NOW);
    assertThat(silencing(NOW.plusSeconds(9))).isEmpty();
    assertThat(silencing(NOW.plusSeconds(10))).containsExactly("id1");
    assertThat(silencing(NOW.plusSeconds(19))).containsExactly("id1");
    assertThat(silencing(NOW.plusSeconds(20))).isEmpty();
  }

  @Test
  void allMatchersMustPass() {
    put("", "{a=b,c=~\"d|e\"}", NOW, NOW.plus(HOUR), NOW);
    put("", "{a=b,c!=d}", NOW, NOW.plus(HOUR), NOW);
    put("", "{a=b,missing=\"\"}", NOW, NOW.plus(HOUR), NOW);
    assertThat(silencing(NOW)).containsExactly("id1", "id3");
  }

  @Test
  void aStartInThePastBecomesNow() {
    put("", "a=b", NOW.minus(HOUR), NOW.plus(HOUR), NOW);
    assertThat(silences.get("id1").startsAt()).isEqualTo(NOW);
  }

  @Test
  void anActiveOneIsChangedInPlaceAsLongAsItsPastStays() {
    put("", "a=b", NOW, NOW.plus(HOUR), NOW);
    var later = NOW.plusSeconds(60);
    assertThat(put("id1", "a=b", NOW.minusMillis(500), later.plus(HOUR), later)).isEqualTo("id1");
    assertThat(silences.get("id1").endsAt()).isEqualTo(later.plus(HOUR));
    assertThat(put("id1", "a=b", later, later.plus(HOUR), later)).isEqualTo("id2");
    assertThat(silences.get("id1").stateAt(later)).isEqualTo(State.EXPIRED);
  }

  @Test
  void otherMatchersMakeASilenceOfItsOwnAndEndTheOldOne() {
    put("", "a=b", NOW, NOW.plus(HOUR), NOW);
    var written = silences.put(wish("id1", "a=c", NOW, NOW.plus(HOUR)), NOW.plusSeconds(5));
    assertThat(written).extracting(Silence::id).containsExactly("id1", "id2");
    assertThat(written).extracting(Silence::endsAt).first().isEqualTo(NOW.plusSeconds(5));
    assertThat(silencing(NOW.plusSeconds(5))).isEmpty();
  }

  @Test
  void onePendingIsChangedInPlaceUnlessItWouldHaveBegun() {
    put("", "a=b", NOW.plus(HOUR), NOW.plus(HOUR.multipliedBy(2)), NOW);
    assertThat(put("id1", "a=b", NOW.plusSeconds(9), NOW.plus(HOUR), NOW)).isEqualTo("id1");
    assertThat(put("id1", "a=b", NOW.minusSeconds(1), NOW.plus(HOUR), NOW)).isEqualTo("id2");
    assertThat(silences.get("id1").stateAt(NOW)).isEqualTo(State.EXPIRED);
  }

  @Test
  void oneThatIsOverIsNotRevivedButMadeAnew() {
    put("", "a=b", NOW, NOW.plus(HOUR), NOW);
    silences.expire("id1", NOW.plusSeconds(1));
    assertThat(put("id1", "a=b", NOW, NOW.plus(HOUR), NOW.plusSeconds(2))).isEqualTo("id2");
    assertThat(silences.get("id1").endsAt()).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void endingTwiceChangesNothing() {
    put("", "a=b", NOW, NOW.plus(HOUR), NOW);
    assertThat(silences.expire("id1", NOW.plusSeconds(1))).hasSize(1);
    assertThat(silences.expire("id1", NOW.plusSeconds(2))).isEmpty();
    assertThat(silences.get("id1").endsAt()).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void onePendingThatIsEndedNeverBegins() {
    put("", "a=b", NOW.plus(HOUR), NOW.plus(HOUR.multipliedBy(2)), NOW);
    silences.expire("id1", NOW);
    assertThat(silences.get("id1").stateAt(NOW)).isEqualTo(State.EXPIRED);
    assertThat(silencing(NOW.plus(HOUR))).isEmpty();
  }

  @Test
  void anUnknownOneIsNeitherChangedNorEnded() {
    assertThatExceptionOfType(UnknownSilenceException.class)
        .isThrownBy(() -> put("nope", "a=b", NOW, NOW.plus(HOUR), NOW))
        .withMessage("silence not found");
    assertThatExceptionOfType(UnknownSilenceException.class)
        .isThrownBy(() -> silences.expire("nope", NOW));
  }

  @Test
  void isForgottenFiveDaysAfterItsEnd() {
    put("", "a=b", NOW, NOW.plus(HOUR), NOW);
    silences.sweep(NOW.plus(HOUR).plus(Duration.ofDays(5)).minusMillis(1));
    assertThat(silences.sorted(NOW)).hasSize(1);
    silences.sweep(NOW.plus(HOUR).plus(Duration.ofDays(5)));
    assertThat(silences.sorted(NOW)).isEmpty();
  }

  @Test
  void thoseThatMatterMostComeFirst() {
    put("", "a=1", NOW, NOW.plus(HOUR.multipliedBy(2)), NOW);
    put("", "a=2", NOW, NOW.plus(HOUR), NOW);
    put("", "a=3", NOW.plus(HOUR.multipliedBy(3)), NOW.plus(HOUR.multipliedBy(9)), NOW);
    put("", "a=4", NOW.plus(HOUR), NOW.plus(HOUR.multipliedBy(9)), NOW);
    put("", "a=5", NOW, NOW.plusSeconds(1), NOW);
    put("", "a=6", NOW, NOW.plusSeconds(2), NOW);
    assertThat(silences.sorted(NOW.plusSeconds(3)))
        .extracting(Silence::id)
        .containsExactly("id2", "id1", "id4", "id3", "id6", "id5");
  }

  @Test
  void thereAreOnlySoManyAndNoneIsTooLong() {
    var few = new Silences(new SilenceLimits(1, 10), () -> "x");
    few.put(wish("", "a=b", NOW, NOW.plus(HOUR)), NOW);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> few.put(wish("", "a=c", NOW, NOW.plus(HOUR)), NOW))
        .withMessage("exceeded maximum number of silences: 1 (limit: 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> few.put(wish("x", "a=bbbbbb", NOW, NOW.plus(HOUR)), NOW))
        .withMessage("silence exceeded maximum size: 12 bytes (limit: 10 bytes)");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"{}", "a=\"\"", "a=~\".*\"", "a!=b"})
  void oneThatWouldSilenceEverythingIsRefused(String matchers) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> wish("", matchers, NOW, NOW.plus(HOUR)))
        .withMessage("matcher set 0: at least one matcher must not match the empty string");
  }
}
