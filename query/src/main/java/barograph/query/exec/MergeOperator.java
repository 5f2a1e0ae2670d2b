package barograph.query.exec;

import barograph.storage.model.Labels;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;

/// Puts the points of equal series together, which must not meet at any step.
final class MergeOperator implements VectorOperator {
  private final Evaluation evaluation;
  private final VectorOperator source;
  private final Grid grid;
  private final boolean anyTwo;

  /// @param anyTwo whether two equal series are an error even if they never meet
  MergeOperator(Evaluation evaluation, VectorOperator source, Grid grid, boolean anyTwo) {
    this.evaluation = evaluation;
    this.source = source;
    this.grid = grid;
    this.anyTwo = anyTwo;
  }

  private record Key(Labels labels, boolean dropsName) {}

  @Override
  public void run(SeriesSink sink) {
    if (anyTwo || grid.steps() == 1) {
      var seen = new LinkedHashSet<Labels>();
      source.run((labels, dropsName, column) -> {
        evaluation.budget().hold(labels);
        if (!seen.add(labels)) {
          throw EvaluationException.sameLabels();
        }
        sink.accept(labels, dropsName, column);
      });
      return;
    }
    var merged = new LinkedHashMap<Key, Column>();
    source.run((labels, dropsName, column) -> {
      evaluation.budget().work(grid.steps());
      evaluation.budget().hold(column.histogramSamples());
      var before = merged.get(new Key(labels, dropsName));
      if (before != null) {
        merge(column, before);
      } else {
        evaluation.budget().hold(grid.steps());
        evaluation.budget().hold(labels);
        merged.put(new Key(labels, dropsName), column.copy());
      }
    });
    merged.forEach((key, column) -> sink.accept(key.labels, key.dropsName, column));
  }

  private static void merge(Column from, Column into) {
    for (int step = 0; step < into.steps(); step++) {
      if (from.has(step)) {
        if (into.has(step)) {
          throw EvaluationException.sameLabels();
        }
        into.putFrom(from, step, step);
      }
    }
  }
}
