package barograph.server.practice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpareTimeTest {
  private final SpareTime spare = new SpareTime(0, 0);

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void whatAQuestionCostsIsWaitedForFiveTimes() {
    spare.asks(0, 0);

    assertThat(spare.waitNanos(millis(10), millis(20))).isEqualTo(millis(90));
    // The compilers have gone on meanwhile.
    assertThat(spare.waitNanos(millis(100), millis(30))).isEqualTo(millis(50));
    assertThat(spare.waitNanos(millis(150), millis(30))).isZero();
    assertThat(spare.spentNanos()).isEqualTo(millis(30));
  }

  @Test
  void aServerAtWorkIsNotDisturbed() {
    spare.asks(0, 0);
    for (int i = 1; i <= 100; i++) {
      assertThat(spare.waitNanos(millis(100L * i), millis(50L * i))).isPositive();
    }
  }

  @Test
  void whatOthersUsedIsForgottenOnceTheyAreDone() {
    spare.asks(0, 0);
    assertThat(spare.waitNanos(millis(1_000), millis(1_000))).isPositive();
    assertThat(spare.waitNanos(millis(2_000), millis(2_000))).isPositive();

    assertThat(spare.waitNanos(millis(2_010), millis(2_001))).isZero();
  }

  @Test
  void onlyTheSecondAfterAQuestionCountsAsItsOwn() {
    spare.asks(0, 0);
    assertThat(spare.waitNanos(millis(1_000), millis(300))).isPositive();
    assertThat(spare.waitNanos(millis(2_000), millis(1_300))).isPositive();

    assertThat(spare.spentNanos()).isEqualTo(millis(300));
  }

  @Test
  void nothingIsSpentBeforeAnythingIsAsked() {
    assertThat(spare.waitNanos(millis(500), millis(50))).isZero();

    assertThat(spare.spentNanos()).isZero();
  }
}
