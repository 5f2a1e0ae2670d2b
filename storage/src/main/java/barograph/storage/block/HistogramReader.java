package barograph.storage.block;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.chunk.HistogramDecoder;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;

/// Reads the native histograms of a block's series. It keeps its working arrays: one thread at a
/// time.
final class HistogramReader {
  private final HistogramSection section;
  private final HistogramDecoder decoder = new HistogramDecoder();
  private final ByteCursor cursor = new ByteCursor();

  HistogramReader(HistogramSection section) {
    this.section = section;
  }

  boolean has(int series) {
    return section.entry(series).length > 0;
  }

  /// Adds the histograms of `series` that lie in `range` behind those that `into` holds.
  void read(int series, TimeRange range, SampleColumns into) {
    byte[] entry = section.entry(series);
    if (entry.length == 0) {
      return;
    }
    cursor.reset(entry, 0, entry.length);
    long offset = cursor.readVarint();
    int chunks = cursor.readCount(entry.length);
    long last = 0;
    for (int i = 0; i < chunks; i++) {
      int count = cursor.readCount(ChunkEncoder.MAX_SAMPLES);
      int length = cursor.readCount(Integer.MAX_VALUE - 64);
      long first = last + cursor.readZigzag();
      last = first + cursor.readVarint();
      if (first > range.endMillis()) {
        return;
      }
      if (last >= range.startMillis()) {
        long at = section.place(offset, length);
        decoder.decode(
            section.file().check(at, length), at, length, count, range, into.histograms());
      }
      offset += length;
    }
  }
}
