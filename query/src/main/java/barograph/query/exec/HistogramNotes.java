package barograph.query.exec;

import barograph.query.histogram.Remark;
import barograph.query.plan.Place;

/// Words for what happened to histograms.
final class HistogramNotes {
  private final Notes notes;
  private final Place place;

  /// @param place what the notes are about
  HistogramNotes(Notes notes, Place place) {
    this.notes = notes;
    this.place = place;
  }

  /// Notes a remark about the series of a metric.
  void note(Remark remark, String metricName) {
    switch (remark) {
      case MIXED_WITH_FLOATS ->
          warn("encountered a mix of histograms and floats for metric name ", metricName);
      case MIXED_SCHEMAS ->
          warn(
              "vector contains a mix of histograms with exponential and custom buckets schemas for"
                  + " metric name ",
              metricName);
      case NOT_A_COUNTER -> warn("this native histogram metric is not a counter: ", metricName);
      case NOT_A_GAUGE -> warn("this native histogram metric is not a gauge: ", metricName);
      case HISTOGRAMS_IGNORED ->
          notes.inform(
              place,
              "ignored histograms in a range containing both floats and histograms for metric name "
                  + Quoted.of(metricName));
      case RESETS_CONFLICT_IN_ADDITION -> resetsConflict("addition");
      case RESETS_CONFLICT_IN_SUBTRACTION -> resetsConflict("subtraction");
      case RESETS_CONFLICT_IN_AGGREGATION -> resetsConflict("aggregation");
      case BOUNDS_RECONCILED_IN_ADDITION -> boundsReconciled("addition");
      case BOUNDS_RECONCILED_IN_SUBTRACTION -> boundsReconciled("subtraction");
      case BOUNDS_RECONCILED_IN_AGGREGATION -> boundsReconciled("aggregation");
    }
  }

  private void warn(String text, String metricName) {
    notes.warn(place, text + Quoted.of(metricName));
  }

  private void resetsConflict(String operation) {
    notes.warn(place, "conflicting counter resets during histogram " + operation);
  }

  private void boundsReconciled(String operation) {
    notes.inform(place, "mismatched custom buckets were reconciled during " + operation);
  }
}
