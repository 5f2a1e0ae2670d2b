package barograph.query.exec;

import barograph.query.ast.BinaryOperator;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// `and`, `or`, `unless`: whether a series' point stays depends on whether its match group has one
/// on the other side, step by step.
final class SetOperator implements VectorOperator {
  private final Evaluation evaluation;
  private final BinaryOperator operator;
  private final VectorOperator left;
  private final VectorOperator right;
  private final Signature signature;
  private final Grid grid;

  SetOperator(Operators operators, VectorPlan.SetOperation plan, Grid grid) {
    this.evaluation = operators.evaluation();
    this.operator = plan.operator();
    this.left = operators.vector(plan.left(), grid);
    this.right = operators.vector(plan.right(), grid);
    this.signature = new Signature(plan.matching());
    this.grid = grid;
  }

  @Override
  public void run(SeriesSink sink) {
    var present = new HashMap<Labels, BitSet>();
    if (operator == BinaryOperator.OR) {
      left.run((labels, dropsName, column) -> {
        mark(present, labels, column);
        sink.accept(labels, dropsName, column);
      });
      right.run(masked(present, false, sink));
    } else {
      right.run((labels, dropsName, column) -> mark(present, labels, column));
      left.run(masked(present, operator == BinaryOperator.AND, sink));
    }
  }

  private void mark(Map<Labels, BitSet> present, Labels labels, Column column) {
    evaluation.budget().work(grid.steps());
    var steps =
        present.computeIfAbsent(
            signature.of(labels),
            key -> {
              evaluation.budget().hold(1 + grid.steps() / 128);
              evaluation.budget().hold(key);
              return new BitSet(grid.steps());
            });
    for (int step = 0; step < column.steps(); step++) {
      if (column.has(step)) {
        steps.set(step);
      }
    }
  }

  /// Lets through what is at steps that are marked, or are not.
  private SeriesSink masked(Map<Labels, BitSet> present, boolean keepMarked, SeriesSink sink) {
    var none = new BitSet();
    return (labels, dropsName, column) -> {
      evaluation.budget().work(grid.steps());
      var steps = present.getOrDefault(signature.of(labels), none);
      boolean any = false;
      for (int step = 0; step < column.steps(); step++) {
        if (steps.get(step) != keepMarked) {
          column.remove(step);
        }
        any |= column.has(step);
      }
      if (any) {
        sink.accept(labels, dropsName, column);
      }
    };
  }
}
