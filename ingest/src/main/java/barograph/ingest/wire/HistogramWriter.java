package barograph.ingest.wire;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.Histogram;

/// Writes native histograms as the messages of remote write and remote read have them, field for
/// field.
public final class HistogramWriter {
  private static final int COUNT = 1;
  private static final int FLOAT_COUNT = 2;
  private static final int SUM = 3;
  private static final int SCHEMA = 4;
  private static final int ZERO_THRESHOLD = 5;
  private static final int ZERO_COUNT = 6;
  private static final int FLOAT_ZERO_COUNT = 7;

  /// Spans, differences and counts of the buckets below zero have numbers from here on, those above
  /// zero three further.
  private static final int NEGATIVE = 8;

  private static final int POSITIVE = 11;
  private static final int RESET = 14;
  private static final int TIMESTAMP = 15;
  private static final int BOUNDS = 16;

  private final WireWriter message = new WireWriter();
  private final WireWriter inner = new WireWriter();

  /// The message, good until the next.
  public WireWriter write(Histogram histogram, long timestampMillis) {
    var layout = histogram.layout();
    message.clear();
    if (histogram.isInteger()) {
      message.varint(COUNT, histogram.rawCount());
    } else {
      message.fixedDouble(FLOAT_COUNT, histogram.count());
    }
    message.fixedDouble(SUM, histogram.sum());
    message.zigzag(SCHEMA, layout.schema());
    message.fixedDouble(ZERO_THRESHOLD, layout.zeroThreshold());
    if (histogram.isInteger()) {
      message.varint(ZERO_COUNT, histogram.rawZeroCount());
    } else {
      message.fixedDouble(FLOAT_ZERO_COUNT, histogram.zeroCount());
    }
    int above = layout.positive().buckets();
    side(NEGATIVE, layout.negative(), histogram, above);
    side(POSITIVE, layout.positive(), histogram, 0);
    message.varint(RESET, histogram.counterReset().number());
    message.varint(TIMESTAMP, timestampMillis);
    if (layout.customBounds() > 0) {
      inner.clear();
      for (int i = 0; i < layout.customBounds(); i++) {
        inner.rawDouble(layout.customBound(i));
      }
      message.field(BOUNDS, inner);
    }
    return message;
  }

  private void side(int field, BucketSpans spans, Histogram histogram, int firstBucket) {
    for (int i = 0; i < spans.size(); i++) {
      message.field(field, inner.clear().zigzag(1, spans.offset(i)).varint(2, spans.length(i)));
    }
    if (spans.buckets() == 0) {
      return;
    }
    inner.clear();
    long before = 0;
    for (int i = firstBucket; i < firstBucket + spans.buckets(); i++) {
      if (histogram.isInteger()) {
        inner.rawZigzag(histogram.rawBucket(i) - before);
        before = histogram.rawBucket(i);
      } else {
        inner.rawDouble(histogram.bucket(i));
      }
    }
    message.field(histogram.isInteger() ? field + 1 : field + 2, inner);
  }
}
