package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.plan.Timing;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import java.util.function.Consumer;

/// 1 at the steps where nothing else is.
final class AbsentOperator implements VectorOperator {
  private final Evaluation evaluation;
  private final Labels labels;
  private final Grid grid;
  private final Consumer<boolean[]> markPresent;

  private AbsentOperator(
      Evaluation evaluation, Labels labels, Grid grid, Consumer<boolean[]> markPresent) {
    this.evaluation = evaluation;
    this.labels = labels;
    this.grid = grid;
    this.markPresent = markPresent;
  }

  static AbsentOperator of(Operators operators, VectorPlan.Absent plan, Grid grid) {
    var source = operators.vector(plan.vector(), grid);
    var budget = operators.evaluation().budget();
    return new AbsentOperator(
        operators.evaluation(),
        plan.labels(),
        grid,
        present ->
            source.run((labels, dropsName, column) -> {
              budget.work(present.length);
              for (int step = 0; step < present.length; step++) {
                present[step] |= column.has(step);
              }
            }));
  }

  static AbsentOperator of(Operators operators, VectorPlan.AbsentOverTime plan, Grid grid) {
    WindowOperator.checkMode(plan.range().mode(), "absent_over_time");
    var source = operators.windows(plan.range(), grid);
    var timing = plan.range().timing();
    long range = plan.range().rangeMillis();
    var budget = operators.evaluation().budget();
    return new AbsentOperator(
        operators.evaluation(),
        plan.labels(),
        grid,
        present ->
            source.run((labels, dropsName, samples, histograms) -> {
              budget.work(present.length);
              mark(present, samples.timestamps(), samples.size(), timing, range, grid);
              mark(present, histograms.times(), histograms.size(), timing, range, grid);
            }));
  }

  /// Marks the steps that have one of the times in their window.
  private static void mark(
      boolean[] present, long[] times, int size, Timing timing, long range, Grid grid) {
    int next = 0;
    for (int step = 0; step < present.length; step++) {
      long end = timing.lookAt(grid.timeMillis(step));
      while (next < size && times[next] <= end) {
        next++;
      }
      present[step] |= next > 0 && times[next - 1] > end - range;
    }
  }

  @Override
  public void run(SeriesSink sink) {
    var column = evaluation.column(grid.steps());
    var present = new boolean[grid.steps()];
    markPresent.accept(present);
    boolean any = false;
    for (int step = 0; step < present.length; step++) {
      column.values()[step] = present[step] ? Absence.NONE : 1;
      any |= !present[step];
    }
    if (any) {
      sink.accept(labels, false, column);
    }
  }
}
