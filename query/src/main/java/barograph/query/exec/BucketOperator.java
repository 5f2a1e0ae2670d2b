package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.function.ClassicHistogram;
import barograph.query.histogram.HistogramFraction;
import barograph.query.histogram.HistogramQuantile;
import barograph.query.histogram.NativeHistogram;
import barograph.query.plan.Place;
import barograph.query.plan.VectorPlan;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Quantiles and shares of histograms: native ones, and classic ones, of which series that differ
/// only in `le` are the buckets.
final class BucketOperator implements VectorOperator {
  private static final String BOUND = "le";
  private static final String FORCED =
      "input to histogram_quantile needed to be fixed for monotonicity (see"
          + " https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

  private final Evaluation evaluation;
  private final VectorOperator source;
  private final Grid grid;
  private final Place place;
  private final Answers answers;

  /// What is asked of each histogram.
  private sealed interface Answers {
    record Quantiles(List<ScalarOperator> levels, List<Place> places, String label)
        implements Answers {}

    record Fraction(ScalarOperator lower, ScalarOperator upper) implements Answers {}
  }

  private record Bucket(double bound, Column counts) {}

  /// What has the same labels but for `le`; at a step, either classic buckets or a native one.
  private static final class Histogram {
    private final List<Bucket> buckets = new ArrayList<>();
    private @Nullable Column natives;
    private boolean dropsName;

    private @Nullable NativeHistogram nativeAt(int step) {
      return natives == null ? null : natives.histogram(step);
    }
  }

  private BucketOperator(
      Operators operators, VectorPlan buckets, Grid grid, Place place, Answers answers) {
    this.evaluation = operators.evaluation();
    this.source = operators.vector(buckets, grid);
    this.grid = grid;
    this.place = place;
    this.answers = answers;
  }

  static BucketOperator quantile(Operators operators, VectorPlan.BucketQuantile plan, Grid grid) {
    var levels = List.of(operators.scalar(plan.quantile(), grid));
    return new BucketOperator(
        operators,
        plan.buckets(),
        grid,
        plan.place(),
        new Answers.Quantiles(levels, List.of(plan.quantilePlace()), ""));
  }

  static BucketOperator quantiles(Operators operators, VectorPlan.BucketQuantiles plan, Grid grid) {
    var levels = plan.quantiles().stream().map(q -> operators.scalar(q, grid)).toList();
    return new BucketOperator(
        operators,
        plan.buckets(),
        grid,
        plan.place(),
        new Answers.Quantiles(levels, plan.quantilePlaces(), plan.label()));
  }

  static BucketOperator fraction(Operators operators, VectorPlan.BucketFraction plan, Grid grid) {
    return new BucketOperator(
        operators,
        plan.buckets(),
        grid,
        plan.place(),
        new Answers.Fraction(
            operators.scalar(plan.lower(), grid), operators.scalar(plan.upper(), grid)));
  }

  @Override
  public void run(SeriesSink sink) {
    var histograms = new LinkedHashMap<Labels, Histogram>();
    source.run((labels, dropsName, column) -> {
      evaluation.budget().work(grid.steps());
      if (column.hasHistograms()) {
        var histogram = histograms.computeIfAbsent(labels, absent -> new Histogram());
        evaluation.budget().hold(grid.steps() + column.histogramSamples());
        evaluation.budget().hold(labels);
        histogram.natives = column.copy();
        histogram.dropsName |= dropsName;
        if (!column.hasNumbers()) {
          return;
        }
        column.dropHistograms();
      }
      double bound = bound(labels);
      if (Double.isNaN(bound)) {
        return;
      }
      evaluation.budget().hold(grid.steps());
      evaluation.budget().hold(labels);
      var key = labels.without(BOUND);
      var histogram = histograms.computeIfAbsent(key, absent -> new Histogram());
      histogram.buckets.add(new Bucket(bound, column.copy()));
      histogram.dropsName |= dropsName;
    });
    for (var histogram : histograms.values()) {
      histogram.buckets.sort(Comparator.comparingDouble(Bucket::bound));
    }
    switch (answers) {
      case Answers.Quantiles(var levels, var places, var label) ->
          quantiles(histograms, levels, places, label, sink);
      case Answers.Fraction(var lower, var upper) ->
          fractions(histograms, lower.run(), upper.run(), sink);
    }
  }

