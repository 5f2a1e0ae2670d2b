package barograph.ingest.otlp;

import barograph.ingest.wire.HistogramParts;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One data point of any kind of metric, taken apart. Field numbers are those of
/// `opentelemetry.proto.metrics.v1`. Reused; one thread at a time.
final class DataPoint {
  /// The kinds of data points, with the fields that they have in different places.
  enum Kind {
    NUMBER(7, 8, 5),
    HISTOGRAM(9, 10, 8),
    EXPONENTIAL(1, 10, 11),
    SUMMARY(7, 8, 0);

    private final int attributes;
    private final int flags;
    private final int exemplars;

    Kind(int attributes, int flags, int exemplars) {
      this.attributes = attributes;
      this.flags = flags;
      this.exemplars = exemplars;
    }
  }

  private static final int START_TIME = 2 << 3 | WireReader.FIXED64;
  private static final int TIME = 3 << 3 | WireReader.FIXED64;
  private static final long NO_VALUE = 1;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// As small a zero bucket as makes sense, where none is told.
  private static final double ZERO_THRESHOLD = 1e-128;

  private final byte[] bytes;
  private final WireReader wire;
  private final Attributes reader;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Exemplar> exemplars = new ArrayList<>();
  private final HistogramParts parts = new HistogramParts();
  private Kind kind = Kind.NUMBER;
  private long timeMillis;
  private long startMillis;
  private boolean empty;
  private double value;
  private long count;
  private double sum;
  private boolean summed;

  /// Upper bounds or quantiles.
  private double[] bounds = new double[16];

  private int boundCount;

  /// Counts of buckets, each alone, or values of quantiles.
  private double[] values = new double[16];

  private int valueCount;

  DataPoint(byte[] bytes, WireReader wire, Attributes reader) {
    this.bytes = bytes;
    this.wire = wire;
    this.reader = reader;
  }

