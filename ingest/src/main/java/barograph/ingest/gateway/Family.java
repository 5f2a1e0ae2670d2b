package barograph.ingest.gateway;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Metrics of one name: an `io.prometheus.client.MetricFamily` whose labels can be looked at and
/// changed, and whose values stay the bytes that they were pushed as.
public record Family(String name, MetricKind type, String help, String unit, List<Metric> metrics) {
  private static final int NAME = 1 << 3 | WireReader.BYTES;
  private static final int HELP = 2 << 3 | WireReader.BYTES;
  private static final int TYPE = 3 << 3 | WireReader.VARINT;
  private static final int METRIC = 4 << 3 | WireReader.BYTES;
  private static final int UNIT = 5 << 3 | WireReader.BYTES;
  private static final int LABEL = 1 << 3 | WireReader.BYTES;
  private static final int TIMESTAMP = 6 << 3 | WireReader.VARINT;
  private static final int VALUE = 2 << 3 | WireReader.BYTES;

  public Family {
    metrics = List.copyOf(metrics);
  }

  /// What kind of metric it is.
  public enum MetricKind {
    COUNTER(0),
    GAUGE(1),
    SUMMARY(2),
    UNTYPED(3),
    HISTOGRAM(4),
    GAUGE_HISTOGRAM(5);

    private final int number;

    MetricKind(int number) {
      this.number = number;
    }

    boolean isHistogram() {
      return this == HISTOGRAM || this == GAUGE_HISTOGRAM;
    }

    /// The type of this number on the wire.
    private static MetricKind of(long number) throws MalformedMessageException {
      for (MetricKind type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      throw new MalformedMessageException("unknown metric type %d".formatted(number));
    }

    /// The type that a `TYPE` line names, or null.
    static @Nullable MetricKind named(String word) {
      for (MetricKind type : values()) {
        if (type.name().equals(word.toUpperCase(Locale.ROOT))) {
          return type;
        }
      }
      return null;
    }
  }

  /// One metric of the family.
  ///
  /// @param labels all but the name; a value may be empty
  /// @param value fields of an `io.prometheus.client.Metric` other than labels and timestamp
  /// @param timestamped whether it was pushed with a timestamp, which none may be
  public record Metric(Map<String, String> labels, byte[] value, boolean timestamped) {
    public Metric {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public Measure measure() {
      return Measure.of(value);
    }

    /// With the labels of its group, whatever it says itself, and always with an `instance`: an
    /// empty one keeps a scraper from adding its own.
    Metric in(GroupingKey group) {
      var all = new TreeMap<>(labels);
      all.putAll(group.labels());
      all.putIfAbsent("instance", "");
      return new Metric(all, value, timestamped);
    }
  }

  Family in(GroupingKey group) {
    return new Family(name, type, help, unit, metrics.stream().map(m -> m.in(group)).toList());
  }

  /// The family as a message.
  byte[] toBytes() {
    var message = new MessageBytes().put(1, name);
    if (!help.isEmpty()) {
      message.put(2, help);
    }
    message.put(3, type.number);
    for (Metric metric : metrics) {
      var inner = new MessageBytes();
      metric
          .labels()
          .forEach((label, value) -> inner.put(1, new MessageBytes().put(1, label).put(2, value)));
      inner.putFields(metric.value(), 0, metric.value().length);
      message.put(4, inner);
    }
    if (!unit.isEmpty()) {
      message.put(5, unit);
    }
    return message.toBytes();
  }

  /// Reads the message in `[from, to)` of `bytes`.
  static Family read(byte[] bytes, int from, int to) throws MalformedMessageException {
    var wire = new WireReader(bytes).within(from, to);
    String name = "";
    String help = "";
    String unit = "";
    MetricKind type = MetricKind.COUNTER;
    var metrics = new ArrayList<Metric>();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case NAME -> name = text(wire, bytes);
        case HELP -> help = text(wire, bytes);
        case UNIT -> unit = text(wire, bytes);
        case TYPE -> type = MetricKind.of(wire.varint());
        case METRIC -> {
          int outer = wire.enter();
          metrics.add(metric(wire, bytes));
          wire.leave(outer);
        }
        default -> wire.skip(tag);
      }
    }
    if (name.isEmpty()) {
      throw new MalformedMessageException("a metric family has no name");
    }
    return new Family(name, type, help, unit, metrics);
  }

  private static Metric metric(WireReader wire, byte[] bytes) throws MalformedMessageException {
    var labels = new TreeMap<String, String>();
    var value = new MessageBytes();
    boolean timestamped = false;
    while (wire.more()) {
      int at = wire.position();
      int tag = wire.tag();
      if (tag == LABEL) {
        int outer = wire.enter();
        label(wire, bytes, labels);
        wire.leave(outer);
      } else if (tag == TIMESTAMP) {
        wire.varint();
        timestamped = true;
      } else {
        wire.skip(tag);
        value.putFields(bytes, at, wire.position());
      }
    }
    return new Metric(labels, value.toBytes(), timestamped);
  }

  private static void label(WireReader wire, byte[] bytes, Map<String, String> labels)
      throws MalformedMessageException {
    String name = "";
    String value = "";
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case LABEL -> name = text(wire, bytes);
        case VALUE -> value = text(wire, bytes);
        default -> wire.skip(tag);
      }
    }
    if (name.isEmpty() || labels.put(name, value) != null) {
      throw new MalformedMessageException("label \"%s\" comes twice or is empty".formatted(name));
    }
  }

  static String text(WireReader wire, byte[] bytes) throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
