package barograph.storage.head;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.HistogramRow;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.nio.charset.StandardCharsets;

/// What a checkpoint has beside floats, entry by entry: open histograms, late ones, exemplars and
/// metadata.
final class SideFrames {
  private SideFrames() {}

  static void put(int ref, OpenHistograms open, ByteSink into) {
    into.putVarint(ref);
    into.putInt(open.newestChunk());
    into.putVarint(open.rows());
    into.putVarint(open.length());
    into.putBytes(open.bytes(), 0, open.length());
    into.putLong(open.lastTime());
    HistogramRow.write(open.last(), null, into);
  }

  /// Reads entries of histograms to the end.
  ///
  /// @throws CorruptChunkException if one makes no sense; those before are in `head` then
  static void readHistograms(ByteCursor cursor, Head head) {
    while (cursor.remaining() > 0) {
      int ref = cursor.readCount(SeriesTable.MOST - 1);
      int newestChunk = cursor.readInt();
      int rows = cursor.readCount(Integer.MAX_VALUE);
      byte[] bytes = cursor.readBytes(cursor.readLength());
      long lastTime = cursor.readLong();
      Histogram last = HistogramRow.read(cursor, null);
      if (head.table.isAlive(ref)) {
        head.histograms.restore(
            ref, new OpenHistograms(bytes, bytes.length, rows, newestChunk, last, lastTime));
      }
    }
  }

  static void putLate(int ref, long timestamp, Histogram histogram, ByteSink into) {
    into.putVarint(ref);
    into.putLong(timestamp);
    HistogramRow.write(histogram, null, into);
  }

  /// Reads entries of late histograms to the end.
  ///
  /// @return how many there were whose series is lost
  /// @throws CorruptChunkException if one makes no sense; those before are in `head` then
  static int readLate(ByteCursor cursor, Head head) {
    int lost = 0;
    while (cursor.remaining() > 0) {
      int ref = cursor.readCount(SeriesTable.MOST - 1);
      long timestamp = cursor.readLong();
      Histogram histogram = HistogramRow.read(cursor, null);
      if (head.table.isAlive(ref)) {
        head.late().restore(ref, timestamp, 0, histogram);
      } else {
        lost++;
      }
    }
    return lost;
  }

  static void put(Exemplars.Entry entry, ByteSink into) {
    into.putVarint(entry.ref());
    put(entry.series(), into);
    into.putLong(entry.exemplar().timestampMillis());
    into.putLong(Double.doubleToRawLongBits(entry.exemplar().value()));
    put(entry.exemplar().labels(), into);
  }

  /// Reads entries of exemplars to the end.
  ///
  /// @throws CorruptChunkException if one makes no sense; those before are in `head` then
  static void readExemplars(ByteCursor cursor, Head head) {
    while (cursor.remaining() > 0) {
      int ref = cursor.readCount(SeriesTable.MOST - 1);
      Labels series = readLabels(cursor);
      long time = cursor.readLong();
      double value = Double.longBitsToDouble(cursor.readLong());
      head.exemplars().add(ref, series, new Exemplar(readLabels(cursor), value, time));
    }
  }

  static void put(String metric, MetricMetadata metadata, ByteSink into) {
    put(metric, into);
    into.putByte(metadata.type().number());
    put(metadata.help(), into);
    put(metadata.unit(), into);
  }

  /// Reads entries of metadata to the end.
  ///
  /// @throws CorruptChunkException if one makes no sense; those before are in `head` then
  static void readMetadata(ByteCursor cursor, Head head) {
    while (cursor.remaining() > 0) {
      String metric = cursor.readText();
      var type = MetricMetadata.Type.of(cursor.readByte());
      head.metadata().put(metric, new MetricMetadata(type, cursor.readText(), cursor.readText()));
    }
  }

  private static void put(Labels labels, ByteSink into) {
    into.putVarint(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      put(labels.name(i), into);
      put(labels.value(i), into);
    }
  }

  private static Labels readLabels(ByteCursor cursor) {
    var pairs = new String[2 * cursor.readCount(cursor.remaining() / 2)];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = cursor.readText();
    }
    return Labels.ofSorted(pairs);
  }

  private static void put(String text, ByteSink into) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    into.putVarint(bytes.length);
    into.putBytes(bytes);
  }
}