  /// Reads the data point whose length stands here.
  ///
  /// @throws IllegalArgumentException if its buckets cannot be those of a histogram
  void read(Kind newKind) throws MalformedMessageException {
    kind = newKind;
    attributes.clear();
    exemplars.clear();
    parts.clear();
    parts.zeroThreshold(ZERO_THRESHOLD);
    timeMillis = 0;
    startMillis = 0;
    empty = false;
    value = 0;
    count = 0;
    sum = 0;
    summed = false;
    boundCount = 0;
    valueCount = 0;
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      int field = tag >>> 3;
      if (tag == TIME) {
        timeMillis = Long.divideUnsigned(wire.fixedLong(), NANOS_PER_MILLI);
      } else if (tag == START_TIME) {
        startMillis = Long.divideUnsigned(wire.fixedLong(), NANOS_PER_MILLI);
      } else if (tag == (kind.attributes << 3 | WireReader.BYTES)) {
        reader.readInto(attributes);
      } else if (tag == (kind.flags << 3 | WireReader.VARINT)) {
        empty = (wire.varint() & NO_VALUE) != 0;
      } else if (field == kind.exemplars && (tag & 7) == WireReader.BYTES) {
        readExemplar();
      } else {
        readField(tag);
      }
    }
    wire.leave(outer);
  }

  private void readField(int tag) throws MalformedMessageException {
    switch (kind) {
      case NUMBER -> readNumber(tag);
      case HISTOGRAM -> readHistogram(tag);
      case EXPONENTIAL -> readExponential(tag);
      case SUMMARY -> readSummary(tag);
    }
  }

  private void readNumber(int tag) throws MalformedMessageException {
    switch (tag) {
      case 4 << 3 | WireReader.FIXED64 -> value = wire.fixedDouble();
      case 6 << 3 | WireReader.FIXED64 -> value = (double) wire.fixedLong();
      default -> wire.skip(tag);
    }
  }

  private void readHistogram(int tag) throws MalformedMessageException {
    switch (tag) {
      case 4 << 3 | WireReader.FIXED64 -> count = wire.fixedLong();
      case 5 << 3 | WireReader.FIXED64 -> readSum();
      case 6 << 3 | WireReader.FIXED64 -> addValue((double) wire.fixedLong());
      case 6 << 3 | WireReader.BYTES -> {
        int outer = wire.enter();
        while (wire.more()) {
          addValue((double) wire.fixedLong());
        }
        wire.leave(outer);
      }
      case 7 << 3 | WireReader.FIXED64 -> addBound(wire.fixedDouble());
      case 7 << 3 | WireReader.BYTES -> {
        int outer = wire.enter();
        while (wire.more()) {
          addBound(wire.fixedDouble());
        }
        wire.leave(outer);
      }
      default -> wire.skip(tag);
    }
  }

  private void readExponential(int tag) throws MalformedMessageException {
    switch (tag) {
      case 4 << 3 | WireReader.FIXED64 -> {
        count = wire.fixedLong();
        parts.count(count);
      }
      case 5 << 3 | WireReader.FIXED64 -> {
        readSum();
        parts.sum(sum);
      }
      case 6 << 3 | WireReader.VARINT -> parts.schema(wire.zigzag());
      case 7 << 3 | WireReader.FIXED64 -> parts.zeroCount(wire.fixedLong());
      case 8 << 3 | WireReader.BYTES -> readBuckets(false);
      case 9 << 3 | WireReader.BYTES -> readBuckets(true);
      case 14 << 3 | WireReader.FIXED64 -> {
        double threshold = wire.fixedDouble();
        parts.zeroThreshold(threshold == 0 ? ZERO_THRESHOLD : threshold);
      }
      default -> wire.skip(tag);
    }
  }

  /// Buckets of one side, from an offset on: OpenTelemetry's bucket `i` begins where Prometheus's
  /// ends.
  private void readBuckets(boolean below) throws MalformedMessageException {
    long offset = 0;
    valueCount = 0;
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case 1 << 3 | WireReader.VARINT -> offset = wire.zigzag();
        case 2 << 3 | WireReader.VARINT -> addValue(Double.longBitsToDouble(wire.varint()));
        case 2 << 3 | WireReader.BYTES -> {
          int message = wire.enter();
          while (wire.more()) {
            addValue(Double.longBitsToDouble(wire.varint()));
          }
          wire.leave(message);
        }
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    addRuns(below, offset + 1);
  }

  /// Adds runs of buckets that have something, leaving out the empty ones between.
  private void addRuns(boolean below, long firstIndex) {
    long behind = 0;
    boolean first = true;
    for (int i = 0; i < valueCount; ) {
      if (Double.doubleToRawLongBits(values[i]) == 0) {
        i++;
        continue;
      }
      int start = i;
      while (i < valueCount && Double.doubleToRawLongBits(values[i]) != 0) {
        parts.addCount(below, Double.doubleToRawLongBits(values[i]));
        i++;
      }
      long index = firstIndex + start;
      parts.addSpan(below, first ? index : index - behind, i - (long) start);
      behind = firstIndex + i;
      first = false;
    }
  }

  private void readSummary(int tag) throws MalformedMessageException {
    switch (tag) {
      case 4 << 3 | WireReader.FIXED64 -> count = wire.fixedLong();
      case 5 << 3 | WireReader.FIXED64 -> readSum();
      case 6 << 3 | WireReader.BYTES -> {
        double quantile = 0;
        double quantileValue = 0;
        int outer = wire.enter();
        while (wire.more()) {
          int inner = wire.tag();
          switch (inner) {
            case 1 << 3 | WireReader.FIXED64 -> quantile = wire.fixedDouble();
            case 2 << 3 | WireReader.FIXED64 -> quantileValue = wire.fixedDouble();
            default -> wire.skip(inner);
          }
        }
        wire.leave(outer);
        addBound(quantile);
        addValue(quantileValue);
      }
      default -> wire.skip(tag);
    }
  }

  private void readSum() throws MalformedMessageException {
    sum = wire.fixedDouble();
    summed = true;
  }

  private void addBound(double bound) {
    if (boundCount == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * boundCount);
    }
    bounds[boundCount++] = bound;
  }

  private void addValue(double number) {
    if (valueCount == values.length) {
      values = Arrays.copyOf(values, 2 * valueCount);
    }
    values[valueCount++] = number;
  }

  private void readExemplar() throws MalformedMessageException {
    var labels = new LinkedHashMap<String, String>();
    double seen = 0;
    long millis = 0;
    String trace = "";
    String span = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case 7 << 3 | WireReader.BYTES -> reader.readInto(labels);
        case 2 << 3 | WireReader.FIXED64 ->
            millis = Long.divideUnsigned(wire.fixedLong(), NANOS_PER_MILLI);
        case 3 << 3 | WireReader.FIXED64 -> seen = wire.fixedDouble();
        case 6 << 3 | WireReader.FIXED64 -> seen = (double) wire.fixedLong();
        case 4 << 3 | WireReader.BYTES -> span = hex();
        case 5 << 3 | WireReader.BYTES -> trace = hex();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    exemplars.add(new Exemplar(labels(trace, span, labels), seen, millis));
  }

  /// Trace and span come first; the attributes only if all of them fit beside.
  private static Labels labels(String trace, String span, Map<String, String> attributes) {
    var identity = new Labels.Builder();
    identity.set("trace_id", trace).set("span_id", span);
    var all = identity.build().toBuilder();
    attributes.forEach((name, value) -> {
      if (!name.isEmpty()) {
        all.set(name, value);
      }
    });
    Labels whole = all.build();
    boolean fits = new Exemplar(whole, 0, 0).labelCharacters() <= Exemplar.MAX_LABEL_CHARACTERS;
    return fits ? whole : identity.build();
  }

  private String hex() throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return HexFormat.of().formatHex(bytes, from, from + length);
  }

  Map<String, String> attributes() {
    return attributes;
  }

  List<Exemplar> exemplars() {
    return exemplars;
  }

  long timeMillis() {
    return timeMillis;
  }

  /// Since when it counts; 0 if that is not told.
  long startMillis() {
    return startMillis;
  }

  /// Whether it only says that there is no value any more.
  boolean empty() {
    return empty;
  }

  double value() {
    return value;
  }

  double count() {
    return count >= 0 ? count : (count >>> 1) * 2.0 + (count & 1);
  }

  double sum() {
    return sum;
  }

  /// Whether a sum was told.
  boolean summed() {
    return summed;
  }

  int bounds() {
    return boundCount;
  }

  double bound(int index) {
    return bounds[index];
  }

  /// The count of the `index`th bucket alone, or the value of the quantile; 0 if none was told.
  double valueAt(int index) {
    return index < valueCount ? values[index] : 0;
  }

  /// The native histogram, of an exponential data point.
  HistogramParts parts() {
    return parts;
  }
}
