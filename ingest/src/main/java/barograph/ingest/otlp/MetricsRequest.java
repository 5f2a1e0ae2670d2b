package barograph.ingest.otlp;

import barograph.ingest.otlp.DataPoint.Kind;
import barograph.ingest.pushed.PushedSeries;
import barograph.ingest.wire.HistogramParts;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.Staleness;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads `ExportMetricsServiceRequest` and turns its data points into series. Field numbers are
/// those of `opentelemetry.proto.metrics.v1`. One thread at a time.
final class MetricsRequest {
  private static final int FIRST = 1 << 3 | WireReader.BYTES;
  private static final int SECOND = 2 << 3 | WireReader.BYTES;
  private static final int THIRD = 3 << 3 | WireReader.BYTES;
  private static final int GAUGE = 5 << 3 | WireReader.BYTES;
  private static final int SUM = 7 << 3 | WireReader.BYTES;
  private static final int HISTOGRAM = 9 << 3 | WireReader.BYTES;
  private static final int EXPONENTIAL = 10 << 3 | WireReader.BYTES;
  private static final int SUMMARY = 11 << 3 | WireReader.BYTES;
  private static final int TEMPORALITY = 2 << 3 | WireReader.VARINT;
  private static final int MONOTONIC = 3 << 3 | WireReader.VARINT;
  private static final long DELTA = 1;
  private static final long CUMULATIVE = 2;

  /// `target_info` is told this often, so that queries find it between two exports.
  private static final long INFO_MILLIS = 150_000;

  /// And at most so often for one request, whatever span of time it covers.
  private static final int MOST_INFO = 32;

  /// A start that lies further back is no news.
  private static final long FRESH_MILLIS = 300_000;

  private final WireReader wire;
  private final PushedSeries into;
  private final OtlpSettings settings;
  private final NameTranslation names;
  private final Attributes attributes;
  private final DataPoint point;
  private Map<String, String> scope = Map.of();
  private ResourceLabels resource;
  private long earliest;
  private long latest;

  /// What is known of a metric when its data points are read.
  ///
  /// @param fromStart whether its numbers have grown from zero since a start
  private record Metric(
      String name,
      String unit,
      String help,
      long temporality,
      boolean monotonic,
      boolean fromStart) {}

  MetricsRequest(byte[] bytes, PushedSeries into, OtlpSettings settings) {
    this.wire = new WireReader(bytes);
    this.into = into;
    this.settings = settings;
    this.names = new NameTranslation(settings.strategy());
    this.attributes = new Attributes(bytes, wire);
    this.point = new DataPoint(bytes, wire, attributes);
    this.resource = new ResourceLabels(Map.of(), settings, names);
  }

