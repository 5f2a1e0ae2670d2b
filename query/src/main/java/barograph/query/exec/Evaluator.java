package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.plan.Plan;
import barograph.query.plan.RangePlan;
import barograph.query.plan.ScalarPlan;
import barograph.query.plan.VectorPlan;
import barograph.query.value.Sample;
import barograph.query.value.Series;
import barograph.query.value.Series.HistogramPoint;
import barograph.query.value.Value;
import barograph.storage.Reader;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs one plan over its steps; used once, by one thread.
public final class Evaluator implements AutoCloseable {
  private final Evaluation evaluation;
  private final Operators operators;

  /// @param order in which series are folded
  /// @param helpers threads that may be borrowed
  /// @param lookbackMillis how old the newest sample of a series may be
  /// @param namesDropLate whether names are dropped from the result and not by each operator
  /// @param isRange whether the query has steps
  /// @param profile watches the operators; null if nobody wants to know
  /// @param countedSteps how many steps there are, if the samples of each are to be counted; else 0
  public Evaluator(
      Reader reader,
      SeriesOrder order,
      Budget budget,
      Notes notes,
      Helpers helpers,
      long lookbackMillis,
      boolean namesDropLate,
      boolean isRange,
      @Nullable Profile profile,
      int countedSteps) {
    this.evaluation =
        new Evaluation(
            new Selections(reader, order, budget),
            budget,
            notes,
            helpers,
            lookbackMillis,
            namesDropLate,
            isRange,
            profile,
            countedSteps == 0
                ? SampleCounts.inAll(budget)
                : SampleCounts.bySteps(budget, countedSteps));
    this.operators = new Operators(evaluation);
  }

  /// The value at one time; series in the order in which they are met.
  public Value instant(Plan plan, long timeMillis) {
    var grid = new Grid(timeMillis, 0, 1);
    return switch (plan) {
      case Plan.OfText(var text) -> new Value.Text(timeMillis, text);
      case Plan.OfScalar(var scalar) ->
          new Value.Scalar(timeMillis, operators.scalar(scalar, grid).run()[0]);
      case Plan.OfVector(var vector) -> {
        var samples = new ArrayList<Sample>();
        root(vector, grid)
            .run((labels, dropsName, column) -> {
              evaluation.budget().hold(1 + column.histogramSamples());
              evaluation.budget().hold(labels);
              var histogram = column.histogram(0);
              samples.add(
                  histogram == null
                      ? new Sample(labels, timeMillis, column.values()[0])
                      : new Sample(labels, timeMillis, histogram));
            });
        yield new Value.Vector(samples);
      }
      case Plan.OfRange(var range) -> new Value.Matrix(windows(range, grid));
    };
  }

  /// The values at all steps of `grid`, series unsorted.
  ///
  /// @throws IllegalArgumentException if the plan yields neither scalar nor vector
  public List<Series> range(Plan plan, Grid grid) {
    return switch (plan) {
      case Plan.OfScalar(ScalarPlan scalar) -> {
        double[] values = operators.scalar(scalar, grid).run();
        var times = new long[values.length];
        Arrays.setAll(times, grid::timeMillis);
        yield List.of(new Series(Labels.EMPTY, times, values));
      }
      case Plan.OfVector(var vector) -> matrix(vector, grid);
      case Plan.OfRange _, Plan.OfText _ ->
          throw new IllegalArgumentException("a range query yields scalars or vectors alone");
    };
  }

  /// Puts series in label order.
  public static List<Series> sorted(List<Series> series) {
    return series.stream().sorted(Comparator.comparing(Series::labels)).toList();
  }

  /// How many samples each step has looked at, if that was to be counted.
  public long[] countedSamples() {
    return evaluation.counts().counted();
  }

  /// What the store could not read of what was asked.
  public Set<String> storageWarnings() {
    return evaluation.selections().warnings();
  }

  private List<Series> matrix(VectorPlan vector, Grid grid) {
    var series = new ArrayList<Series>();
    long[] allTimes = new long[grid.steps()];
    Arrays.setAll(allTimes, grid::timeMillis);
    root(vector, grid)
        .run((labels, dropsName, column) -> {
          int numbers = column.numbers();
          evaluation.budget().hold(numbers + column.histogramSamples());
          evaluation.budget().hold(labels);
          evaluation.budget().work(2 * grid.steps());
          series.add(seriesOf(labels, column, numbers, allTimes));
        });
    return series;
  }

  private static Series seriesOf(Labels labels, Column column, int points, long[] allTimes) {
    double[] values = column.values();
    if (points == values.length) {
      return new Series(labels, allTimes, values.clone());
    }
    var times = new long[points];
    var present = new double[points];
    int filled = 0;
    for (int step = 0; step < values.length; step++) {
      if (Absence.isPresent(values[step])) {
        times[filled] = allTimes[step];
        present[filled++] = values[step];
      }
    }
    return new Series(labels, times, present, histogramsOf(column, allTimes));
  }

  private static List<HistogramPoint> histogramsOf(Column column, long[] allTimes) {
    if (!column.hasHistograms()) {
      return List.of();
    }
    var points = new ArrayList<HistogramPoint>(column.histograms());
    for (int step = 0; step < allTimes.length; step++) {
      var histogram = column.histogram(step);
      if (histogram != null) {
        points.add(new HistogramPoint(allTimes[step], histogram));
      }
    }
    return points;
  }

  /// The operator of the whole query, which has names dropped that were kept so far.
  private VectorOperator root(VectorPlan vector, Grid grid) {
    var operator = operators.vector(vector, grid);
    if (!evaluation.namesDropLate()) {
      return operator;
    }
    VectorOperator nameless =
        sink ->
            operator.run((labels, dropsName, column) ->
                sink.accept(dropsName ? Evaluation.withoutName(labels) : labels, false, column));
    return new MergeOperator(evaluation, nameless, grid, false);
  }

  private List<Series> windows(RangePlan range, Grid grid) {
    long end = range.timing().lookAt(grid.startMillis());
    long start = end - range.rangeMillis();
    var series = new LinkedHashMap<Labels, Series>();
    operators
        .windows(range, grid)
        .run((labels, dropsName, samples, histograms) -> {
          long[] times = samples.timestamps();
          int from = firstAfter(start, times, samples.size());
          int to = samples.size();
          var points = new ArrayList<HistogramPoint>();
          int first = firstAfter(start, histograms.times(), histograms.size());
          for (int i = first; i < histograms.size(); i++) {
            points.add(new HistogramPoint(histograms.times()[i], histograms.get(i)));
          }
          if (from == to && points.isEmpty()) {
            return;
          }
          evaluation.budget().hold(to - from + Budget.samples(histograms.bytes()));
          evaluation.budget().hold(labels);
          var shown = dropsName ? Evaluation.withoutName(labels) : labels;
          var one =
              new Series(
                  shown,
                  Arrays.copyOfRange(times, from, to),
                  Arrays.copyOfRange(samples.values(), from, to),
                  points);
          if (series.put(shown, one) != null) {
            throw EvaluationException.sameLabels();
          }
        });
    return sorted(List.copyOf(series.values()));
  }

  private static int firstAfter(long millis, long[] times, int size) {
    int first = 0;
    while (first < size && times[first] <= millis) {
      first++;
    }
    return first;
  }

  /// Lets go of what was read.
  @Override
  public void close() {
    evaluation.selections().close();
  }
}
