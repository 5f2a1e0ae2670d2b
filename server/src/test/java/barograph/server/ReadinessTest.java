package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final AtomicBoolean practising = new AtomicBoolean();
  private final Readiness readiness = new Readiness(nanos::get);

  @Test
  void isThereOnceEverythingIsOpenAndUntilItCloses() {
    assertThat(readiness.isReady()).isFalse();
    readiness.opened();
    assertThat(readiness.isReady()).isTrue();
    readiness.closes();
    assertThat(readiness.isReady()).isFalse();
  }

  private void openWhilePractising() {
    practising.set(true);
    readiness.practises(practising::get);
    readiness.opened();
  }

  @Test
  void waitsForTheEndOfPractice() {
    openWhilePractising();
    assertThat(readiness.isReady()).isFalse();
    practising.set(false);
    assertThat(readiness.isReady()).isTrue();
  }

  @Test
  void doesNotWaitForPracticeThatTakesTooLong() {
    openWhilePractising();
    nanos.addAndGet(Readiness.MOST.toNanos() - 1);
    assertThat(readiness.isReady()).isFalse();
    nanos.incrementAndGet();
    assertThat(readiness.isReady()).isTrue();
  }

  @Test
  void isNotThereBeforeEverythingIsOpenHoweverLongThatTakes() {
    nanos.addAndGet(2 * Readiness.MOST.toNanos());
    assertThat(readiness.isReady()).isFalse();
  }
}
