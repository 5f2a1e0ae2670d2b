package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.MAX_RECORD_BYTES;
import static barograph.storage.wal.LogFormat.MAX_ROW;
import static barograph.storage.wal.LogFormat.bitmapBytes;

import barograph.storage.chunk.ByteSink;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.nio.charset.StandardCharsets;

/// Turns records into bytes and remembers what the next ones stand on, up to [#startSegment]. One
/// thread.
///
/// Whole rows of a target are [RowWriter]'s, and what there is beside floats [SideRecords]'.
final class RecordWriter {
  /// More than any row, run or single sample takes.
  static final int SAMPLES_ROOM = 1 << 17;

  private static final int LOOSE_UP_TO = 2;

  private final Tally tally = new Tally();
  private final ByteSink out = new ByteSink(2 * SAMPLES_ROOM);
  private final RowWriter rows = new RowWriter(out, tally);
  private final SideRecords side = new SideRecords();
  private final LastTexts lastTexts = new LastTexts();
  private long baseMillis;

  /// Texts of the series before that the present one has as well, and that are to be copied.
  private int repeatedStart;

  private int repeatedEnd;

  /// Where the bytes are, up to [#size]; they change with every record.
  byte[] bytes() {
    return out.array();
  }

  int size() {
    return out.size();
  }

  /// What is in the bytes.
  Contents contents() {
    return tally.contents();
  }

  /// Forgets the bytes, not what the rows stand on.
  void clear() {
    out.clear();
    tally.clear();
    lastTexts.clear();
  }

  /// Lets rows stand on nothing of before; times are told from `baseMillis`.
  void startSegment(long baseMillis) {
    this.baseMillis = baseMillis;
    rows.startSegment(baseMillis);
    side.startSegment();
  }

  void target(int target, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    out.putByte(LogFormat.TARGET);
    out.putVarint(target);
    putText(text);
  }

  void series(int ref, int target, Labels labels) {
    out.putByte(LogFormat.SERIES);
    out.putVarint(ref);
    out.putVarint(target);
    out.putVarint(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      putLabelText(2 * i, labels.name(i));
      putLabelText(2 * i + 1, labels.value(i));
    }
    copyRepeated();
  }

  /// Most texts of a series stand where the series before has them, and are copied from there,
  /// those behind each other in one go.
  private void putLabelText(int place, String text) {
    if (lastTexts.has(place, text)) {
      int start = lastTexts.start(place);
      if (start != repeatedEnd || repeatedStart == repeatedEnd) {
        copyRepeated();
        repeatedStart = start;
      }
      repeatedEnd = start + lastTexts.length(place);
      lastTexts.move(place, out.size() + start - repeatedStart);
      return;
    }
    copyRepeated();
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    int start = out.size();
    putText(encoded);
    lastTexts.put(place, text, start, out.size() - start);
  }

  private void copyRepeated() {
    out.putBytes(out.array(), repeatedStart, repeatedEnd - repeatedStart);
    repeatedStart = repeatedEnd;
  }

  void tombstone(TimeRange range, int[] refs, int from, int count) {
    deletion(LogFormat.TOMBSTONE, range, refs, from, count);
  }

  void lateTombstone(TimeRange range, int[] refs, int from, int count) {
    deletion(LogFormat.LATE_TOMBSTONE, range, refs, from, count);
  }

  private void deletion(int kind, TimeRange range, int[] refs, int from, int count) {
    out.putByte(kind);
    out.putZigzag(range.startMillis());
    out.putZigzag(range.endMillis());
    out.putVarint(count);
    int last = 0;
    for (int i = from; i < from + count; i++) {
      out.putZigzag(refs[i] - last);
      last = refs[i];
    }
  }

  void histogram(int ref, long timestampMillis, Histogram histogram) {
    tally.sample(timestampMillis);
    put(LogFormat.HISTOGRAM, side.histogram(ref, timestampMillis - baseMillis, histogram));
  }

