package barograph.query.exec;

import barograph.query.function.Fold;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Groups of series, folded as the series come: holds groups and steps, never all series.
final class FoldOperator implements VectorOperator {
  private static final int BYTES_PER_SAMPLE = 16;

  private final Operators operators;
  private final VectorPlan.Aggregated plan;
  private final VectorOperator source;
  private final Grid grid;

  FoldOperator(Operators operators, VectorPlan.Aggregated plan, Grid grid) {
    this.operators = operators;
    this.plan = plan;
    this.source = operators.grouped(plan.vector(), plan.grouping(), grid);
    this.grid = grid;
  }

  private static final class Group {
    private final Fold fold;
    private boolean dropsName;

    /// Made when the first histogram comes.
    private @Nullable HistogramGroup histograms;

    private Group(Fold fold) {
      this.fold = fold;
    }
  }

  @Override
  public void run(SeriesSink sink) {
    var evaluation = operators.evaluation();
    var budget = evaluation.budget();
    double[] parameter = plan.parameter() == null ? new double[0] : operators.parameter(plan, grid);
    var groups = new LinkedHashMap<Labels, Group>();
    var footprint = footprint();
    long perGroup = perStep(footprint.bytesPerStep());
    long perSeries = perStep(footprint.bytesPerPoint());
    source.run((labels, dropsName, column) -> {
      var key = plan.grouping().of(labels);
      var group = groups.get(key);
      if (group == null) {
        budget.hold(perGroup);
        budget.hold(key);
        group = new Group(newFold(parameter));
        groups.put(key, group);
      }
      budget.hold(perSeries);
      budget.work(grid.steps());
      group.fold.add(column.values());
      if (column.hasHistograms()) {
        var histograms = group.histograms;
        if (histograms == null) {
          histograms = new HistogramGroup(evaluation, plan, grid.steps());
          group.histograms = histograms;
        }
        histograms.add(labels, column);
      }
      group.dropsName |= dropsName;
    });
    // Said even of an empty vector: it is the query that is odd, and not the data.
    for (double quantile : parameter) {
      WindowOperator.checkQuantile(evaluation.notes(), plan.parameterPlace(), quantile);
    }
    var column = evaluation.column(grid.steps());
    groups.forEach((labels, group) -> {
      budget.work(grid.steps());
      column.dropHistograms();
      group.fold.finish(column.values());
      if (group.histograms != null) {
        group.histograms.finish(column);
      }
      if (group.histograms == null || !column.isEmpty()) {
        sink.accept(labels, group.dropsName, column);
      }
    });
  }

  private long perStep(int bytes) {
    return ((long) bytes * grid.steps() + BYTES_PER_SAMPLE - 1) / BYTES_PER_SAMPLE;
  }

  private Fold.Footprint footprint() {
    return switch (plan.aggregator()) {
      case SUM -> Fold.Sum.FOOTPRINT;
      case AVG -> Fold.Average.FOOTPRINT;
      case MIN, MAX -> Fold.Extreme.FOOTPRINT;
      case COUNT, GROUP -> Fold.Count.FOOTPRINT;
      case STDDEV, STDVAR -> Fold.Spread.FOOTPRINT;
      case QUANTILE -> Fold.Quantile.FOOTPRINT;
      case TOPK, BOTTOMK, COUNT_VALUES, LIMITK, LIMIT_RATIO -> throw notFolded();
    };
  }

  private Fold newFold(double[] parameter) {
    int steps = grid.steps();
    return switch (plan.aggregator()) {
      case SUM -> new Fold.Sum(steps);
      case AVG -> new Fold.Average(steps);
      case MIN -> new Fold.Extreme(steps, false);
      case MAX -> new Fold.Extreme(steps, true);
      case COUNT -> new Fold.Count(steps, false);
      case GROUP -> new Fold.Count(steps, true);
      case STDDEV -> new Fold.Spread(steps, true);
      case STDVAR -> new Fold.Spread(steps, false);
      case QUANTILE -> new Fold.Quantile(steps, parameter);
      case TOPK, BOTTOMK, COUNT_VALUES, LIMITK, LIMIT_RATIO -> throw notFolded();
    };
  }

  private IllegalArgumentException notFolded() {
    return new IllegalArgumentException(plan.aggregator().symbol() + " is no fold");
  }
}
