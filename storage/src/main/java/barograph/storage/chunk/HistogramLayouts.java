package barograph.storage.chunk;

import barograph.storage.model.BucketSpans;
import barograph.storage.model.HistogramLayout;

/// The bytes of a histogram's layout, as they stand in chunks, open streams and the log.
///
/// ```
/// zigzag schema
/// standard:  f64 zero threshold, spans above zero, spans below zero
/// custom:    varint bounds, bounds × f64, spans
/// spans:     varint count, count × (zigzag offset, varint length)
/// ```
final class HistogramLayouts {
  private HistogramLayouts() {}

  static void write(HistogramLayout layout, ByteSink into) {
    into.putZigzag(layout.schema());
    if (layout.isCustom()) {
      into.putVarint(layout.customBounds());
      for (int i = 0; i < layout.customBounds(); i++) {
        into.putLong(Double.doubleToRawLongBits(layout.customBound(i)));
      }
      write(layout.positive(), into);
    } else {
      into.putLong(Double.doubleToRawLongBits(layout.zeroThreshold()));
      write(layout.positive(), into);
      write(layout.negative(), into);
    }
  }

  private static void write(BucketSpans spans, ByteSink into) {
    into.putVarint(spans.size());
    for (int i = 0; i < spans.size(); i++) {
      into.putZigzag(spans.offset(i));
      into.putVarint(spans.length(i));
    }
  }

  /// Reads what [#write] wrote; `before` is given back if it is the same.
  ///
  /// @throws CorruptChunkException if it is no layout
  static HistogramLayout read(ByteCursor cursor, HistogramLayout before) {
    long schema = cursor.readZigzag();
    try {
      HistogramLayout found;
      if (schema == HistogramLayout.CUSTOM_BOUNDS) {
        var bounds = new double[cursor.readCount(cursor.remaining() / 8)];
        for (int i = 0; i < bounds.length; i++) {
          bounds[i] = Double.longBitsToDouble(cursor.readLong());
        }
        found = HistogramLayout.custom(bounds, readSpans(cursor));
      } else {
        found =
            HistogramLayout.standard(
                Math.toIntExact(schema),
                Double.longBitsToDouble(cursor.readLong()),
                readSpans(cursor),
                readSpans(cursor));
      }
      return found.equals(before) ? before : found;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptChunkException("no histogram's layout: " + e.getMessage(), e);
    }
  }

  private static BucketSpans readSpans(ByteCursor cursor) {
    int[] pairs = new int[2 * cursor.readCount(cursor.remaining() / 2)];
    for (int i = 0; i < pairs.length; i += 2) {
      pairs[i] = Math.toIntExact(cursor.readZigzag());
      pairs[i + 1] = cursor.readCount(HistogramLayout.MAX_BUCKETS);
    }
    return BucketSpans.of(pairs);
  }
}
