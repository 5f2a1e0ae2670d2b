package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.evaluate.AlertState.Firing;
import barograph.alerting.evaluate.AlertState.Patience;
import barograph.alerting.evaluate.AlertState.Pending;
import barograph.alerting.evaluate.AlertState.Resolved;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertStateTest {

  @Test
  void firesAtOnceWithoutFor() {
    assertThat(AlertState.appears(1_000, new Patience(0, 0)))
        .isEqualTo(new Firing(1_000, 1_000, null));
  }

  @Test
  void firesAtTheFirstTurnThatIsForAfterItAppeared() {
    var patience = new Patience(20_000, 0);
    var pending = AlertState.appears(0, patience);
    assertThat(pending).isEqualTo(new Pending(0));
    assertThat(pending.present(19_999, patience)).isEqualTo(new Pending(0));
    assertThat(pending.present(20_000, patience)).isEqualTo(new Firing(0, 20_000, null));
  }

  @Test
  void isForgottenWhenItGoesBeforeItFires() {
    assertThat(new Pending(0).absent(5, new Patience(10, 10))).isNull();
  }

  @Test
  void goesOnFiringForAWhileAndForgetsTheWhileWhenItIsBack() {
    var patience = new Patience(0, 10_000);
    var firing = new Firing(0, 0, null);
    assertThat(firing.absent(5_000, patience)).isEqualTo(new Firing(0, 0, 5_000L));
    assertThat(new Firing(0, 0, 5_000L).absent(14_999, patience))
        .isEqualTo(new Firing(0, 0, 5_000L));
    assertThat(new Firing(0, 0, 5_000L).present(14_999, patience)).isEqualTo(firing);
    assertThat(new Firing(0, 0, 5_000L).absent(15_000, patience))
        .isEqualTo(new Resolved(0, 0, 15_000));
  }

  @Test
  void isRememberedFifteenMinutesAfterItsEndAndBeginsAnewWhenItReturns() {
    var patience = new Patience(60_000, 0);
    var resolved = new Resolved(0, 60_000, 100_000);
    assertThat(resolved.absent(100_000 + 900_000, patience)).isEqualTo(resolved);
    assertThat(resolved.absent(100_001 + 900_000, patience)).isNull();
    assertThat(resolved.present(200_000, patience)).isEqualTo(new Pending(200_000));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithLookingBackOverTheWholeHistory(long seed) {
    var random = new Random(seed);
    long hold = random.nextInt(4) * 10L;
    long keep = random.nextInt(3) * 10L;
    var patience = new Patience(hold, keep);
    @Nullable AlertState state = null;
    var history = new boolean[400];
    for (int turn = 0; turn < history.length; turn++) {
      history[turn] = random.nextInt(3) > 0;
      long now = turn * 10L;
      if (history[turn]) {
        state = state == null ? AlertState.appears(now, patience) : state.present(now, patience);
      } else if (state != null) {
        state = state.absent(now, patience);
      }
      assertThat(state instanceof Firing)
          .describedAs("turn %d of %s", turn, patience)
          .isEqualTo(firesByHistory(history, turn, hold / 10, keep / 10));
    }
  }

  /// Whether it fires at `turn`, told from the presence at every turn up to it.
  private static boolean firesByHistory(boolean[] present, int turn, long hold, long keep) {
    boolean fires = false;
    int run = 0;
    int gap = 0;
    for (int i = 0; i <= turn; i++) {
      if (present[i]) {
        run++;
        gap = 0;
        fires |= run > hold;
      } else {
        gap++;
        run = fires && gap <= keep ? run : 0;
        fires = fires && gap <= keep;
      }
    }
    return fires;
  }
}
