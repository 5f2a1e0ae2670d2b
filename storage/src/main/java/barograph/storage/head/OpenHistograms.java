package barograph.storage.head;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.HistogramRow;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import java.util.Arrays;

/// The native histograms of one series that are not sealed yet, as one moment sees them: rows of
/// bytes, each told by the one before.
///
/// The next moment's rows stand in the same array behind those of this one, so that whoever looks
/// at this one is not disturbed.
///
/// @param bytes the rows, up to `length`
/// @param newestChunk the newest sealed chunk, 0 for none
/// @param last the newest histogram, sealed or not
record OpenHistograms(
    byte[] bytes, int length, int rows, int newestChunk, Histogram last, long lastTime) {
  /// Of the record, its histogram and where it hangs, near enough.
  private static final int OBJECT_BYTES = 200;

  /// Those of a series that has just had its first one.
  static OpenHistograms first(long timestamp, Histogram histogram, ByteSink row) {
    return new OpenHistograms(new byte[0], 0, 0, 0, histogram, timestamp)
        .with(timestamp, histogram, row);
  }

  /// The same with one more, later than all. It may be called once on each.
  ///
  /// @param row a sink to work with
  OpenHistograms with(long timestamp, Histogram histogram, ByteSink row) {
    row.clear();
    row.putZigzag(rows == 0 ? timestamp : timestamp - lastTime);
    HistogramRow.write(histogram, rows == 0 ? null : last, row);
    byte[] room = bytes;
    int end = length + row.size();
    if (end > room.length) {
      room = Arrays.copyOf(bytes, Math.max(128, end + (end >> 1)));
    }
    System.arraycopy(row.array(), 0, room, length, row.size());
    return new OpenHistograms(room, end, rows + 1, newestChunk, histogram, timestamp);
  }

  /// The same without rows, behind a sealed chunk.
  OpenHistograms behind(int chunk) {
    return new OpenHistograms(new byte[0], 0, 0, chunk, last, lastTime);
  }

  /// The same rows alone.
  OpenHistograms withoutChunks() {
    return new OpenHistograms(bytes, length, rows, 0, last, lastTime);
  }

  /// Adds the rows to `into`.
  ///
  /// @throws CorruptChunkException if they make no sense
  void decode(HistogramColumns into) {
    var cursor = new ByteCursor().reset(bytes, 0, length);
    Histogram before = null;
    long time = 0;
    for (int row = 0; row < rows; row++) {
      time += cursor.readZigzag();
      before = HistogramRow.read(cursor, before);
      into.add(time, before);
    }
  }

  /// Bytes on the heap, near enough.
  long heapBytes() {
    return OBJECT_BYTES + bytes.length + 8L * last.buckets();
  }
}
