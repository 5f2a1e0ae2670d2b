package barograph.storage.wal;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.HistogramRow;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the log has beside floats: the bytes of records of histograms, exemplars and metadata, and
/// what the next histogram of each series stands on. A writer has one of its own, a reader too.
///
/// A histogram tells what is different from the last one of its series in the segment, and how many
/// there were; the first and every 32nd tells everything. So a lost frame costs, series by series,
/// what follows up to the next that stands alone, and nothing is ever guessed.
final class SideRecords {
  /// The last histogram of a series in the segment, how many there were, and how many since one
  /// that stood alone.
  private record Link(@Nullable Histogram last, int count, int age) {
    static final Link NONE = new Link(null, 0, 0);
  }

  private final Map<Integer, Link> links = new HashMap<>();
  private final ByteSink body = new ByteSink();
  private final ByteCursor cursor = new ByteCursor();
  private long time;

  /// Lets histograms stand on nothing of before.
  void startSegment() {
    links.clear();
  }

  ByteSink histogram(int ref, long sinceBase, Histogram histogram) {
    Link link = links.getOrDefault(ref, Link.NONE);
    boolean alone = link.last == null || link.age >= LogFormat.MAX_CHAIN;
    body.clear();
    body.putVarint(ref);
    body.putVarint((long) link.count << 1 | (alone ? 1 : 0));
    body.putZigzag(sinceBase);
    HistogramRow.write(histogram, alone ? null : link.last, body);
    links.put(ref, new Link(histogram, link.count + 1, alone ? 0 : link.age + 1));
    return body;
  }

  /// Hands a histogram to `handler`, unless what it stands on was lost.
  ///
  /// @param damaged whether anything may have been lost
  /// @return the time of one that was left out since the base, or null
  @Nullable Long readHistogram(byte[] record, long base, boolean damaged, ReplayHandler handler)
      throws CorruptLogException {
    try {
      cursor.reset(record, 0, record.length);
      int ref = cursor.readCount(LogFormat.MOST_NUMBER - 1);
      long head = cursor.readVarint();
      time = base + cursor.readZigzag();
      int number = (int) (head >>> 1);
      Link link = links.getOrDefault(ref, Link.NONE);
      boolean alone = (head & 1) != 0;
      if (number != link.count && !damaged) {
        throw new CorruptLogException(
            "histogram %d of series %d, expected number %d".formatted(number, ref, link.count));
      }
      if (!alone && (number != link.count || link.last == null)) {
        return time;
      }
      Histogram histogram = HistogramRow.read(cursor, alone ? null : link.last);
      links.put(ref, new Link(histogram, number + 1, 0));
      handler.histogram(ref, time, histogram);
      return null;
    } catch (CorruptChunkException e) {
      throw new CorruptLogException("histogram: " + e.getMessage());
    }
  }

  /// One that came late stands alone, and nothing stands on it.
  ByteSink lateHistogram(int ref, long sinceBase, Histogram histogram) {
    body.clear();
    body.putVarint(ref);
    body.putZigzag(sinceBase);
    HistogramRow.write(histogram, null, body);
    return body;
  }

  /// Time of the histogram that was read or left out last.
  long time() {
    return time;
  }

  void readLateHistogram(byte[] record, long base, ReplayHandler handler)
      throws CorruptLogException {
    try {
      cursor.reset(record, 0, record.length);
      int ref = cursor.readCount(LogFormat.MOST_NUMBER - 1);
      time = base + cursor.readZigzag();
      handler.lateHistogram(ref, time, HistogramRow.read(cursor, null));
    } catch (CorruptChunkException e) {
      throw new CorruptLogException("late histogram: " + e.getMessage());
    }
  }

  ByteSink exemplar(int ref, long sinceBase, Exemplar exemplar) {
    body.clear();
    body.putVarint(ref);
    body.putZigzag(sinceBase);
    body.putLong(Double.doubleToRawLongBits(exemplar.value()));
    body.putVarint(exemplar.labels().size());
    for (int i = 0; i < exemplar.labels().size(); i++) {
      putText(exemplar.labels().name(i));
      putText(exemplar.labels().value(i));
    }
    return body;
  }

  void readExemplar(byte[] record, long base, ReplayHandler handler) throws CorruptLogException {
    try {
      cursor.reset(record, 0, record.length);
      int ref = cursor.readCount(LogFormat.MOST_NUMBER - 1);
      long time = base + cursor.readZigzag();
      double value = Double.longBitsToDouble(cursor.readLong());
      var labels = new Labels.Builder();
      for (int left = cursor.readCount(cursor.remaining() / 2); left > 0; left--) {
        labels.set(cursor.readText(), cursor.readText());
      }
      handler.exemplar(ref, new Exemplar(labels.build(), value, time));
    } catch (CorruptChunkException | IllegalArgumentException e) {
      throw new CorruptLogException("exemplar: " + e.getMessage());
    }
  }

  ByteSink metadata(String metric, MetricMetadata metadata) {
    body.clear();
    putText(metric);
    body.putByte(metadata.type().number());
    putText(metadata.help());
    putText(metadata.unit());
    return body;
  }

  void readMetadata(byte[] record, ReplayHandler handler) throws CorruptLogException {
    try {
      cursor.reset(record, 0, record.length);
      String metric = cursor.readText();
      var type = MetricMetadata.Type.of(cursor.readByte());
      handler.metadata(metric, new MetricMetadata(type, cursor.readText(), cursor.readText()));
    } catch (CorruptChunkException e) {
      throw new CorruptLogException("metadata: " + e.getMessage());
    }
  }

  private void putText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    body.putVarint(bytes.length);
    body.putBytes(bytes);
  }
}