  void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
    tally.sample(timestampMillis);
    put(LogFormat.LATE_HISTOGRAM, side.lateHistogram(ref, timestampMillis - baseMillis, histogram));
  }

  void exemplar(int ref, Exemplar exemplar) {
    put(LogFormat.EXEMPLAR, side.exemplar(ref, exemplar.timestampMillis() - baseMillis, exemplar));
  }

  void metadata(String metric, MetricMetadata metadata) {
    put(LogFormat.METADATA, side.metadata(metric, metadata));
  }

  private void put(int kind, ByteSink body) {
    out.putByte(kind);
    out.putVarint(body.size());
    out.putBytes(body.array(), 0, body.size());
  }

  void checkpoint(byte[] payload) {
    out.putByte(LogFormat.CHECKPOINT);
    putText(payload);
  }

  void sample(int ref, long timestampMillis, double value) {
    out.reserve(64);
    tally.sample(timestampMillis);
    out.putByte(LogFormat.LOOSE);
    out.putVarint(ref);
    out.putZigzag(timestampMillis - baseMillis);
    out.grewTo(ValueWriter.put(out.array(), out.size(), Double.doubleToRawLongBits(value), 0));
  }

  void run(int ref, long[] timestampsMillis, double[] values, int from, int count) {
    run(LogFormat.RUN, ref, timestampsMillis, values, from, count);
  }

  void late(int ref, long[] timestampsMillis, double[] values, int from, int count) {
    run(LogFormat.LATE, ref, timestampsMillis, values, from, count);
  }

  private void run(
      int kind, int ref, long[] timestampsMillis, double[] values, int from, int count) {
    out.reserve(SAMPLES_ROOM);
    long least = timestampsMillis[from];
    long most = least;
    for (int i = from + 1; i < from + count; i++) {
      least = Math.min(least, timestampsMillis[i]);
      most = Math.max(most, timestampsMillis[i]);
    }
    tally.add(least, most, count, 1);
    out.putByte(kind);
    out.putVarint(ref);
    out.putVarint(count);
    long before = baseMillis;
    long step = 0;
    for (int i = from; i < from + count; i++) {
      long now = timestampsMillis[i] - before;
      out.putZigzag(now - step);
      before = timestampsMillis[i];
      step = i == from ? 0 : now;
    }
    byte[] bytes = out.array();
    int bitmap = out.size();
    int at = bitmap + bitmapBytes(count);
    long last = 0;
    for (int start = 0; start < count; start += Long.SIZE) {
      long changed = 0;
      int end = Math.min(count, start + Long.SIZE);
      for (int i = start; i < end; i++) {
        long bits = Double.doubleToRawLongBits(values[from + i]);
        if (bits != last) {
          changed |= 1L << (i - start);
          at = ValueWriter.put(bytes, at, bits, last);
          last = bits;
        }
      }
      ValueWriter.putBits(bytes, bitmap + (start >> 3), changed, end - start);
    }
    out.grewTo(at);
  }

  void row(int target, long timestampMillis, int[] refs, double[] values, int from, int count) {
    if (count <= LOOSE_UP_TO) {
      loose(timestampMillis, refs, values, from, count);
      return;
    }
    for (int done = 0; done < count; done += MAX_ROW) {
      int piece = Math.min(MAX_ROW, count - done);
      if (!rows.row(target, timestampMillis, refs, values, from + done, piece)) {
        loose(timestampMillis, refs, values, from + done, piece);
      }
    }
  }

  private void loose(long timestampMillis, int[] refs, double[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      sample(refs[i], timestampMillis, values[i]);
    }
  }

  private void putText(byte[] text) {
    out.putVarint(text.length);
    out.putBytes(text);
  }

  /// How long the record that started at `start` is, which must be no more than the format allows.
  void checkRecord(int start, String what) {
    int found = out.size() - start;
    if (found > MAX_RECORD_BYTES) {
      out.truncate(start);
      lastTexts.clear();
      throw new IllegalArgumentException(
          "%s takes %d bytes in the log, expected at most %d"
              .formatted(what, found, MAX_RECORD_BYTES));
    }
  }
}
