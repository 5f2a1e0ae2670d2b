package barograph.ingest.forward;

import barograph.ingest.wire.LabelWriter;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.util.List;
import java.util.Map;

/// Writes `prometheus.WriteRequest`, the message of remote write 1.0.
final class FirstRequest extends RequestWriter {
  private static final int SERIES = 1;
  private static final int METADATA = 3;
  private static final int SAMPLE = 2;
  private static final int EXEMPLAR = 3;
  private static final int HISTOGRAM = 4;
  private static final int EXEMPLAR_VALUE = 2;
  private static final int EXEMPLAR_TIMESTAMP = 3;
  private static final int METADATA_TYPE = 1;
  private static final int METADATA_METRIC = 2;
  private static final int METADATA_HELP = 4;
  private static final int METADATA_UNIT = 5;

  private final WireWriter request = new WireWriter();
  private final LabelWriter labelWriter = new LabelWriter();

  @Override
  Named name(Labels labels) {
    inner.clear();
    labelWriter.write(labels, inner);
    return new Named(Labels.EMPTY, inner.copy());
  }

  @Override
  void begin(Map<String, MetricMetadata> metadata) {
    request.clear();
  }

  @Override
  void beginSeries(Named name) {
    series.clear().append(name.bytes(), name.bytes().length);
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
    inner.clear();
    labelWriter.write(exemplar.labels(), inner);
    inner.fixedDouble(EXEMPLAR_VALUE, exemplar.value());
    inner.varint(EXEMPLAR_TIMESTAMP, exemplar.timestampMillis());
    series.field(EXEMPLAR, inner);
  }

  @Override
  void endSeries() {
    request.field(SERIES, series);
  }

  @Override
  WireWriter end() {
    return request;
  }

  /// A request that only tells of metrics.
  WireWriter metadata(List<Map.Entry<String, MetricMetadata>> metrics) {
    request.clear();
    for (var metric : metrics) {
      MetricMetadata metadata = metric.getValue();
      inner
          .clear()
          .varint(METADATA_TYPE, metadata.type().number())
          .text(METADATA_METRIC, metric.getKey())
          .text(METADATA_HELP, metadata.help())
          .text(METADATA_UNIT, metadata.unit());
      request.field(METADATA, inner);
    }
    return request;
  }
}
