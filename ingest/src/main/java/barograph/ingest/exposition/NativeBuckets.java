package barograph.ingest.exposition;

import barograph.ingest.wire.HistogramParts;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;

/// Spans and counts of native buckets in an `io.prometheus.client.Histogram` message: fields 9 to
/// 11 below zero, 12 to 14 above.
final class NativeBuckets {
  private static final int FIRST_VARINT = 1 << 3 | WireReader.VARINT;
  private static final int SECOND_VARINT = 2 << 3 | WireReader.VARINT;

  private NativeBuckets() {}

  /// Reads the field of `tag` into `parts`, or skips it if it is none of these.
  static void read(WireReader wire, int tag, HistogramParts parts)
      throws MalformedMessageException {
    int field = tag >>> 3;
    if (field < 9 || field > 14) {
      wire.skip(tag);
      return;
    }
    boolean below = field < 12;
    int kind = below ? field - 9 : field - 12;
    if (kind == 0 && (tag & 7) == WireReader.BYTES) {
      readSpan(wire, parts, below);
    } else if (kind == 1 && (tag & 7) == WireReader.VARINT) {
      parts.addDelta(below, wire.zigzag());
    } else if (kind == 2 && (tag & 7) == WireReader.FIXED64) {
      parts.addFloatCount(below, wire.fixedDouble());
    } else if (kind > 0 && (tag & 7) == WireReader.BYTES) {
      int outer = wire.enter();
      while (wire.more()) {
        if (kind == 1) {
          parts.addDelta(below, wire.zigzag());
        } else {
          parts.addFloatCount(below, wire.fixedDouble());
        }
      }
      wire.leave(outer);
    } else {
      wire.skip(tag);
    }
  }

  private static void readSpan(WireReader wire, HistogramParts parts, boolean below)
      throws MalformedMessageException {
    int outer = wire.enter();
    long offset = 0;
    long length = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_VARINT -> offset = wire.zigzag();
        case SECOND_VARINT -> length = wire.varint();
        default -> wire.skip(tag);
      }
    }
    parts.addSpan(below, offset, length);
    wire.leave(outer);
  }
}
