package barograph.query.exec;

import barograph.query.ast.Aggregator;
import barograph.query.function.LabelHash;
import barograph.query.plan.VectorPlan;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.util.HashMap;
import java.util.Map;

/// `limitk` and `limit_ratio`: some series of each group, whatever their values.
final class LimitOperator implements VectorOperator {
  private final Operators operators;
  private final VectorPlan.Aggregated plan;
  private final VectorOperator source;
  private final Grid grid;

  LimitOperator(Operators operators, VectorPlan.Aggregated plan, Grid grid) {
    this.operators = operators;
    this.plan = plan;
    this.source = operators.vector(plan.vector(), grid);
    this.grid = grid;
  }

  @Override
  public void run(SeriesSink sink) {
    double[] parameter = operators.parameter(plan, grid);
    if (plan.aggregator() == Aggregator.LIMITK) {
      firstOfEachGroup(TopOperator.limits(parameter), sink);
    } else {
      byHash(ratios(parameter), sink);
    }
  }

  private void firstOfEachGroup(long[] limits, SeriesSink sink) {
    Map<Labels, int[]> taken = new HashMap<>();
    source.run((labels, dropsName, column) -> {
      operators.evaluation().budget().work(limits.length);
      var counts =
          taken.computeIfAbsent(
              plan.grouping().of(labels),
              key -> {
                operators.evaluation().budget().hold(key);
                operators.evaluation().budget().hold(limits.length);
                return new int[limits.length];
              });
      boolean any = false;
      for (int step = 0; step < column.steps(); step++) {
        if (column.has(step)) {
          if (counts[step] < limits[step]) {
            counts[step]++;
            any = true;
          } else {
            column.remove(step);
          }
        }
      }
      if (any) {
        sink.accept(labels, dropsName, column);
      }
    });
  }

  private double[] ratios(double[] parameter) {
    for (int step = 0; step < parameter.length; step++) {
      double ratio = parameter[step];
      if (Double.isNaN(ratio)) {
        throw EvaluationException.noResult("Ratio value is NaN");
      }
      if (Math.abs(ratio) > 1) {
        double capped = Math.signum(ratio);
        operators
            .evaluation()
            .notes()
            .warn(
                plan.parameterPlace(),
                "ratio value should be between -1 and 1, got %s, capping to %s"
                    .formatted(NumberText.general(ratio), NumberText.general(capped)));
        parameter[step] = capped;
      }
    }
    return parameter;
  }

  /// A series is kept by a number between 0 and 1 that its labels alone decide; a negative ratio
  /// keeps exactly what the positive rest leaves out.
  private void byHash(double[] ratios, SeriesSink sink) {
    source.run((labels, dropsName, column) -> {
      operators.evaluation().budget().work(ratios.length);
      double place = LabelHash.share(labels);
      boolean any = false;
      for (int step = 0; step < column.steps(); step++) {
        double ratio = ratios[step];
        boolean kept = ratio >= 0 ? place < ratio : place >= 1 + ratio;
        if (!kept) {
          column.remove(step);
        }
        any |= column.has(step);
      }
      if (any) {
        sink.accept(labels, dropsName, column);
      }
    });
  }
}
