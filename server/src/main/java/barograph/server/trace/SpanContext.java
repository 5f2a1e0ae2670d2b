package barograph.server.trace;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Which span of which trace: what one server tells the next by the header `traceparent` (W3C Trace
/// Context, level 1).
///
/// @param traceHigh the first half of the trace's number
/// @param traceLow the second half
/// @param sampled whether the trace is recorded
record SpanContext(long traceHigh, long traceLow, long span, boolean sampled) {
  static final String HEADER = "traceparent";

  /// Version, trace, span and flags: `00-<32 digits>-<16 digits>-<2 digits>`.
  private static final int LENGTH = 55;

  private static final int TRACE_AT = 3;
  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;

  /// What a header says; null if it is none, which begins a new trace.
  static @Nullable SpanContext parse(String header) {
    if (header.length() < LENGTH
        || header.charAt(2) != '-'
        || header.charAt(SPAN_AT - 1) != '-'
        || header.charAt(FLAGS_AT - 1) != '-'
        || (header.length() > LENGTH
            && (header.startsWith("00") || header.charAt(LENGTH) != '-'))) {
      return null;
    }
    try {
      int version = HexFormat.fromHexDigits(header, 0, 2);
      long high = HexFormat.fromHexDigitsToLong(header, TRACE_AT, TRACE_AT + 16);
      long low = HexFormat.fromHexDigitsToLong(header, TRACE_AT + 16, SPAN_AT - 1);
      long span = HexFormat.fromHexDigitsToLong(header, SPAN_AT, FLAGS_AT - 1);
      int flags = HexFormat.fromHexDigits(header, FLAGS_AT, LENGTH);
      boolean absent = (high == 0 && low == 0) || span == 0;
      return version == 0xff || absent ? null : new SpanContext(high, low, span, (flags & 1) == 1);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /// The first span of a new trace.
  ///
  /// @param fraction of the traces that are recorded
  static SpanContext fresh(double fraction) {
    var random = ThreadLocalRandom.current();
    long low = random.nextLong();
    // As others choose by the same number, all keep the same traces.
    boolean sampled = (low >>> 1) < (long) (fraction * 0x1p63);
    return new SpanContext(random.nextLong(), low, number(), sampled);
  }

  /// Another span of the same trace.
  SpanContext next() {
    return new SpanContext(traceHigh, traceLow, number(), sampled);
  }

  private static long number() {
    long number = ThreadLocalRandom.current().nextLong();
    return number == 0 ? 1 : number;
  }

  /// The header that says this.
  String header() {
    return "00-%016x%016x-%016x-%02x".formatted(traceHigh, traceLow, span, sampled ? 1 : 0);
  }
}
