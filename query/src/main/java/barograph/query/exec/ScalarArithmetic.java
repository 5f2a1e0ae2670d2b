package barograph.query.exec;

import barograph.query.ast.BinaryOperator;
import barograph.query.function.Absence;
import barograph.query.plan.Arithmetic;
import barograph.query.plan.VectorPlan;

/// A vector and a scalar: arithmetic on each value, or a comparison that filters or answers 0 or 1.
final class ScalarArithmetic implements VectorOperator {
  private final Evaluation evaluation;
  private final VectorPlan.WithScalar plan;
  private final VectorOperator vector;
  private final ScalarOperator scalar;
  private final HistogramArithmetic histograms;

  ScalarArithmetic(Operators operators, VectorPlan.WithScalar plan, Grid grid) {
    this.evaluation = operators.evaluation();
    this.plan = plan;
    this.histograms =
        new HistogramArithmetic(evaluation, plan.operator(), plan.returnBool(), plan.place());
    this.vector = operators.vector(plan.vector(), grid);
    this.scalar = operators.scalar(plan.scalar(), grid);
  }

  static ScalarOperator scalars(
      Evaluation evaluation, BinaryOperator operator, ScalarOperator left, ScalarOperator right) {
    return () -> {
      double[] values = left.run();
      double[] others = right.run();
      evaluation.budget().work(values.length);
      for (int step = 0; step < values.length; step++) {
        values[step] = Arithmetic.scalar(operator, values[step], others[step]);
      }
      return values;
    };
  }

  @Override
  public void run(SeriesSink sink) {
    double[] scalars = scalar.run();
    boolean keepsName = plan.operator().keepsName() && !plan.returnBool();
    vector.run((labels, dropsName, column) -> {
      boolean any = apply(column.values(), scalars);
      if (column.hasHistograms()) {
        applyToHistograms(column, scalars);
        any |= column.hasHistograms();
      }
      if (any) {
        sink.accept(
            keepsName ? labels : evaluation.dropped(labels),
            keepsName ? dropsName : evaluation.namesDropLate(),
            column);
      }
    });
  }

  private boolean apply(double[] values, double[] scalars) {
    evaluation.budget().work(values.length);
    boolean any = false;
    for (int step = 0; step < values.length; step++) {
      double value = values[step];
      if (Absence.isNone(value)) {
        continue;
      }
      double left = plan.scalarOnLeft() ? scalars[step] : value;
      double right = plan.scalarOnLeft() ? value : scalars[step];
      values[step] = result(left, right, value);
      any |= Absence.isPresent(values[step]);
    }
    return any;
  }

  private void applyToHistograms(Column column, double[] scalars) {
    for (int step = 0; step < column.steps(); step++) {
      var histogram = column.histogram(step);
      if (histogram == null) {
        continue;
      }
      evaluation.budget().work(16);
      if (plan.scalarOnLeft()) {
        histograms.compute(scalars[step], null, 0, histogram, step, column);
      } else {
        histograms.compute(0, histogram, scalars[step], null, step, column);
      }
    }
  }

  private double result(double left, double right, double value) {
    return switch (plan.operator().kind()) {
      case ARITHMETIC -> Arithmetic.compute(plan.operator(), left, right);
      case COMPARISON -> {
        boolean holds = Arithmetic.holds(plan.operator(), left, right);
        yield plan.returnBool() ? (holds ? 1 : 0) : holds ? value : Absence.NONE;
      }
      case TRIM -> HistogramArithmetic.numbersTrimmed(evaluation, plan.operator(), plan.place());
      case SET -> throw new IllegalArgumentException("set operator between vector and scalar");
    };
  }
}