  private double bound(Labels labels) {
    try {
      double bound = NumberText.parse(labels.get(BOUND));
      if (!Double.isNaN(bound)) {
        return bound;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a bound that is NaN.
    }
    evaluation
        .notes()
        .warn(
            place,
            "bucket label \"le\" is missing or has a malformed value of %s%s"
                .formatted(Quoted.of(labels.get(BOUND)), ofMetric(labels)));
    return Double.NaN;
  }

  /// The metric, where operators have not dropped its name before.
  private String ofMetric(Labels labels) {
    String name = evaluation.namesDropLate() ? labels.metricName() : "";
    return name.isEmpty() ? "" : " for metric name " + Quoted.of(name);
  }

  private void quantiles(
      Map<Labels, Histogram> histograms,
      List<ScalarOperator> levels,
      List<Place> places,
      String label,
      SeriesSink sink) {
    var column = evaluation.column(grid.steps());
    var histogram = new ClassicHistogram();
    var levelValues = levels.stream().map(ScalarOperator::run).toList();
    for (int i = 0; i < levels.size(); i++) {
      for (double level : levelValues.get(i)) {
        WindowOperator.checkQuantile(evaluation.notes(), places.get(i), level);
      }
    }
    histograms.forEach((labels, held) -> {
      for (double[] level : levelValues) {
        boolean any = false;
        for (int step = 0; step < grid.steps(); step++) {
          column.values()[step] = quantile(histogram, held, labels, level[step], step);
          any |= Absence.isPresent(column.values()[step]);
        }
        if (any) {
          var result =
              label.isEmpty() ? labels : labels.with(label, NumberText.openMetrics(level[0]));
          sink.accept(evaluation.dropped(result), evaluation.namesDropLate(), column);
        }
      }
    });
  }

  private double quantile(
      ClassicHistogram classic, Histogram held, Labels labels, double level, int step) {
    var nativeHistogram = held.nativeAt(step);
    boolean buckets = fill(classic, held.buckets, step);
    if (nativeHistogram != null) {
      return buckets
          ? bothKinds(labels)
          : quantile(HistogramQuantile.of(level, nativeHistogram), labels);
    }
    if (!buckets) {
      return Absence.NONE;
    }
    double value = classic.quantile(level);
    if (classic.wasForced()) {
      evaluation
          .notes()
          .informOfForcedCounts(
              place,
              FORCED + ofMetric(labels),
              new ForcedCounts(
                  1,
                  grid.timeMillis(step),
                  grid.timeMillis(step),
                  classic.forcedFrom(),
                  classic.forcedTo(),
                  classic.forcedBy()));
    }
    return value;
  }

  private double quantile(HistogramQuantile quantile, Labels labels) {
    String effect =
        switch (quantile.effect()) {
          case NONE -> "";
          case RESULT_IS_NAN -> "result is NaN";
          case RESULT_IS_HIGHER -> "result is skewed higher";
        };
    if (!effect.isEmpty()) {
      evaluation
          .notes()
          .inform(
              place,
              "input to histogram_quantile has NaN observations, %s%s"
                  .formatted(effect, ofMetric(labels)));
    }
    return quantile.value();
  }

  private double fraction(
      ClassicHistogram classic,
      Histogram held,
      Labels labels,
      double lower,
      double upper,
      int step) {
    var nativeHistogram = held.nativeAt(step);
    boolean buckets = fill(classic, held.buckets, step);
    if (nativeHistogram == null) {
      return buckets ? classic.fraction(lower, upper) : Absence.NONE;
    }
    if (buckets) {
      return bothKinds(labels);
    }
    var fraction = HistogramFraction.of(lower, upper, nativeHistogram);
    if (fraction.excludesNans()) {
      evaluation
          .notes()
          .inform(
              place,
              "input to histogram_fraction has NaN observations, which are excluded from all"
                  + " fractions"
                  + ofMetric(labels));
    }
    return fraction.value();
  }

  private double bothKinds(Labels labels) {
    evaluation
        .notes()
        .warn(place, "vector contains a mix of classic and native histograms" + ofMetric(labels));
    return Absence.NONE;
  }

  private void fractions(
      Map<Labels, Histogram> histograms, double[] lower, double[] upper, SeriesSink sink) {
    var column = evaluation.column(grid.steps());
    var histogram = new ClassicHistogram();
    histograms.forEach((labels, held) -> {
      boolean any = false;
      for (int step = 0; step < grid.steps(); step++) {
        column.values()[step] = fraction(histogram, held, labels, lower[step], upper[step], step);
        any |= Absence.isPresent(column.values()[step]);
      }
      if (any) {
        sink.accept(evaluation.dropped(labels), evaluation.namesDropLate(), column);
      }
    });
  }

  private boolean fill(ClassicHistogram histogram, List<Bucket> buckets, int step) {
    evaluation.budget().work(4 * buckets.size());
    histogram.clear();
    for (var bucket : buckets) {
      double count = bucket.counts.values()[step];
      if (Absence.isPresent(count)) {
        histogram.add(bucket.bound, count);
      }
    }
    return histogram.size() > 0;
  }
}
