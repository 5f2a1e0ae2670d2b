package barograph.query.exec;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// How many samples the steps of a query look at, each counted again for every step that does.
///
/// As Prometheus counts: a subquery's windows count for the steps that look at them, and what was
/// read to compute the subquery does not; what is the same at all steps is computed once and counts
/// for each. Safe for any number of threads.
final class SampleCounts {
  private final Budget budget;

  /// By step of the query; null if nobody wants to know.
  private final @Nullable AtomicLongArray steps;

  /// For how many steps each sample counts; 0 within a subquery.
  private final int times;

  private SampleCounts(Budget budget, @Nullable AtomicLongArray steps, int times) {
    this.budget = budget;
    this.steps = steps;
    this.times = times;
  }

  /// The sum alone.
  static SampleCounts inAll(Budget budget) {
    return new SampleCounts(budget, null, 1);
  }

  /// The sum, and each of so many steps.
  static SampleCounts bySteps(Budget budget, int steps) {
    budget.take((long) Long.BYTES * steps);
    return new SampleCounts(budget, new AtomicLongArray(steps), 1);
  }

  /// For operators of a subquery.
  SampleCounts ofSubquery() {
    return new SampleCounts(budget, null, 0);
  }

  /// For operators that are run once for so many steps.
  SampleCounts ofAllSteps(int count) {
    return times == 0 ? this : new SampleCounts(budget, steps, count);
  }

  /// Whether each step is counted, by [#add(int, long)], and not all together.
  boolean wantsSteps() {
    return steps != null;
  }

  /// Counts samples of all steps together.
  void add(long samples) {
    budget.queried(times * samples);
  }

  /// Counts samples of one step.
  void add(int step, long samples) {
    add(samples);
    if (steps == null) {
      return;
    }
    if (times == 1) {
      steps.getAndAdd(step, samples);
    } else {
      for (int i = 0; i < steps.length(); i++) {
        steps.getAndAdd(i, samples);
      }
    }
  }

  /// What was counted, by step; nothing if nobody wants to know.
  long[] counted() {
    var counted = new long[steps == null ? 0 : steps.length()];
    for (int i = 0; steps != null && i < counted.length; i++) {
      counted[i] = steps.get(i);
    }
    return counted;
  }
}
