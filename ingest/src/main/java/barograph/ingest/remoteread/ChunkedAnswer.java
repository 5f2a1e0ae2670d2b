package barograph.ingest.remoteread;

import barograph.ingest.chunk.FloatChunk;
import barograph.ingest.chunk.HistogramChunk;
import barograph.ingest.wire.LabelWriter;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import java.nio.ByteBuffer;

/// Writes frames of `prometheus.ChunkedReadResponse`: of one series each, as many of its chunks as
/// make a frame long enough. A frame is a message behind its length and its checksum, see [Frame].
final class ChunkedAnswer implements ReadAnswer {
  private static final int CHUNK_SAMPLES = 120;
  private static final int SERIES = 1;
  private static final int QUERY = 2;
  private static final int CHUNK = 2;
  private static final int CHUNK_FROM = 1;
  private static final int CHUNK_TO = 2;
  private static final int CHUNK_TYPE = 3;
  private static final int CHUNK_DATA = 4;

  private final int frameBytes;
  private final WireWriter frames = new WireWriter();
  private final WireWriter message = new WireWriter();
  private final WireWriter name = new WireWriter();
  private final WireWriter series = new WireWriter();
  private final WireWriter chunk = new WireWriter();
  private final LabelWriter labelWriter = new LabelWriter();
  private final FloatChunk floats = new FloatChunk();
  private final HistogramChunk histograms = new HistogramChunk();
  private int query = -1;

  ChunkedAnswer(int frameBytes) {
    this.frameBytes = frameBytes;
  }

  @Override
  public AnswerKind kind() {
    return AnswerKind.STREAMED_XOR_CHUNKS;
  }

  @Override
  public void beginQuery() {
    query++;
  }

  @Override
  public void series(Labels labels, SampleColumns samples) {
    labelWriter.write(labels, name.clear());
    series.clear().append(name.bytes(), name.size());
    int at = 0;
    int histogramAt = 0;
    while (at < samples.size() || histogramAt < samples.histogramCount()) {
      if (series.size() >= frameBytes) {
        endFrame();
        series.clear().append(name.bytes(), name.size());
      }
      if (isFloat(samples, at, histogramAt)) {
        at = floatChunk(samples, at, histogramAt);
      } else {
        histogramAt = histogramChunk(samples, at, histogramAt);
      }
    }
    endFrame();
  }

  /// Whether the next sample is a float.
  private static boolean isFloat(SampleColumns samples, int at, int histogramAt) {
    return at < samples.size()
        && (histogramAt == samples.histogramCount()
            || samples.timestamps()[at] < samples.histograms().timestamps()[histogramAt]);
  }

  /// @return behind the last float that is in the chunk
  private int floatChunk(SampleColumns samples, int from, int histogramAt) {
    floats.begin();
    int at = from;
    while (at - from < CHUNK_SAMPLES && isFloat(samples, at, histogramAt)) {
      floats.add(samples.timestamps()[at], samples.values()[at]);
      at++;
    }
    beginChunk(samples.timestamps()[from], samples.timestamps()[at - 1], ChunkType.XOR);
    floats.writeTo(chunk, CHUNK_DATA);
    series.field(CHUNK, chunk);
    return at;
  }

  /// @return behind the last histogram that is in the chunk
  private int histogramChunk(SampleColumns samples, int floatAt, int from) {
    histograms.begin();
    var column = samples.histograms();
    int at = from;
    while (at < column.size()
        && at - from < CHUNK_SAMPLES
        && !isFloat(samples, floatAt, at)
        && histograms.add(column.timestamps()[at], column.histogram(at))) {
      at++;
    }
    beginChunk(
        column.timestamps()[from],
        column.timestamps()[at - 1],
        histograms.isInteger() ? ChunkType.HISTOGRAM : ChunkType.FLOAT_HISTOGRAM);
    histograms.writeTo(chunk, CHUNK_DATA);
    series.field(CHUNK, chunk);
    return at;
  }

  private void beginChunk(long firstMillis, long lastMillis, ChunkType type) {
    chunk
        .clear()
        .varint(CHUNK_FROM, firstMillis)
        .varint(CHUNK_TO, lastMillis)
        .varint(CHUNK_TYPE, type.number());
  }

  private void endFrame() {
    message.clear().field(SERIES, series).varint(QUERY, query);
    Frame.write(message, frames);
  }

  @Override
  public void endQuery() {}

  @Override
  public long size() {
    return frames.size();
  }

  @Override
  public ByteBuffer body() {
    return ByteBuffer.wrap(frames.bytes(), 0, frames.size());
  }
}
