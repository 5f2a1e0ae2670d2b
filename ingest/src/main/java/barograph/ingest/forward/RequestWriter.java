package barograph.ingest.forward;

import barograph.ingest.wire.HistogramWriter;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.util.Map;

/// Writes requests of remote write, series by series. Reused; one thread at a time.
abstract sealed class RequestWriter permits FirstRequest, SecondRequest {
  private static final int SAMPLE_VALUE = 1;
  private static final int SAMPLE_TIMESTAMP = 2;

  final WireWriter series = new WireWriter();
  final WireWriter inner = new WireWriter();
  private final HistogramWriter histograms = new HistogramWriter();

  /// A series as requests call it, made once and kept for those that follow.
  ///
  /// @param labels its labels, or none if the bytes say it all
  /// @param bytes what stands for its labels on the wire, if that is the same in each request
  record Named(Labels labels, byte[] bytes) {}

  static RequestWriter of(Endpoint.Message message) {
    return switch (message) {
      case FIRST -> new FirstRequest();
      case SECOND -> new SecondRequest();
    };
  }

  abstract Named name(Labels labels);

  /// Begins a request.
  ///
  /// @param metadata what is known of metrics
  abstract void begin(Map<String, MetricMetadata> metadata);

  abstract void beginSeries(Named name);

  abstract void sample(double value, long timestampMillis);

  abstract void histogram(Histogram histogram, long timestampMillis);

  abstract void exemplar(Exemplar exemplar);

  abstract void endSeries();

  /// The request, good until the next is begun.
  abstract WireWriter end();

  final void sample(int field, double value, long timestampMillis) {
    inner.clear().fixedDouble(SAMPLE_VALUE, value).varint(SAMPLE_TIMESTAMP, timestampMillis);
    series.field(field, inner);
  }

  final void histogram(int field, Histogram histogram, long timestampMillis) {
    series.field(field, histograms.write(histogram, timestampMillis));
  }
}
