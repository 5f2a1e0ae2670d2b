package barograph.ingest.exposition;

import barograph.ingest.wire.HistogramParts;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.Staleness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `io.prometheus.client.Metric` message, taken apart into its series.
///
/// A counter, gauge or untyped metric is one; a summary is its quantiles, sum and count; a
/// histogram is a native one, or count, sum and classic buckets, or both. Reused; one thread at a
/// time.
final class MetricMessage {
  private static final int LABEL = 1 << 3 | WireReader.BYTES;
  private static final int GAUGE = 2 << 3 | WireReader.BYTES;
  private static final int COUNTER = 3 << 3 | WireReader.BYTES;
  private static final int SUMMARY = 4 << 3 | WireReader.BYTES;
  private static final int UNTYPED = 5 << 3 | WireReader.BYTES;
  private static final int TIMESTAMP = 6 << 3 | WireReader.VARINT;
  private static final int HISTOGRAM = 7 << 3 | WireReader.BYTES;
  private static final int FIRST_BYTES = 1 << 3 | WireReader.BYTES;
  private static final int SECOND_BYTES = 2 << 3 | WireReader.BYTES;
  private static final int FIRST_DOUBLE = 1 << 3 | WireReader.FIXED64;
  private static final int SECOND_DOUBLE = 2 << 3 | WireReader.FIXED64;
  private static final int FIRST_VARINT = 1 << 3 | WireReader.VARINT;
  private static final int THIRD_BYTES = 3 << 3 | WireReader.BYTES;
  private static final int FOURTH_DOUBLE = 4 << 3 | WireReader.FIXED64;
  private static final int FOURTH_BYTES = 4 << 3 | WireReader.BYTES;

  /// What a series is of its metric; the number tells it apart in the key.
  private enum Role {
    VALUE(0, ""),
    NATIVE(1, ""),
    COUNT(2, "_count"),
    SUM(3, "_sum"),
    BUCKET(4, "_bucket"),
    QUANTILE(5, "");

    private final int number;
    private final String suffix;

    Role(int number, String suffix) {
      this.number = number;
      this.suffix = suffix;
    }
  }

  private final HistogramWishes wishes;
  private final HistogramParts parts = new HistogramParts();
  private final List<PageExemplar> ownExemplars = new ArrayList<>();

  /// Of the classic buckets, by their place.
  private final List<@Nullable PageExemplar> bucketExemplars = new ArrayList<>();

  private byte[] page = new byte[0];

  /// For each label where its name begins and ends, and then its value.
  private int[] offsets = new int[64];

  private int labelCount;
  private byte[] key = new byte[256];
  private int keyPrefix;
  private double simpleValue;
  private boolean timestamped;
  private long timestampMillis;
  private long startMillis;
  private double count;
  private double sum;

  /// Upper bounds or quantiles, with their values.
  private double[] bounds = new double[16];

  private double[] values = new double[16];
  private int boundCount;
  private @Nullable Histogram nativeHistogram;

  /// What the native histogram is made from where it is not on the page.
  private final ClassicBuckets buckets = new ClassicBuckets();

  private boolean converted;
  private boolean histogram;
  private boolean classic;
  private boolean summary;

  /// The series that is shown.
  private Role role = Role.VALUE;

  private int bucket;

  MetricMessage(HistogramWishes wishes) {
    this.wishes = wishes;
  }

