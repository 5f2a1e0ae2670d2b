package barograph.query.exec;

import barograph.query.ast.Quoting;
import barograph.query.function.Absence;
import barograph.query.plan.VectorPlan;
import barograph.query.value.HistogramText;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/// `count_values`: how many series of a group have each value, the value being a label.
final class CountValuesOperator implements VectorOperator {
  private final Operators operators;
  private final VectorPlan.Aggregated plan;
  private final VectorOperator source;
  private final Grid grid;

  CountValuesOperator(Operators operators, VectorPlan.Aggregated plan, Grid grid) {
    if (plan.label().isEmpty() || !Quoting.isText(plan.label())) {
      throw EvaluationException.noResult("invalid label name " + Quoting.quote(plan.label()));
    }
    this.operators = operators;
    this.plan = plan;
    this.source = operators.vector(plan.vector(), grid);
    this.grid = grid;
  }

  @Override
  public void run(SeriesSink sink) {
    var evaluation = operators.evaluation();
    var counts = new LinkedHashMap<Labels, Column>();
    source.run((labels, dropsName, column) -> {
      evaluation.budget().work(8 * grid.steps());
      var group = plan.grouping().of(labels);
      double[] values = column.values();
      long lastBits = 0;
      Column last = null;
      countHistograms(counts, group, column);
      for (int step = 0; step < values.length; step++) {
        if (Absence.isNone(values[step])) {
          continue;
        }
        long bits = Double.doubleToLongBits(values[step]);
        if (last == null || bits != lastBits) {
          var key = group.with(plan.label(), NumberText.shortest(values[step]));
          last = counter(counts, key);
          lastBits = bits;
        }
        count(last, step);
      }
    });
    counts.forEach((labels, column) -> sink.accept(labels, false, column));
  }

  private Column counter(Map<Labels, Column> counts, Labels key) {
    return counts.computeIfAbsent(
        key,
        absent -> {
          operators.evaluation().budget().hold(key);
          var fresh = operators.evaluation().column(grid.steps());
          fresh.clear();
          return fresh;
        });
  }

  private static void count(Column counter, int step) {
    double before = counter.values()[step];
    counter.values()[step] = Absence.isNone(before) ? 1 : before + 1;
  }

  private void countHistograms(Map<Labels, Column> counts, Labels group, Column column) {
    for (int step = 0; column.hasHistograms() && step < column.steps(); step++) {
      var histogram = column.histogram(step);
      if (histogram != null) {
        count(counter(counts, group.with(plan.label(), HistogramText.of(histogram))), step);
      }
    }
  }
}
