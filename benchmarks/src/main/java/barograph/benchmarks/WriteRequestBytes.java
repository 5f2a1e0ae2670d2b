package barograph.benchmarks;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Labels;

/// Writes `prometheus.WriteRequest` messages as a sender does (remote write 1.0).
final class WriteRequestBytes {
  private final WireWriter request = new WireWriter();

  /// Adds one series with one sample.
  WriteRequestBytes add(Labels labels, long timestampMillis, double value) {
    var series = new WireWriter();
    for (int i = 0; i < labels.size(); i++) {
      series.field(1, new WireWriter().text(1, labels.name(i)).text(2, labels.value(i)));
    }
    series.field(2, new WireWriter().fixedDouble(1, value).varint(2, timestampMillis));
    request.field(1, series);
    return this;
  }

  byte[] packed() {
    return new SnappyPacker().pack(request.bytes(), request.size());
  }
}