  /// Reads the message in `[0, length)`.
  void read(int length) throws MalformedMessageException {
    wire.within(0, length);
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == FIRST) {
        readResource();
      } else {
        wire.skip(tag);
      }
    }
  }

  /// A resource with its metrics, which are read when the resource is known.
  private void readResource() throws MalformedMessageException {
    int outer = wire.enter();
    int start = wire.position();
    var found = new LinkedHashMap<String, String>();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == FIRST) {
        readAttributes(found, FIRST);
      } else {
        wire.skip(tag);
      }
    }
    resource = new ResourceLabels(found, settings, names);
    earliest = Long.MAX_VALUE;
    latest = Long.MIN_VALUE;
    wire.within(start, wire.end());
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SECOND) {
        readScope();
      } else {
        wire.skip(tag);
      }
    }
    wire.leave(outer);
    tellOfResource();
  }

  private void readAttributes(Map<String, String> found, int field)
      throws MalformedMessageException {
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == field) {
        attributes.readInto(found);
      } else {
        wire.skip(tag);
      }
    }
    wire.leave(outer);
  }

  private void readScope() throws MalformedMessageException {
    int outer = wire.enter();
    int start = wire.position();
    scope = settings.promoteScope() ? scopeLabels() : Map.of();
    wire.within(start, wire.end());
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SECOND) {
        readMetric();
      } else {
        wire.skip(tag);
      }
    }
    wire.leave(outer);
  }

  private Map<String, String> scopeLabels() throws MalformedMessageException {
    var labels = new LinkedHashMap<String, String>();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST -> {
          var found = new LinkedHashMap<String, String>();
          int outer = wire.enter();
          while (wire.more()) {
            int inner = wire.tag();
            switch (inner) {
              case FIRST -> labels.put("otel_scope_name", attributes.text());
              case SECOND -> labels.put("otel_scope_version", attributes.text());
              case THIRD -> attributes.readInto(found);
              default -> wire.skip(inner);
            }
          }
          wire.leave(outer);
          found.forEach((name, value) -> labels.put("otel_scope_" + names.label(name), value));
        }
        case THIRD -> labels.put("otel_scope_schema_url", attributes.text());
        default -> wire.skip(tag);
      }
    }
    return labels;
  }

  private void readMetric() throws MalformedMessageException {
    int outer = wire.enter();
    int start = wire.position();
    String name = "";
    String help = "";
    String unit = "";
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST -> name = attributes.text();
        case SECOND -> help = attributes.text();
        case THIRD -> unit = attributes.text();
        default -> wire.skip(tag);
      }
    }
    wire.within(start, wire.end());
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case GAUGE, SUM, HISTOGRAM, EXPONENTIAL, SUMMARY -> readData(tag, name, unit, help);
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
  }

  private void readData(int kind, String name, String unit, String help)
      throws MalformedMessageException {
    int outer = wire.enter();
    int start = wire.position();
    long temporality = 0;
    boolean monotonic = false;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case TEMPORALITY -> temporality = wire.varint();
        case MONOTONIC -> monotonic = wire.varint() != 0;
        default -> wire.skip(tag);
      }
    }
    boolean counts = kind == SUM && monotonic && temporality != DELTA;
    var metric =
        new Metric(
            names.metric(name, unit, kind == SUM && monotonic, kind == GAUGE),
            unit,
            help,
            temporality,
            counts,
            counts || (kind != GAUGE && kind != SUM && temporality != DELTA));
    boolean tellsTemporality = kind == SUM || kind == HISTOGRAM || kind == EXPONENTIAL;
    boolean taken = !tellsTemporality || isTaken(temporality);
    wire.within(start, wire.end());
    while (wire.more()) {
      int tag = wire.tag();
      if (tag != FIRST) {
        wire.skip(tag);
      } else if (taken) {
        readPoint(kind, metric);
      } else {
        wire.skip(tag);
        into.refuse(
            1,
            "invalid temporality and type combination for metric \"%s\": differences are not taken"
                .formatted(name));
      }
    }
    wire.leave(outer);
    into.tellOf(metric.name(), new MetricMetadata(type(kind, counts), help, names.unit(unit)));
  }

  private boolean isTaken(long temporality) {
    return temporality == CUMULATIVE || (temporality == DELTA && settings.takeDeltas());
  }

  private static MetricMetadata.Type type(int kind, boolean counts) {
    return switch (kind) {
      case GAUGE -> MetricMetadata.Type.GAUGE;
      case SUM -> counts ? MetricMetadata.Type.COUNTER : MetricMetadata.Type.GAUGE;
      case HISTOGRAM, EXPONENTIAL -> MetricMetadata.Type.HISTOGRAM;
      default -> MetricMetadata.Type.SUMMARY;
    };
  }

  private void readPoint(int kind, Metric metric) throws MalformedMessageException {
    int end = wire.end();
    int behind = behindMessage();
    try {
      switch (kind) {
        case GAUGE, SUM -> {
          point.read(Kind.NUMBER);
          single(metric);
        }
        case HISTOGRAM -> {
          point.read(Kind.HISTOGRAM);
          if (settings.convertHistograms()) {
            customHistogram(metric);
          } else {
            classicHistogram(metric);
          }
        }
        case EXPONENTIAL -> {
          point.read(Kind.EXPONENTIAL);
          natively(metric, point.parts());
        }
        default -> {
          point.read(Kind.SUMMARY);
          summary(metric);
        }
      }
      earliest = Math.min(earliest, point.timeMillis());
      latest = Math.max(latest, point.timeMillis());
    } catch (IllegalArgumentException e) {
      into.refuse(1, "%s: %s".formatted(metric.name(), e.getMessage()));
      wire.within(behind, end);
    }
  }

  /// Where the message whose length stands here ends; reading stays where it is.
  private int behindMessage() throws MalformedMessageException {
    int at = wire.position();
    int end = wire.end();
    int length = wire.length();
    int behind = wire.position() + length;
    wire.within(at, end);
    return behind;
  }

  private void single(Metric metric) {
    begin(metric, "");
    add(point.value());
    if (metric.monotonic()) {
      point.exemplars().forEach(into::add);
    }
    into.endSeries();
  }

  private void classicHistogram(Metric metric) {
    if (point.summed()) {
      oneOf(metric, "_sum", "", 0, point.sum());
    }
    double cumulative = 0;
    for (int i = 0; i < point.bounds(); i++) {
      cumulative += point.valueAt(i);
      bucket(metric, i, cumulative);
    }
    bucket(metric, point.bounds(), point.count());
    oneOf(metric, "_count", "", 0, point.count());
  }

  private void bucket(Metric metric, int index, double cumulative) {
    boolean last = index == point.bounds();
    double bound = last ? Double.POSITIVE_INFINITY : point.bound(index);
    double before = index == 0 ? Double.NEGATIVE_INFINITY : point.bound(index - 1);
    begin(metric, "_bucket");
    into.label("le", plain(bound));
    add(cumulative);
    for (Exemplar exemplar : point.exemplars()) {
      if (exemplar.value() > before && exemplar.value() <= bound) {
        into.add(exemplar);
      }
    }
    into.endSeries();
  }

  private void customHistogram(Metric metric) {
    HistogramParts parts = point.parts();
    parts.schema(HistogramLayout.CUSTOM_BOUNDS);
    parts.zeroThreshold(0);
    parts.count((long) point.count());
    parts.sum(point.sum());
    for (int i = 0; i < point.bounds(); i++) {
      parts.addBound(point.bound(i));
    }
    parts.addSpan(false, 0, point.bounds() + 1L);
    for (int i = 0; i <= point.bounds(); i++) {
      parts.addCount(false, (long) point.valueAt(i));
    }
    natively(metric, parts);
  }

  private void natively(Metric metric, HistogramParts parts) {
    Histogram histogram = point.empty() ? Histogram.STALE : parts.build();
    begin(metric, "");
    into.add(point.timeMillis(), histogram);
    point.exemplars().forEach(into::add);
    into.endSeries();
  }

  private void summary(Metric metric) {
    oneOf(metric, "_sum", "", 0, point.sum());
    oneOf(metric, "_count", "", 0, point.count());
    for (int i = 0; i < point.bounds(); i++) {
      oneOf(metric, "", "quantile", point.bound(i), point.valueAt(i));
    }
  }

  private void oneOf(Metric metric, String suffix, String label, double number, double value) {
    begin(metric, suffix);
    if (!label.isEmpty()) {
      into.label(label, plain(number));
    }
    add(value);
    into.endSeries();
  }

  private void begin(Metric metric, String suffix) {
    into.beginSeries();
    into.label(Labels.METRIC_NAME, metric.name() + suffix);
    resource
        .of(scope, point.attributes())
        .forEach((name, value) -> {
          if (!isGiven(name)) {
            into.label(name, value);
          }
        });
    if (metric.fromStart() && point.timeMillis() - point.startMillis() <= FRESH_MILLIS) {
      into.startsAt(point.startMillis());
    }
  }

  /// Labels that a series gets for what it is, whatever its attributes say.
  private static boolean isGiven(String name) {
    return name.equals(Labels.METRIC_NAME) || name.equals("le") || name.equals("quantile");
  }

  private void add(double value) {
    into.add(point.timeMillis(), point.empty() ? Staleness.MARKER : canonical(value));
  }

  private static double canonical(double value) {
    return Double.isNaN(value) ? Double.longBitsToDouble(Staleness.NAN_BITS) : value;
  }

  /// A bound with as many digits as it needs and no exponent.
  private static String plain(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    if (number == 0) {
      return "0";
    }
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  private void tellOfResource() {
    if (!resource.hasInfo() || latest < earliest) {
      return;
    }
    into.beginSeries();
    into.label(Labels.METRIC_NAME, "target_info");
    resource.info().forEach(into::label);
    long step = Math.max(INFO_MILLIS, (latest - earliest) / MOST_INFO);
    for (long time = earliest; time < latest; time += step) {
      into.add(time, 1.0);
    }
    into.add(latest, 1.0);
    into.endSeries();
    into.tellOf(
        "target_info", new MetricMetadata(MetricMetadata.Type.GAUGE, "Target metadata", ""));
  }
}
