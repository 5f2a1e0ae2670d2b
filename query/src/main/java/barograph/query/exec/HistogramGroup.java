package barograph.query.exec;

import barograph.query.ast.Aggregator;
import barograph.query.function.Absence;
import barograph.query.histogram.HistogramFold;
import barograph.query.histogram.Remark;
import barograph.query.plan.Place;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;

/// The histograms of one group of an aggregation, beside the fold of its numbers.
///
/// `sum` and `avg` fold them too, but not together with numbers; `count` and `group` count them;
/// the others ignore them.
final class HistogramGroup {
  private final Evaluation evaluation;
  private final Aggregator aggregator;
  private final HistogramNotes notes;
  private final VectorPlan.Aggregated plan;
  private final HistogramFold fold;
  private final int[] counts;

  HistogramGroup(Evaluation evaluation, VectorPlan.Aggregated plan, int steps) {
    this.evaluation = evaluation;
    this.plan = plan;
    this.aggregator = plan.aggregator();
    this.notes = new HistogramNotes(evaluation.notes(), plan.vectorPlace());
    evaluation.budget().hold(steps);
    this.fold = new HistogramFold(steps, aggregator == Aggregator.AVG);
    this.counts = new int[steps];
  }

  void add(Labels labels, Column column) {
    for (int step = 0; step < column.steps(); step++) {
      var histogram = column.histogram(step);
      if (histogram == null) {
        continue;
      }
      switch (aggregator) {
        case SUM, AVG -> {
          long bytes = fold.add(step, histogram, remark -> notes.note(remark, labels.metricName()));
          evaluation.budget().hold(Budget.samples(bytes));
          evaluation.budget().work(16);
        }
        case COUNT, GROUP -> counts[step]++;
        case MIN, MAX, STDDEV, STDVAR, QUANTILE, TOPK, BOTTOMK, LIMITK, LIMIT_RATIO, COUNT_VALUES ->
            ignored(evaluation.notes(), plan.vectorPlace(), aggregator);
      }
    }
  }

  /// Says that an aggregation does not know histograms.
  static void ignored(Notes notes, Place place, Aggregator aggregator) {
    notes.inform(place, "ignored histogram in %s aggregation".formatted(aggregator.symbol()));
  }

  /// Puts the results beside those of the numbers, which `into` holds.
  void finish(Column into) {
    for (int step = 0; step < into.steps(); step++) {
      double number = into.values()[step];
      if (counts[step] > 0) {
        double counted = Absence.isNone(number) ? counts[step] : number + counts[step];
        into.values()[step] = aggregator == Aggregator.GROUP ? 1 : counted;
      } else if (fold.has(step)) {
        into.remove(step);
        if (Absence.isPresent(number)) {
          evaluation
              .notes()
              .warn(
                  plan.vectorPlace(), "encountered a mix of histograms and floats for aggregation");
        } else {
          into.putHistogram(step, fold.finish(step, this::note));
        }
      }
    }
  }

  private void note(Remark remark) {
    notes.note(remark, "");
  }
}
