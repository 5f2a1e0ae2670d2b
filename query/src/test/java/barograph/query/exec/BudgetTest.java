package barograph.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import barograph.query.exec.EvaluationException.Kind;
import barograph.storage.model.Labels;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final long MIB = 1 << 20;

  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final MemoryPool pool = new MemoryPool(8 * MIB, Heap.ENDLESS);

  private Budget budget(MemoryPool from) {
    return new Budget(1_000_000, 6 * MIB, 1_000, now::get, cancelled::get, from, null);
  }

  @Test
  void labelsAndSamplesAreCountedTogether() {
    try (var budget = budget(pool)) {
      budget.hold(300_000);
      assertThatThrownBy(() -> budget.take(2 * MIB))
          .hasMessage(
              "query processing would load too many samples into memory in query execution:"
                  + " it would hold %d bytes, at most %d",
              300_000 * 16 + 2 * MIB, 6 * MIB);
    }
    assertThat(pool.takenBytes()).isZero();
  }

  @Test
  void aLongValueIsPaidForAndAShortOneIsShared() {
    try (var budget = budget(pool)) {
      budget.hold(Labels.of("a", "x".repeat(40)));
      budget.hold(Labels.of("a", "x".repeat(4_000_000)));
      assertThat(budget.peakBytes()).isBetween(4_000_000L, 4_000_000 + 2 * MIB);
    }
  }

  @Test
  void oneQueryIsRefusedWhatOthersHold() {
    try (var second = budget(pool)) {
      try (var first = budget(pool)) {
        first.take(5 * MIB);
        var refused = catchThrowableOfType(EvaluationException.class, () -> second.take(4 * MIB));
        assertThat(refused.kind()).isEqualTo(Kind.TOO_MANY_SAMPLES);
        assertThat(refused)
            .hasMessageContaining("all queries together would hold %d bytes", 9 * MIB);
        second.take(-4 * MIB);
      }
      second.take(4 * MIB);
      assertThat(second.takenBytes()).isEqualTo(4 * MIB);
    }
  }

  @Test
  void nothingIsTakenFromAHeapWithoutRoom() {
    var full = new MemoryPool(8 * MIB, bytes -> false);
    try (var budget = budget(full)) {
      assertThatThrownBy(() -> budget.take(10))
          .hasMessageEndingWith("the server's memory has no room for %d bytes more", MIB);
    }
    assertThat(full.takenBytes()).isZero();
  }

  @Test
  void whoeverIsLentABudgetIsStoppedByClockAndCancelling() {
    try (var budget = budget(pool)) {
      budget.watched().take(1);
      now.set(2_000);
      assertThatThrownBy(() -> budget.watched().take(0))
          .hasMessage("query timed out in expression evaluation");
      cancelled.set(true);
      assertThatThrownBy(() -> budget.watched().take(0))
          .hasMessage("query was canceled in expression evaluation");
    }
  }

  @Test
  void muchWorkMakesAQueryWaitForItsTurnUnlessItIsUrgent() {
    var lane = new HeavyLane(1, 1);
    try (var first = new Budget(10, MIB, 1_000, now::get, cancelled::get, pool, lane);
        var second = new Budget(10, MIB, 1_000, now::get, cancelled::get, pool, lane);
        var urgent = new Budget(10, MIB, 1_000, now::get, cancelled::get, pool, null)) {
      first.work(1 << 20);
      assertThat(first.isHeavy()).isFalse();
      first.work(1 << 24);
      assertThat(first.isHeavy()).isTrue();
      assertThat(lane.running()).isOne();
      var refused = catchThrowableOfType(EvaluationException.class, () -> second.work(1 << 24));
      assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
      urgent.work(1 << 24);
      assertThat(urgent.isHeavy()).isFalse();
      assertThat(urgent.hasWorkedHard()).isTrue();
    }
    assertThat(lane.running()).isZero();
  }

  @Test
  void aBriefQueryIsGivenUpOnceItIsMoreWorkThanAMoments() {
    var lane = new HeavyLane(1, 1);
    try (var brief = new Budget(10, MIB, 1L << 40, now::get, cancelled::get, pool, lane)) {
      brief.mustBeBrief();
      brief.work(1 << 20);
      assertThat(brief.isGivenUp()).isFalse();
      assertThat(brief.willWorkHard(1)).isTrue();
      var thrown = catchThrowableOfType(EvaluationException.class, () -> brief.work(1 << 14));
      assertThat(thrown.kind()).isEqualTo(Kind.NOT_BRIEF);
      assertThat(brief.isGivenUp()).isTrue();
    }
    assertThat(lane.running()).isZero();
  }

  @Test
  void aBriefQueryIsGivenUpOnceItTakesLongerThanAMomentAlsoWhereItAsksForMemory() {
    try (var brief = new Budget(10, MIB, 1L << 40, now::get, cancelled::get, pool, null)) {
      brief.mustBeBrief();
      now.set(4_000_000);
      brief.watched().take(1);
      now.set(4_000_001);
      var thrown = catchThrowableOfType(EvaluationException.class, () -> brief.watched().take(1));
      assertThat(thrown.kind()).isEqualTo(Kind.NOT_BRIEF);
    }
  }

  @Test
  void aBriefQueryNeverWaitsForItsTurn() {
    var lane = new HeavyLane(1, 2);
    try (var brief = new Budget(10, MIB, 1_000, now::get, cancelled::get, pool, lane)) {
      brief.mustBeBrief();
      var thrown = catchThrowableOfType(EvaluationException.class, brief::waitForTurn);
      assertThat(thrown.kind()).isEqualTo(Kind.NOT_BRIEF);
      assertThat(lane.running()).isZero();
    }
  }
}
