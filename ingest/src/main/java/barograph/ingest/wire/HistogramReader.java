package barograph.ingest.wire;

import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;

/// Reads native histograms as the messages of remote write and remote read have them, field for
/// field. Reused; one thread at a time.
public final class HistogramReader {
  private static final int COUNT = 1 << 3 | WireReader.VARINT;
  private static final int FLOAT_COUNT = 2 << 3 | WireReader.FIXED64;
  private static final int SUM = 3 << 3 | WireReader.FIXED64;
  private static final int SCHEMA = 4 << 3 | WireReader.VARINT;
  private static final int ZERO_THRESHOLD = 5 << 3 | WireReader.FIXED64;
  private static final int ZERO_COUNT = 6 << 3 | WireReader.VARINT;
  private static final int FLOAT_ZERO_COUNT = 7 << 3 | WireReader.FIXED64;
  private static final int RESET = 14 << 3 | WireReader.VARINT;
  private static final int TIMESTAMP = 15 << 3 | WireReader.VARINT;
  private static final int BOUNDS = 16 << 3 | WireReader.BYTES;
  private static final int BOUND = 16 << 3 | WireReader.FIXED64;
  private static final int SPAN_OFFSET = 1 << 3 | WireReader.VARINT;
  private static final int SPAN_LENGTH = 2 << 3 | WireReader.VARINT;

  private final HistogramParts parts = new HistogramParts();

  /// Reads the histogram whose length stands here, for [#build], and steps over it.
  ///
  /// @return its time
  /// @throws IllegalArgumentException if it contradicts itself
  public long read(WireReader wire) throws MalformedMessageException {
    parts.clear();
    long timestamp = 0;
    int outer = wire.enter();
    try {
      while (wire.more()) {
        int tag = wire.tag();
        if (tag == TIMESTAMP) {
          timestamp = wire.varint();
        } else {
          readField(wire, tag);
        }
      }
    } finally {
      wire.leave(outer);
    }
    return timestamp;
  }

  /// The histogram that was read.
  ///
  /// @throws IllegalArgumentException if it contradicts itself
  public Histogram build() {
    return parts.build();
  }

  private void readField(WireReader wire, int tag) throws MalformedMessageException {
    switch (tag) {
      case COUNT -> parts.count(wire.varint());
      case FLOAT_COUNT -> parts.floatCount(wire.fixedDouble());
      case SUM -> parts.sum(wire.fixedDouble());
      case SCHEMA -> parts.schema(wire.zigzag());
      case ZERO_THRESHOLD -> parts.zeroThreshold(wire.fixedDouble());
      case ZERO_COUNT -> parts.zeroCount(wire.varint());
      case FLOAT_ZERO_COUNT -> parts.floatZeroCount(wire.fixedDouble());
      case RESET -> parts.counterReset(CounterReset.of((int) wire.varint()));
      case BOUND -> parts.addBound(wire.fixedDouble());
      case BOUNDS -> {
        int outer = wire.enter();
        while (wire.more()) {
          parts.addBound(wire.fixedDouble());
        }
        wire.leave(outer);
      }
      default -> readBuckets(wire, tag);
    }
  }

  /// Spans and counts of the buckets: fields 8 to 10 below zero, 11 to 13 above.
  private void readBuckets(WireReader wire, int tag) throws MalformedMessageException {
    int field = tag >>> 3;
    if (field < 8 || field > 13) {
      wire.skip(tag);
      return;
    }
    boolean below = field < 11;
    int kind = below ? field - 8 : field - 11;
    switch (tag & 7) {
      case WireReader.BYTES -> {
        int outer = wire.enter();
        if (kind == 0) {
          readSpan(wire, below);
        }
        while (kind > 0 && wire.more()) {
          readCount(wire, below, kind == 1);
        }
        wire.leave(outer);
      }
      case WireReader.VARINT, WireReader.FIXED64 -> {
        boolean delta = (tag & 7) == WireReader.VARINT;
        if (kind == (delta ? 1 : 2)) {
          readCount(wire, below, delta);
        } else {
          wire.skip(tag);
        }
      }
      default -> wire.skip(tag);
    }
  }

  private void readCount(WireReader wire, boolean below, boolean delta)
      throws MalformedMessageException {
    if (delta) {
      parts.addDelta(below, wire.zigzag());
    } else {
      parts.addFloatCount(below, wire.fixedDouble());
    }
  }

  private void readSpan(WireReader wire, boolean below) throws MalformedMessageException {
    long offset = 0;
    long length = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case SPAN_OFFSET -> offset = wire.zigzag();
        case SPAN_LENGTH -> length = wire.varint();
        default -> wire.skip(tag);
      }
    }
    parts.addSpan(below, offset, length);
  }
}
