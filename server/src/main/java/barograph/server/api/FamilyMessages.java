package barograph.server.api;

import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Allowance;
import barograph.storage.model.BucketSpans;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import java.nio.ByteBuffer;
import java.util.Map;

/// Writes stored samples as `io.prometheus.client.MetricFamily` messages, each behind its length
/// and each sample with its time; field numbers are those of Prometheus's `metrics.proto`.
///
/// What is stored has no type, and so floats are `untyped`. The samples of a name have to come one
/// after the other; where floats and histograms take turns, each turn is a family of its own.
final class FamilyMessages implements NewestSamples.Taker {
  private static final int NAME = 1;
  private static final int TYPE = 3;
  private static final int METRIC = 4;
  private static final int LABEL = 1;
  private static final int UNTYPED = 5;
  private static final int HISTOGRAM = 7;
  private static final int TIMESTAMP = 6;
  private static final int COUNT = 1;
  private static final int SUM = 2;
  private static final int FLOAT_COUNT = 4;
  private static final int SCHEMA = 5;
  private static final int ZERO_THRESHOLD = 6;
  private static final int ZERO_COUNT = 7;
  private static final int FLOAT_ZERO_COUNT = 8;

  /// Spans, differences and counts of the buckets below zero have numbers from here on, those above
  /// zero three further.
  private static final int NEGATIVE = 9;

  private static final int POSITIVE = 12;

  /// The types of families, by their numbers.
  private static final int OF_UNTYPED = 3;

  private static final int OF_HISTOGRAM = 4;
  private static final int OF_GAUGE_HISTOGRAM = 5;

  /// A number of up to ten bytes stands before a message.
  private static final int MOST_LENGTH_BYTES = 10;

  private final EscapedNames names;
  private final Map<String, String> attached;
  private final Allowance memory;
  private final WireWriter family = new WireWriter();
  private final WireWriter metric = new WireWriter();
  private final WireWriter inner = new WireWriter();
  private final WireWriter part = new WireWriter();
  private final WireWriter lengthBytes = new WireWriter();
  private byte[] bytes = new byte[4_096];
  private int length;
  private String name = "";
  private int type = OF_UNTYPED;

  /// @param attached labels that are put on samples that lack them, in this order
  /// @param memory asked for what the page takes while it grows
  FamilyMessages(EscapedNames names, Map<String, String> attached, Allowance memory) {
    this.names = names;
    this.attached = attached;
    this.memory = memory;
  }

  /// The page's media type, which names how its names are escaped.
  static String mediaType(EscapedNames names) {
    return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
        + " encoding=delimited; escaping="
        + names.escaping().configName();
  }

  @Override
  public void take(String metricName, Labels labels, long timeMillis, double value) {
    begin(metricName, OF_UNTYPED, labels);
    metric.field(UNTYPED, inner.clear().fixedDouble(1, value));
    end(timeMillis);
  }

  @Override
  public void take(String metricName, Labels labels, long timeMillis, Histogram histogram) {
    boolean gauge = histogram.counterReset() == CounterReset.GAUGE;
    begin(metricName, gauge ? OF_GAUGE_HISTOGRAM : OF_HISTOGRAM, labels);
    write(histogram);
    metric.field(HISTOGRAM, inner);
    end(timeMillis);
  }

  private void begin(String metricName, int metricType, Labels labels) {
    if (!metricName.equals(name) || metricType != type) {
      endFamily();
      name = metricName;
      type = metricType;
      family.text(NAME, names.metric(name)).varint(TYPE, type);
    }
    metric.clear();
    for (int i = 0; i < labels.size(); i++) {
      if (!labels.name(i).equals(Labels.METRIC_NAME)) {
        label(labels.name(i), labels.value(i));
      }
    }
    attached.forEach((label, value) -> {
      if (!labels.has(label)) {
        label(label, value);
      }
    });
  }

  private void label(String label, String value) {
    metric.field(LABEL, part.clear().text(1, names.label(label)).text(2, value));
  }

  private void end(long timeMillis) {
    metric.varint(TIMESTAMP, timeMillis);
    family.field(METRIC, metric);
    memory.take(metric.size());
  }

  private void write(Histogram histogram) {
    var layout = histogram.layout();
    inner.clear();
    if (histogram.isInteger()) {
      inner.varint(COUNT, histogram.rawCount()).varint(ZERO_COUNT, histogram.rawZeroCount());
    } else {
      inner.fixedDouble(FLOAT_COUNT, histogram.count());
      inner.fixedDouble(FLOAT_ZERO_COUNT, histogram.zeroCount());
    }
    inner.fixedDouble(SUM, histogram.sum()).zigzag(SCHEMA, layout.schema());
    inner.fixedDouble(ZERO_THRESHOLD, layout.zeroThreshold());
    side(NEGATIVE, layout.negative(), histogram, layout.positive().buckets());
    side(POSITIVE, layout.positive(), histogram, 0);
    if (layout.buckets() == 0) {
      // Says that it is a native histogram.
      inner.field(POSITIVE, part.clear().zigzag(1, 0).varint(2, 0));
    }
  }

  private void side(int field, BucketSpans spans, Histogram histogram, int firstBucket) {
    for (int i = 0; i < spans.size(); i++) {
      inner.field(field, part.clear().zigzag(1, spans.offset(i)).varint(2, spans.length(i)));
    }
    long before = 0;
    for (int i = firstBucket; i < firstBucket + spans.buckets(); i++) {
      if (histogram.isInteger()) {
        inner.zigzag(field + 1, histogram.rawBucket(i) - before);
        before = histogram.rawBucket(i);
      } else {
        inner.fixedDouble(field + 2, histogram.bucket(i));
      }
    }
  }

  private void endFamily() {
    if (family.size() == 0) {
      return;
    }
    lengthBytes.clear().raw(family.size());
    int more = MOST_LENGTH_BYTES + family.size();
    if ((long) length + more > bytes.length) {
      bytes = AnswerRoom.grown(bytes, length, more, memory);
    }
    System.arraycopy(lengthBytes.bytes(), 0, bytes, length, lengthBytes.size());
    length += lengthBytes.size();
    System.arraycopy(family.bytes(), 0, bytes, length, family.size());
    length += family.size();
    family.clear();
  }

  /// What has been written, as a response's body.
  ByteBuffer toBody() {
    endFamily();
    return ByteBuffer.wrap(bytes, 0, length);
  }
}
