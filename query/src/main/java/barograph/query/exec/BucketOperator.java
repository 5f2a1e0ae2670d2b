package barograph.query.exec;

import barograph.query.ast.Span;
import barograph.query.function.Absence;
import barograph.query.function.ClassicHistogram;
import barograph.query.plan.VectorPlan;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Quantiles and shares of classic histograms: series that differ only in `le` are the buckets of
/// one.
final class BucketOperator implements VectorOperator {
  private static final String BOUND = "le";

  private final Evaluation evaluation;
  private final VectorOperator source;
  private final Grid grid;
  private final Span span;
  private final Answers answers;

  /// What is asked of each histogram.
  private sealed interface Answers {
    record Quantiles(List<ScalarOperator> levels, List<Span> spans, String label)
        implements Answers {}

    record Fraction(ScalarOperator lower, ScalarOperator upper) implements Answers {}
  }

  private record Bucket(double bound, Column counts) {}

  private static final class Histogram {
    private final List<Bucket> buckets = new ArrayList<>();
    private boolean dropsName;
  }

  private BucketOperator(
      Operators operators, VectorPlan buckets, Grid grid, Span span, Answers answers) {
    this.evaluation = operators.evaluation();
    this.source = operators.vector(buckets, grid);
    this.grid = grid;
    this.span = span;
    this.answers = answers;
  }

  static BucketOperator quantile(Operators operators, VectorPlan.BucketQuantile plan, Grid grid) {
    var levels = List.of(operators.scalar(plan.quantile(), grid));
    return new BucketOperator(
        operators,
        plan.buckets(),
        grid,
        plan.span(),
        new Answers.Quantiles(levels, List.of(plan.quantileSpan()), ""));
  }

  static BucketOperator quantiles(Operators operators, VectorPlan.BucketQuantiles plan, Grid grid) {
    var levels = plan.quantiles().stream().map(q -> operators.scalar(q, grid)).toList();
    return new BucketOperator(
        operators,
        plan.buckets(),
        grid,
        plan.span(),
        new Answers.Quantiles(levels, plan.quantileSpans(), plan.label()));
  }

  static BucketOperator fraction(Operators operators, VectorPlan.BucketFraction plan, Grid grid) {
    return new BucketOperator(
        operators,
        plan.buckets(),
        grid,
        plan.span(),
        new Answers.Fraction(
            operators.scalar(plan.lower(), grid), operators.scalar(plan.upper(), grid)));
  }

  @Override
  public void run(SeriesSink sink) {
    var histograms = new LinkedHashMap<Labels, Histogram>();
    source.run((labels, dropsName, column) -> {
      double bound = bound(labels);
      if (Double.isNaN(bound)) {
        return;
      }
      evaluation.budget().hold(grid.steps());
      evaluation.budget().work(grid.steps());
      var key = labels.without(BOUND);
      var histogram = histograms.computeIfAbsent(key, absent -> new Histogram());
      histogram.buckets.add(new Bucket(bound, column.copy()));
      histogram.dropsName |= dropsName;
    });
    for (var histogram : histograms.values()) {
      histogram.buckets.sort(Comparator.comparingDouble(Bucket::bound));
    }
    switch (answers) {
      case Answers.Quantiles(var levels, var spans, var label) ->
          quantiles(histograms, levels, spans, label, sink);
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
    String name = labels.metricName();
    evaluation
        .notes()
        .warn(
            span,
            "bucket label \"le\" is missing or has a malformed value of %s%s"
                .formatted(
                    Quoted.of(labels.get(BOUND)),
                    name.isEmpty() ? "" : " for metric name " + Quoted.of(name)));
    return Double.NaN;
  }

  private void quantiles(
      Map<Labels, Histogram> histograms,
      List<ScalarOperator> levels,
      List<Span> spans,
      String label,
      SeriesSink sink) {
    var column = evaluation.column(grid.steps());
    var histogram = new ClassicHistogram();
    var levelValues = levels.stream().map(ScalarOperator::run).toList();
    for (int i = 0; i < levels.size(); i++) {
      for (double level : levelValues.get(i)) {
        WindowOperator.checkQuantile(evaluation.notes(), spans.get(i), level);
      }
    }
    histograms.forEach((labels, held) -> {
      for (double[] level : levelValues) {
        boolean any = false;
        for (int step = 0; step < grid.steps(); step++) {
          double value = Absence.NONE;
          if (fill(histogram, held.buckets, step)) {
            any = true;
            value = histogram.quantile(level[step]);
            noteForced(histogram, labels);
          }
          column.values()[step] = value;
        }
        if (any) {
          var result =
              label.isEmpty() ? labels : labels.with(label, NumberText.openMetrics(level[0]));
          sink.accept(evaluation.dropped(result), evaluation.namesDropLate(), column);
        }
      }
    });
  }

  private void fractions(
      Map<Labels, Histogram> histograms, double[] lower, double[] upper, SeriesSink sink) {
    var column = evaluation.column(grid.steps());
    var histogram = new ClassicHistogram();
    histograms.forEach((labels, held) -> {
      boolean any = false;
      for (int step = 0; step < grid.steps(); step++) {
        double value = Absence.NONE;
        if (fill(histogram, held.buckets, step)) {
          any = true;
          value = histogram.fraction(lower[step], upper[step]);
        }
        column.values()[step] = value;
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

  private void noteForced(ClassicHistogram histogram, Labels labels) {
    if (!histogram.wasForced()) {
      return;
    }
    String name = labels.metricName();
    evaluation
        .notes()
        .inform(
            span,
            ("input to histogram_quantile needed to be fixed for monotonicity (see"
                    + " https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
                    + "%s")
                .formatted(name.isEmpty() ? "" : " for metric name " + Quoted.of(name)));
  }
}
