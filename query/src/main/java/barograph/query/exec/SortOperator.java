package barograph.query.exec;

import barograph.query.function.NaturalOrder;
import barograph.query.plan.Place;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The series of a single step in another order; of more steps as they come.
final class SortOperator implements VectorOperator {
  private static final int WORK_PER_COMPARISON = 4;

  private final Evaluation evaluation;
  private final VectorOperator source;
  private final Grid grid;
  private final Comparator<Held> order;
  private final Place place;

  private final boolean numbersAlone;

  private record Held(Labels labels, boolean dropsName, Column point) {
    double value() {
      return point.values()[0];
    }
  }

  private SortOperator(
      Operators operators,
      VectorPlan vector,
      Grid grid,
      Comparator<Held> order,
      boolean numbersAlone,
      Place place) {
    this.evaluation = operators.evaluation();
    this.source = operators.vector(vector, grid);
    this.grid = grid;
    this.order = order;
    this.numbersAlone = numbersAlone;
    this.place = place;
  }

  static SortOperator byValue(Operators operators, VectorPlan.SortedByValue plan, Grid grid) {
    int sign = plan.descending() ? -1 : 1;
    Comparator<Held> order =
        (a, b) -> {
          boolean aNan = Double.isNaN(a.value());
          boolean bNan = Double.isNaN(b.value());
          if (aNan || bNan) {
            return Boolean.compare(aNan, bNan);
          }
          return a.value() == b.value() ? 0 : sign * Double.compare(a.value(), b.value());
        };
    return new SortOperator(operators, plan.vector(), grid, order, true, plan.place());
  }

  static SortOperator byLabels(Operators operators, VectorPlan.SortedByLabel plan, Grid grid) {
    List<String> names = plan.labels();
    Comparator<Held> order =
        (a, b) -> {
          for (String name : names) {
            String x = a.labels.get(name);
            String y = b.labels.get(name);
            if (!x.equals(y)) {
              return NaturalOrder.COMPARATOR.compare(x, y);
            }
          }
          return a.labels.compareTo(b.labels);
        };
    return new SortOperator(
        operators,
        plan.vector(),
        grid,
        plan.descending() ? order.reversed() : order,
        false,
        plan.place());
  }

  @Override
  public void run(SeriesSink sink) {
    if (evaluation.isRange()) {
      evaluation
          .notes()
          .warn(
              place,
              "sort is ineffective for range queries since results are always ordered by labels");
    }
    if (grid.steps() != 1) {
      source.run((labels, dropsName, column) -> {
        if (!numbersAlone || dropsHistograms(column)) {
          sink.accept(labels, dropsName, column);
        }
      });
      return;
    }
    var held = new ArrayList<Held>();
    source.run((labels, dropsName, column) -> {
      if (!numbersAlone || dropsHistograms(column)) {
        evaluation.budget().hold(1 + column.histogramSamples());
        evaluation.budget().hold(labels);
        held.add(new Held(labels, dropsName, column.copy()));
      }
    });
    held.sort((a, b) -> {
      evaluation.budget().work(WORK_PER_COMPARISON);
      return order.compare(a, b);
    });
    for (Held one : held) {
      sink.accept(one.labels, one.dropsName, one.point);
    }
  }

  /// Leaves the numbers of a column; false if there is none.
  private static boolean dropsHistograms(Column column) {
    boolean had = column.hasHistograms();
    column.dropHistograms();
    return !had || column.hasNumbers();
  }
}
