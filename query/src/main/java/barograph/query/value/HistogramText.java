package barograph.query.value;

import barograph.query.histogram.Bucket;
import barograph.query.histogram.NativeHistogram;

/// Writes a native histogram as one line: `{count:4, sum:5, (0.5,1]:1, (1,2]:3}`.
///
/// The form is Prometheus's, since it becomes a label's value in `count_values`. Square brackets
/// stand at bounds that belong to the bucket; buckets without observations are left out.
public final class HistogramText {
  private HistogramText() {}

  public static String of(NativeHistogram histogram) {
    var text = new StringBuilder("{count:").append(NumberText.general(histogram.count()));
    text.append(", sum:").append(NumberText.general(histogram.sum()));
    for (var bucket : histogram.buckets()) {
      if (bucket.count() != 0) {
        append(text.append(", "), bucket);
      }
    }
    return text.append('}').toString();
  }

  private static void append(StringBuilder text, Bucket bucket) {
    text.append(bucket.lowerInclusive() ? '[' : '(').append(NumberText.general(bucket.lower()));
    text.append(',').append(NumberText.general(bucket.upper()));
    text.append(bucket.upperInclusive() ? ']' : ')').append(':');
    text.append(NumberText.general(bucket.count()));
  }
}
