package barograph.ingest.forward;

import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes `io.prometheus.write.v2.Request`, the message of remote write 2.0, in which a text is
/// written once and then told by its number.
final class SecondRequest extends RequestWriter {
  private static final int SYMBOL = 4;
  private static final int SERIES = 5;
  private static final int LABEL_REFS = 1;
  private static final int SAMPLE = 2;
  private static final int HISTOGRAM = 3;
  private static final int EXEMPLAR = 4;
  private static final int METADATA = 5;
  private static final int EXEMPLAR_VALUE = 2;
  private static final int EXEMPLAR_TIMESTAMP = 3;
  private static final int METADATA_TYPE = 1;
  private static final int METADATA_HELP = 3;
  private static final int METADATA_UNIT = 4;

  /// What a metric's series may be called beyond its name.
  private static final List<String> SUFFIXES =
      List.of("_bucket", "_count", "_sum", "_total", "_created", "_info");

  private final Map<String, Integer> numbers = new HashMap<>();

  /// The symbols, and then the whole request.
  private final WireWriter request = new WireWriter();

  private final WireWriter allSeries = new WireWriter();
  private final WireWriter refs = new WireWriter();
  private Map<String, MetricMetadata> metadata = Map.of();
  private String metric = "";

  @Override
  Named name(Labels labels) {
    return new Named(labels, new byte[0]);
  }

  @Override
  void begin(Map<String, MetricMetadata> known) {
    request.clear();
    allSeries.clear();
    numbers.clear();
    metadata = known;
    symbol("");
  }

  private int symbol(String text) {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    request.text(SYMBOL, text);
    numbers.put(text, numbers.size());
    return numbers.size() - 1;
  }

  private WireWriter refs(Labels labels) {
    refs.clear();
    for (int i = 0; i < labels.size(); i++) {
      refs.raw(symbol(labels.name(i))).raw(symbol(labels.value(i)));
    }
    return refs;
  }

  @Override
  void beginSeries(Named name) {
    series.clear().field(LABEL_REFS, refs(name.labels()));
    metric = name.labels().metricName();
  }

  @Override
  void sample(double value, long timestampMillis) {
    sample(SAMPLE, value, timestampMillis);
  }

  @Override
  void histogram(Histogram histogram, long timestampMillis) {
    histogram(HISTOGRAM, histogram, timestampMillis);
  }

  @Override
  void exemplar(Exemplar exemplar) {
    inner.clear().field(LABEL_REFS, refs(exemplar.labels()));
    inner.fixedDouble(EXEMPLAR_VALUE, exemplar.value());
    inner.varint(EXEMPLAR_TIMESTAMP, exemplar.timestampMillis());
    series.field(EXEMPLAR, inner);
  }

  @Override
  void endSeries() {
    MetricMetadata known = known(metric);
    if (known != null) {
      inner
          .clear()
          .varint(METADATA_TYPE, known.type().number())
          .varint(METADATA_HELP, symbol(known.help()))
          .varint(METADATA_UNIT, symbol(known.unit()));
      series.field(METADATA, inner);
    }
    allSeries.field(SERIES, series);
  }

  private @Nullable MetricMetadata known(String name) {
    MetricMetadata known = metadata.get(name);
    for (int i = 0; known == null && i < SUFFIXES.size(); i++) {
      String suffix = SUFFIXES.get(i);
      if (name.endsWith(suffix)) {
        known = metadata.get(name.substring(0, name.length() - suffix.length()));
      }
    }
    return known;
  }

  @Override
  WireWriter end() {
    return request.append(allSeries.bytes(), allSeries.size());
  }
}
