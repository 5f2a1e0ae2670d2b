package barograph.query.exec;

import barograph.query.plan.Timing;
import barograph.storage.model.Labels;
import org.jspecify.annotations.Nullable;

/// What all operators of one query share.
///
/// @param selections what the query reads, each set of series looked up once
/// @param helpers threads that may be borrowed
/// @param namesDropLate whether names are dropped from the result and not by each operator
/// @param isRange whether the query has steps
/// @param profile watches the operators; null if nobody wants to know
/// @param counts of the samples that steps look at
record Evaluation(
    Selections selections,
    Budget budget,
    Notes notes,
    Helpers helpers,
    long lookbackMillis,
    boolean namesDropLate,
    boolean isRange,
    @Nullable Profile profile,
    SampleCounts counts) {

  /// The same evaluation, where samples are counted in another way.
  Evaluation counting(SampleCounts otherwise) {
    return new Evaluation(
        selections,
        budget,
        notes,
        helpers,
        lookbackMillis,
        namesDropLate,
        isRange,
        profile,
        otherwise);
  }

  /// A column for one operator's own use, counted as held for as long as the query lives.
  Column column(int steps) {
    budget.hold(steps);
    return new Column(steps);
  }

  /// The times that a selector looks at, by step, for one operator's own use.
  long[] timesLookedAt(Timing timing, Grid grid) {
    budget.take((long) Long.BYTES * grid.steps());
    var times = new long[grid.steps()];
    for (int step = 0; step < times.length; step++) {
      times[step] = timing.lookAt(grid.timeMillis(step));
    }
    return times;
  }

  /// The labels of a series that an operator drops the name of.
  Labels dropped(Labels labels) {
    return namesDropLate ? labels : withoutName(labels);
  }

  /// Labels without the name and what else describes the metric rather than the series.
  static Labels withoutName(Labels labels) {
    return labels.filter(name ->
        !(name.startsWith("__")
            && (name.equals(Labels.METRIC_NAME)
                || name.equals("__type__")
                || name.equals("__unit__"))));
  }
}
