package barograph.ingest.gateway;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import java.util.Map;
import java.util.TreeMap;

/// The value of a pushed metric, for people to look at.
public sealed interface Measure {
  /// A counter's, a gauge's, or that of a metric without a type.
  record Single(double value) implements Measure {}

  /// A summary's.
  ///
  /// @param quantiles values by quantile
  record Summary(double count, double sum, Map<Double, Double> quantiles) implements Measure {}

  /// A histogram's, as far as it has classic buckets.
  ///
  /// @param buckets how many observations are at most as large as each bound
  record Buckets(double count, double sum, Map<Double, Double> buckets) implements Measure {}

  /// Reads the fields of an `io.prometheus.client.Metric`.
  static Measure of(byte[] fields) {
    var wire = new WireReader(fields).within(0, fields.length);
    Measure found = new Single(0);
    try {
      while (wire.more()) {
        int tag = wire.tag();
        if ((tag & 7) != WireReader.BYTES) {
          wire.skip(tag);
          continue;
        }
        int outer = wire.enter();
        found =
            switch (tag >>> 3) {
              case 2, 3, 5 -> single(wire);
              case 4 -> {
                var read = distribution(wire);
                yield new Summary(read.count(), read.sum(), read.buckets());
              }
              case 7 -> distribution(wire);
              default -> found;
            };
        wire.leave(outer);
      }
      return found;
    } catch (MalformedMessageException e) {
      // It was read when it was pushed, but for this part.
      return found;
    }
  }

  private static Single single(WireReader wire) throws MalformedMessageException {
    double value = 0;
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == (1 << 3 | WireReader.FIXED64)) {
        value = wire.fixedDouble();
      } else {
        wire.skip(tag);
      }
    }
    return new Single(value);
  }

  /// Reads a summary or a histogram, which are written alike but for the order in a bucket.
  private static Buckets distribution(WireReader wire) throws MalformedMessageException {
    double count = 0;
    double sum = 0;
    var buckets = new TreeMap<Double, Double>();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case 1 << 3 | WireReader.VARINT -> count = wire.varint();
        case 4 << 3 | WireReader.FIXED64 -> count = wire.fixedDouble();
        case 2 << 3 | WireReader.FIXED64 -> sum = wire.fixedDouble();
        case 3 << 3 | WireReader.BYTES -> {
          int outer = wire.enter();
          bucket(wire, buckets);
          wire.leave(outer);
        }
        default -> wire.skip(tag);
      }
    }
    return new Buckets(count, sum, buckets);
  }

  private static void bucket(WireReader wire, Map<Double, Double> buckets)
      throws MalformedMessageException {
    double cumulative = Double.NaN;
    double first = 0;
    double second = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case 1 << 3 | WireReader.VARINT -> cumulative = wire.varint();
        case 4 << 3 | WireReader.FIXED64 -> cumulative = wire.fixedDouble();
        case 1 << 3 | WireReader.FIXED64 -> first = wire.fixedDouble();
        case 2 << 3 | WireReader.FIXED64 -> second = wire.fixedDouble();
        default -> wire.skip(tag);
      }
    }
    if (Double.isNaN(cumulative)) {
      buckets.put(first, second);
    } else {
      buckets.put(second, cumulative);
    }
  }
}