  /// Takes in the message that `wire` stands at.
  ///
  /// @param to where it ends
  /// @param gauge whether its histogram is one that may go down
  /// @return how many series it is
  int read(byte[] newPage, WireReader wire, int to, boolean gauge, int nameFrom, int nameTo)
      throws MalformedMessageException, BadPageException {
    page = newPage;
    clear();
    beginKey(nameFrom, nameTo);
    wire.within(wire.position(), to);
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case LABEL -> readLabel(wire);
        case GAUGE, UNTYPED -> readSimple(wire);
        case COUNTER -> readCounter(wire);
        case SUMMARY -> {
          summary = true;
          readSummary(wire);
        }
        case HISTOGRAM -> {
          histogram = true;
          readHistogram(wire);
        }
        case TIMESTAMP -> {
          timestampMillis = wire.varint();
          timestamped = timestampMillis != 0;
        }
        default -> wire.skip(tag);
      }
    }
    if (histogram) {
      settleHistogram(gauge);
    }
    return size();
  }

  private void clear() {
    labelCount = 0;
    simpleValue = 0;
    timestamped = false;
    startMillis = 0;
    count = 0;
    sum = 0;
    boundCount = 0;
    nativeHistogram = null;
    converted = false;
    histogram = false;
    classic = false;
    summary = false;
    parts.clear();
    ownExemplars.clear();
    bucketExemplars.clear();
  }

  private int size() {
    if (summary) {
      return boundCount + 2;
    }
    int natively = nativeHistogram == null ? 0 : 1;
    int classically = classic ? boundCount + 2 : 0;
    return histogram ? natively + classically : 1;
  }

  private void readLabel(WireReader wire) throws MalformedMessageException {
    int base = 4 * labelCount++;
    if (base == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    Arrays.fill(offsets, base, base + 4, 0);
    int outer = wire.enter();
    int from = wire.position();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == FIRST_BYTES || tag == SECOND_BYTES) {
        int at = tag == FIRST_BYTES ? base : base + 2;
        int length = wire.length();
        offsets[at] = wire.position();
        offsets[at + 1] = wire.position() + length;
        wire.skipBytes(length);
      } else {
        wire.skip(tag);
      }
    }
    addToKey(from, wire.end());
    wire.leave(outer);
  }

  private void readSimple(WireReader wire) throws MalformedMessageException {
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == FIRST_DOUBLE) {
        simpleValue = canonical(wire.fixedDouble());
      } else {
        wire.skip(tag);
      }
    }
    wire.leave(outer);
  }

  private void readCounter(WireReader wire) throws MalformedMessageException, BadPageException {
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_DOUBLE -> simpleValue = canonical(wire.fixedDouble());
        case SECOND_BYTES -> ownExemplars.add(ExemplarMessage.read(wire, page));
        case THIRD_BYTES -> startMillis = ExemplarMessage.readTime(wire);
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
  }

  private void readSummary(WireReader wire) throws MalformedMessageException {
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_VARINT -> count = unsigned(wire.varint());
        case SECOND_DOUBLE -> sum = canonical(wire.fixedDouble());
        case THIRD_BYTES -> readQuantile(wire);
        case FOURTH_BYTES -> startMillis = ExemplarMessage.readTime(wire);
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
  }

  private void readQuantile(WireReader wire) throws MalformedMessageException {
    int outer = wire.enter();
    double quantile = 0;
    double value = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_DOUBLE -> quantile = wire.fixedDouble();
        case SECOND_DOUBLE -> value = canonical(wire.fixedDouble());
        default -> wire.skip(tag);
      }
    }
    addBound(quantile, value);
    wire.leave(outer);
  }

  private void readHistogram(WireReader wire) throws MalformedMessageException, BadPageException {
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_VARINT -> parts.count(wire.varint());
        case FOURTH_DOUBLE -> {
          double observations = wire.fixedDouble();
          if (observations > 0) {
            parts.floatCount(observations);
          }
        }
        case SECOND_DOUBLE -> parts.sum(canonical(wire.fixedDouble()));
        case THIRD_BYTES -> readBucket(wire);
        case 5 << 3 | WireReader.VARINT -> parts.schema(wire.zigzag());
        case 6 << 3 | WireReader.FIXED64 -> parts.zeroThreshold(wire.fixedDouble());
        case 7 << 3 | WireReader.VARINT -> parts.zeroCount(wire.varint());
        case 8 << 3 | WireReader.FIXED64 -> {
          double observations = wire.fixedDouble();
          if (observations > 0) {
            parts.floatZeroCount(observations);
          }
        }
        case 15 << 3 | WireReader.BYTES -> startMillis = ExemplarMessage.readTime(wire);
        case 16 << 3 | WireReader.BYTES -> ownExemplars.add(ExemplarMessage.read(wire, page));
        default -> NativeBuckets.read(wire, tag, parts);
      }
    }
    wire.leave(outer);
  }

  private void readBucket(WireReader wire) throws MalformedMessageException, BadPageException {
    int outer = wire.enter();
    double bound = 0;
    double cumulative = 0;
    @Nullable PageExemplar exemplar = null;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_VARINT -> cumulative = Math.max(cumulative, unsigned(wire.varint()));
        case FOURTH_DOUBLE -> cumulative = Math.max(cumulative, wire.fixedDouble());
        case SECOND_DOUBLE -> bound = wire.fixedDouble();
        case THIRD_BYTES -> exemplar = ExemplarMessage.read(wire, page);
        default -> wire.skip(tag);
      }
    }
    addBound(bound, cumulative);
    bucketExemplars.add(exemplar);
    wire.leave(outer);
  }

  /// Decides as what the histogram is taken.
  private void settleHistogram(boolean gauge) throws BadPageException {
    count = parts.observations();
    sum = parts.sum();
    boolean natively = wishes.natively() && parts.isNative();
    converted = wishes.converted() && !natively && !gauge;
    if (converted) {
      nativeHistogram = convert();
    }
    classic = !(natively || converted) || wishes.alwaysClassic();
    classic &= !natively || boundCount > 0;
    if (classic && (boundCount == 0 || bounds[boundCount - 1] != Double.POSITIVE_INFINITY)) {
      addBound(Double.POSITIVE_INFINITY, count);
      bucketExemplars.add(null);
    }
    if (natively) {
      parts.counterReset(gauge ? CounterReset.GAUGE : CounterReset.UNKNOWN);
      nativeHistogram = parts.build(wishes.mostBuckets(), wishes.finestSchema());
    }
  }

  private @Nullable Histogram convert() throws BadPageException {
    buckets.clear();
    for (int i = 0; i < boundCount; i++) {
      if (!Double.isNaN(bounds[i])) {
        buckets.bucket(bounds[i], values[i]);
      }
    }
    buckets.count(count);
    buckets.sum(sum);
    return buckets.convert(wishes.mostBuckets());
  }

  private void addBound(double bound, double value) {
    if (boundCount == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * boundCount);
      values = Arrays.copyOf(values, 2 * boundCount);
    }
    bounds[boundCount] = bound;
    values[boundCount++] = value;
  }

  private void beginKey(int nameFrom, int nameTo) {
    keyPrefix = 0;
    addToKey(nameFrom, nameTo);
  }

  /// Adds bytes and how many they were, so that no two lists of pieces have the same key.
  private void addToKey(int from, int to) {
    int length = to - from;
    if (keyPrefix + length + 16 > key.length) {
      key = Arrays.copyOf(key, 2 * (keyPrefix + length + 16));
    }
    System.arraycopy(page, from, key, keyPrefix, length);
    keyPrefix = putLong(keyPrefix + length, length, Integer.BYTES);
  }

  private int putLong(int at, long number, int bytes) {
    for (int i = 0; i < bytes; i++) {
      key[at + i] = (byte) (number >>> (8 * i));
    }
    return at + bytes;
  }

  /// Shows the `index`th series of the metric.
  void show(int index) {
    int classicIndex = nativeHistogram == null ? index : index - 1;
    if (nativeHistogram != null && index == 0) {
      role = Role.NATIVE;
    } else if (!classic && !summary) {
      role = Role.VALUE;
    } else if (classicIndex < 2) {
      role = classicIndex == 0 ? Role.COUNT : Role.SUM;
    } else {
      role = summary ? Role.QUANTILE : Role.BUCKET;
      bucket = classicIndex - 2;
    }
    key[keyPrefix] = (byte) role.number;
    if (hasBound()) {
      putLong(keyPrefix + 1, Double.doubleToRawLongBits(bounds[bucket]), Long.BYTES);
    }
  }

  private boolean hasBound() {
    return role == Role.BUCKET || role == Role.QUANTILE;
  }

  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyPrefix + 1 + (hasBound() ? Long.BYTES : 0);
  }

  String suffix() {
    return role.suffix;
  }

  int labels() {
    return labelCount + (hasBound() ? 1 : 0);
  }

  /// Whether the `label`th label is the bucket's bound or the quantile, which is a number here.
  boolean isBound(int label) {
    return label == labelCount;
  }

  String boundName() {
    return role == Role.QUANTILE ? "quantile" : "le";
  }

  double bound() {
    return bounds[bucket];
  }

  /// Where the label's name (0) or value (1) begins.
  int labelStart(int label, int part) {
    return offsets[4 * label + 2 * part];
  }

  int labelEnd(int label, int part) {
    return offsets[4 * label + 2 * part + 1];
  }

  double value() {
    return switch (role) {
      case VALUE -> simpleValue;
      case NATIVE -> Double.NaN;
      case COUNT -> count;
      case SUM -> sum;
      case BUCKET, QUANTILE -> values[bucket];
    };
  }

  @Nullable Histogram histogram() {
    return role == Role.NATIVE ? nativeHistogram : null;
  }

  boolean timestamped() {
    return timestamped;
  }

  long timestampMillis() {
    return timestampMillis;
  }

  /// Since when it counts; 0 if that is not told.
  long startMillis() {
    return startMillis;
  }

  /// A native histogram has only exemplars that tell their time: its own, else its buckets'. Those
  /// of buckets that it is made from are its alone.
  List<PageExemplar> exemplars() {
    return switch (role) {
      case VALUE -> ownExemplars;
      case NATIVE -> {
        List<PageExemplar> timed = ownExemplars.stream().filter(PageExemplar::timestamped).toList();
        yield ownExemplars.isEmpty() ? timedOfBuckets() : timed;
      }
      case BUCKET -> {
        @Nullable PageExemplar one = bucketExemplars.get(bucket);
        yield one == null || converted ? List.of() : List.of(one);
      }
      case COUNT, SUM, QUANTILE -> List.of();
    };
  }

  private List<PageExemplar> timedOfBuckets() {
    var timed = new ArrayList<PageExemplar>();
    for (@Nullable PageExemplar one : bucketExemplars) {
      if (one != null && one.timestamped()) {
        timed.add(one);
      }
    }
    return timed;
  }

  private static double unsigned(long number) {
    return number >= 0 ? number : (number >>> 1) * 2.0 + (number & 1);
  }

  /// Every NaN is the same one, so that none can pass for the mark that ends a series.
  private static double canonical(double value) {
    return Double.isNaN(value) ? Double.longBitsToDouble(Staleness.NAN_BITS) : value;
  }
}
