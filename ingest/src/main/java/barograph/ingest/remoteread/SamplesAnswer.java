package barograph.ingest.remoteread;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.wire.HistogramWriter;
import barograph.ingest.wire.LabelWriter;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import java.nio.ByteBuffer;

/// Writes `prometheus.ReadResponse`: every sample as it is.
final class SamplesAnswer implements ReadAnswer {
  private static final int RESULT = 1;
  private static final int SERIES = 1;
  private static final int SAMPLE = 2;
  private static final int HISTOGRAM = 4;
  private static final int VALUE = 1;
  private static final int TIMESTAMP = 2;

  private final WireWriter response = new WireWriter();
  private final WireWriter result = new WireWriter();
  private final WireWriter series = new WireWriter();
  private final WireWriter sample = new WireWriter();
  private final LabelWriter labelWriter = new LabelWriter();
  private final HistogramWriter histogramWriter = new HistogramWriter();

  @Override
  public AnswerKind kind() {
    return AnswerKind.SAMPLES;
  }

  @Override
  public void beginQuery() {
    result.clear();
  }

  @Override
  public void series(Labels labels, SampleColumns samples) {
    series.clear();
    labelWriter.write(labels, series);
    long[] times = samples.timestamps();
    double[] values = samples.values();
    for (int i = 0; i < samples.size(); i++) {
      sample.clear().fixedDouble(VALUE, values[i]).varint(TIMESTAMP, times[i]);
      series.field(SAMPLE, sample);
    }
    for (int i = 0; i < samples.histogramCount(); i++) {
      var histograms = samples.histograms();
      series.field(
          HISTOGRAM, histogramWriter.write(histograms.histogram(i), histograms.timestamps()[i]));
    }
    result.field(SERIES, series);
  }

  @Override
  public void endQuery() {
    response.field(RESULT, result);
    result.clear();
  }

  @Override
  public long size() {
    return (long) response.size() + result.size();
  }

  @Override
  public ByteBuffer body() {
    return ByteBuffer.wrap(new SnappyPacker().pack(response.bytes(), response.size()));
  }
}
