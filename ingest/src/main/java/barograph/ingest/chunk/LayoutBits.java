package barograph.ingest.chunk;

import barograph.ingest.wire.HistogramParts;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.model.BucketSpans;
import barograph.storage.model.HistogramLayout;
import java.util.Arrays;

/// What a chunk of histograms says once for all of them: where their buckets lie.
final class LayoutBits {
  /// Says that a threshold is written whole.
  private static final int WHOLE_THRESHOLD = 255;

  /// A threshold that is a power of two from 2^-243 to 2^10 is told by its exponent and this.
  private static final int EXPONENT_OFFSET = 243;

  private static final int LEAST_EXPONENT = -242;
  private static final int MOST_EXPONENT = 11;

  /// Bounds of whole thousandths up to here are told by their number.
  private static final double MOST_THOUSANDTHS = 33_554_430;

  private final int[] buckets = new int[2];
  private int schema;
  private double zeroThreshold;
  private int[] spans = new int[0];
  private int positiveSpans;
  private double[] bounds = new double[0];

  static void write(BitWriter out, HistogramLayout layout) {
    writeThreshold(out, layout.zeroThreshold());
    VariableBits.write(out, layout.schema());
    writeSpans(out, layout.positive());
    writeSpans(out, layout.negative());
    if (layout.isCustom()) {
      VariableBits.writeUnsigned(out, layout.customBounds());
      for (int i = 0; i < layout.customBounds(); i++) {
        writeBound(out, layout.customBound(i));
      }
    }
  }

  private static void writeThreshold(BitWriter out, double threshold) {
    int exponent = Math.getExponent(threshold) + 1;
    if (threshold == 0) {
      out.bits(0, 8);
    } else if (exponent < LEAST_EXPONENT
        || exponent > MOST_EXPONENT
        || threshold != Math.scalb(0.5, exponent)) {
      out.bits(WHOLE_THRESHOLD, 8);
      out.bits(Double.doubleToRawLongBits(threshold), Long.SIZE);
    } else {
      out.bits(exponent + EXPONENT_OFFSET, 8);
    }
  }

  private static void writeSpans(BitWriter out, BucketSpans spans) {
    VariableBits.writeUnsigned(out, spans.size());
    for (int i = 0; i < spans.size(); i++) {
      VariableBits.writeUnsigned(out, spans.length(i));
      VariableBits.write(out, spans.offset(i));
    }
  }

  private static void writeBound(BitWriter out, double bound) {
    double thousandths = bound * 1000;
    long whole = Math.round(thousandths);
    if (thousandths >= 0 && thousandths <= MOST_THOUSANDTHS && whole / 1000.0 == bound) {
      VariableBits.writeUnsigned(out, whole + 1);
    } else {
      out.bit(0);
      out.bits(Double.doubleToRawLongBits(bound), Long.SIZE);
    }
  }

  static LayoutBits read(BitReader in) throws MalformedMessageException {
    var layout = new LayoutBits();
    int code = (int) in.bits(8);
    layout.zeroThreshold =
        switch (code) {
          case 0 -> 0;
          case WHOLE_THRESHOLD -> Double.longBitsToDouble(in.bits(Long.SIZE));
          default -> Math.scalb(0.5, code - EXPONENT_OFFSET);
        };
    layout.schema = Math.clamp(VariableBits.read(in), Integer.MIN_VALUE, Integer.MAX_VALUE);
    int[] positive = layout.readSpans(in, 0);
    int[] negative = layout.readSpans(in, 1);
    layout.positiveSpans = positive.length / 2;
    layout.spans = Arrays.copyOf(positive, positive.length + negative.length);
    System.arraycopy(negative, 0, layout.spans, positive.length, negative.length);
    if (layout.schema == HistogramLayout.CUSTOM_BOUNDS) {
      layout.bounds = new double[count(in, "bounds")];
      for (int i = 0; i < layout.bounds.length; i++) {
        long told = VariableBits.readUnsigned(in);
        layout.bounds[i] =
            told == 0 ? Double.longBitsToDouble(in.bits(Long.SIZE)) : (told - 1) / 1000.0;
      }
    }
    return layout;
  }

  private int[] readSpans(BitReader in, int side) throws MalformedMessageException {
    int[] pairs = new int[2 * count(in, "spans")];
    for (int i = 0; i < pairs.length; i += 2) {
      int length = count(in, "buckets");
      long offset = VariableBits.read(in);
      buckets[side] += length;
      if (offset != (int) offset || buckets[side] > HistogramLayout.MAX_BUCKETS) {
        throw new MalformedMessageException(
            "histograms in a chunk have a span of %d buckets at %d".formatted(length, offset));
      }
      pairs[i] = (int) offset;
      pairs[i + 1] = length;
    }
    return pairs;
  }

  private static int count(BitReader in, String what) throws MalformedMessageException {
    long count = VariableBits.readUnsigned(in);
    // Each takes a bit or more further on.
    long most = Math.min(HistogramLayout.MAX_BUCKETS, in.left());
    if (count < 0 || count > most) {
      throw new MalformedMessageException(
          "histograms in a chunk have %s %s, expected at most %d"
              .formatted(Long.toUnsignedString(count), what, most));
    }
    return (int) count;
  }

  /// Buckets above zero, then those below, as many as the spans say.
  int positiveBuckets() {
    return buckets[0];
  }

  int allBuckets() {
    return buckets[0] + buckets[1];
  }

  /// Tells a histogram all of this.
  void tell(HistogramParts parts) {
    parts.schema(schema);
    parts.zeroThreshold(zeroThreshold);
    for (int i = 0; i < spans.length; i += 2) {
      parts.addSpan(i / 2 >= positiveSpans, spans[i], spans[i + 1]);
    }
    for (double bound : bounds) {
      parts.addBound(bound);
    }
  }
}
