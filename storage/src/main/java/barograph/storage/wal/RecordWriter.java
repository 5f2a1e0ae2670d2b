package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.CHAIN_MASK;
import static barograph.storage.wal.LogFormat.LONG;
import static barograph.storage.wal.LogFormat.MAX_CHAIN;
import static barograph.storage.wal.LogFormat.MAX_RECORD_BYTES;
import static barograph.storage.wal.LogFormat.MAX_ROW;
import static barograph.storage.wal.LogFormat.VALUE_INTEGER;
import static barograph.storage.wal.LogFormat.VALUE_XOR;
import static barograph.storage.wal.LogFormat.zigzag;

import barograph.storage.chunk.ByteSink;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Turns records into bytes and remembers what the next rows stand on. One thread.
///
/// A target's series have positions in the order in which they first came; a row names positions
/// and tells of each value what changed. All of it starts over with [#startSegment].
final class RecordWriter {
  /// More than any row, run or single sample takes.
  private static final int SAMPLE_RECORD_ROOM = 1 << 17;

  private static final int LOOSE_UP_TO = 2;

  private final Tally tally = new Tally();
  private byte[] bytes = new byte[2 * SAMPLE_RECORD_ROOM];
  private int size;

  private final SideRecords side = new SideRecords();
  private final LastTexts lastTexts = new LastTexts();
  private long baseMillis;
  private final RowPositions rows = new RowPositions();
  private final long[] presence = new long[MAX_ROW * LogFormat.MAX_SPREAD / Long.SIZE + 1];

  // A row's positions, and its values where they have to be sorted by these.
  private final int[] positions = new int[MAX_ROW];
  private final double[] sorted = new double[MAX_ROW];
  private final double[] scattered = new double[MAX_ROW * LogFormat.MAX_SPREAD];

  /// Where the bytes are, up to [#size]; they change with every record.
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /// What is in the bytes.
  Contents contents() {
    return tally.contents();
  }

  /// Forgets the bytes, not what the rows stand on.
  void clear() {
    size = 0;
    tally.clear();
    lastTexts.clear();
  }

  /// Lets rows stand on nothing of before; times are told from `baseMillis`.
  void startSegment(long baseMillis) {
    this.baseMillis = baseMillis;
    rows.startSegment();
    side.startSegment();
  }

  void target(int target, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    room(text.length + 32);
    bytes[size++] = LogFormat.TARGET;
    putUnsigned(target);
    putText(text);
  }

  void series(int ref, int target, Labels labels) {
    room(32);
    bytes[size++] = LogFormat.SERIES;
    putUnsigned(ref);
    putUnsigned(target);
    putUnsigned(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      putLabelText(2 * i, labels.name(i));
      putLabelText(2 * i + 1, labels.value(i));
    }
  }

  /// Most texts of a series stand where the series before has them, and are copied from there.
  private void putLabelText(int place, String text) {
    if (lastTexts.has(place, text)) {
      int length = lastTexts.length(place);
      room(length + 32);
      System.arraycopy(bytes, lastTexts.start(place), bytes, size, length);
      size += length;
      return;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    room(encoded.length + 32);
    int start = size;
    putText(encoded);
    lastTexts.put(place, text, start, size - start);
  }

  void tombstone(TimeRange range, int[] refs, int from, int count) {
    deletion(LogFormat.TOMBSTONE, range, refs, from, count);
  }

  void lateTombstone(TimeRange range, int[] refs, int from, int count) {
    deletion(LogFormat.LATE_TOMBSTONE, range, refs, from, count);
  }

  private void deletion(int kind, TimeRange range, int[] refs, int from, int count) {
    room(count * 5 + 64);
    bytes[size++] = (byte) kind;
    putUnsigned(zigzag(range.startMillis()));
    putUnsigned(zigzag(range.endMillis()));
    putUnsigned(count);
    int last = 0;
    for (int i = from; i < from + count; i++) {
      putUnsigned(zigzag(refs[i] - last));
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
    room(body.size() + 32);
    bytes[size++] = (byte) kind;
    putUnsigned(body.size());
    System.arraycopy(body.array(), 0, bytes, size, body.size());
    size += body.size();
  }

  void checkpoint(byte[] payload) {
    room(payload.length + 32);
    bytes[size++] = LogFormat.CHECKPOINT;
    putText(payload);
  }

  void sample(int ref, long timestampMillis, double value) {
    room(64);
    tally.sample(timestampMillis);
    bytes[size++] = LogFormat.LOOSE;
    putUnsigned(ref);
    putUnsigned(zigzag(timestampMillis - baseMillis));
    size = putValue(bytes, size, Double.doubleToRawLongBits(value), 0);
  }

  void run(int ref, long[] timestampsMillis, double[] values, int from, int count) {
    run(LogFormat.RUN, ref, timestampsMillis, values, from, count);
  }

  void late(int ref, long[] timestampsMillis, double[] values, int from, int count) {
    run(LogFormat.LATE, ref, timestampsMillis, values, from, count);
  }

  private void run(
      int kind, int ref, long[] timestampsMillis, double[] values, int from, int count) {
    room(SAMPLE_RECORD_ROOM);
    long least = timestampsMillis[from];
    long most = least;
    for (int i = from + 1; i < from + count; i++) {
      least = Math.min(least, timestampsMillis[i]);
      most = Math.max(most, timestampsMillis[i]);
    }
    tally.add(least, most, count, 1);
    bytes[size++] = (byte) kind;
    putUnsigned(ref);
    putUnsigned(count);
    long before = baseMillis;
    long step = 0;
    for (int i = from; i < from + count; i++) {
      long now = timestampsMillis[i] - before;
      putUnsigned(zigzag(now - step));
      before = timestampsMillis[i];
      step = i == from ? 0 : now;
    }
    int bitmap = size;
    size += bitmapBytes(count);
    long last = 0;
    for (int start = 0; start < count; start += Long.SIZE) {
      long changed = 0;
      int end = Math.min(count, start + Long.SIZE);
      for (int i = start; i < end; i++) {
        long bits = Double.doubleToRawLongBits(values[from + i]);
        if (bits != last) {
          changed |= 1L << (i - start);
          size = putValue(bytes, size, bits, last);
          last = bits;
        }
      }
      putBits(bitmap + (start >> 3), changed, end - start);
    }
  }

  void row(int target, long timestampMillis, int[] refs, double[] values, int from, int count) {
    if (count <= LOOSE_UP_TO) {
      loose(timestampMillis, refs, values, from, count);
      return;
    }
    for (int done = 0; done < count; done += MAX_ROW) {
      piece(target, timestampMillis, refs, values, from + done, Math.min(MAX_ROW, count - done));
    }
  }

  private void loose(long timestampMillis, int[] refs, double[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      sample(refs[i], timestampMillis, values[i]);
    }
  }

  private void piece(
      int target, long timestampMillis, int[] refs, double[] values, int from, int count) {
    var chain = rows.chainOf(target);
    int known = chain.size;
    int first = rows.position(chain, refs[from]);
    if (chain.size == known
        && first + count <= known
        && Arrays.mismatch(chain.refs, first, first + count, refs, from, from + count) < 0) {
      slice(chain, target, timestampMillis, values, from, first, count, false);
      return;
    }
    int low = first;
    int high = first;
    boolean contiguous = true;
    boolean ascending = true;
    positions[0] = first;
    for (int i = 1; i < count; i++) {
      int position = rows.position(chain, refs[from + i]);
      contiguous &= position == first + i;
      ascending &= position > positions[i - 1];
      low = Math.min(low, position);
      high = Math.max(high, position);
      positions[i] = position;
    }
    boolean allNew = low >= known;
    if (chain.size > known && !(allNew && contiguous)) {
      layout(chain, target, known);
    }
    if (contiguous) {
      slice(chain, target, timestampMillis, values, from, first, count, allNew);
    } else if (high - low < count * LogFormat.MAX_SPREAD) {
      int span = high - low + 1;
      notePresence(chain, target, low, span, count);
      if (ascending) {
        spread(chain, target, timestampMillis, values, from, count, low, span);
      } else {
        sort(values, from, count, low, span);
        spread(chain, target, timestampMillis, sorted, 0, count, low, span);
      }
    } else {
      loose(timestampMillis, refs, values, from, count);
    }
  }

  /// Says which series the positions from `first` on mean.
  private void layout(TargetChain chain, int target, int first) {
    for (int at = first; at < chain.size; at += MAX_ROW) {
      int end = Math.min(chain.size, at + MAX_ROW);
      room(SAMPLE_RECORD_ROOM);
      bytes[size++] = LogFormat.LAYOUT;
      putUnsigned(target);
      putUnsigned(at);
      putUnsigned(end - at);
      putRefs(chain, at, end);
    }
  }

  private void putRefs(TargetChain chain, int from, int to) {
    int before = 0;
    for (int i = from; i < to; i++) {
      putUnsigned(zigzag((long) chain.refs[i] - before));
      before = chain.refs[i];
    }
  }

  /// A row of neighbouring positions, as nearly every row is.
  private void slice(
      TargetChain chain,
      int target,
      long timestampMillis,
      double[] values,
      int from,
      int first,
      int count,
      boolean fresh) {
    boolean absolute = fresh || oldest(chain.age, first, count) >= MAX_CHAIN;
    room(SAMPLE_RECORD_ROOM);
    int flags =
        (absolute ? LogFormat.ROW_ABSOLUTE : 0) | (first == 0 ? LogFormat.ROW_FROM_START : 0);
    tally.row(chain, timestampMillis, count);
    startRow(chain, target, timestampMillis, flags);
    if (first != 0) {
      putUnsigned(first);
    }
    putUnsigned(count);
    if (absolute) {
      putRefs(chain, first, first + count);
      Arrays.fill(chain.last, first, first + count, 0);
      Arrays.fill(chain.age, first, first + count, (byte) 0);
    } else {
      grow(chain.age, first, count);
    }
    putValues(chain.last, first, values, from, count);
  }

  private void putValues(long[] last, int first, double[] values, int from, int count) {
    byte[] out = bytes;
    int bitmap = size;
    int at = size + bitmapBytes(count);
    for (int start = 0; start < count; start += Long.SIZE) {
      long changed = 0;
      int end = Math.min(count, start + Long.SIZE);
      for (int i = start; i < end; i++) {
        long bits = Double.doubleToRawLongBits(values[from + i]);
        long before = last[first + i];
        if (bits != before) {
          changed |= 1L << i;
          at = putValue(out, at, bits, before);
          last[first + i] = bits;
        }
      }
      putBits(bitmap + (start >> 3), changed, end - start);
    }
    size = at;
  }

  /// Notes which of the `span` positions from `low` on a row has.
  private void notePresence(TargetChain chain, int target, int low, int span, int count) {
    Arrays.fill(presence, 0, words(span), 0);
    for (int i = 0; i < count; i++) {
      int offset = positions[i] - low;
      if ((presence[offset >> 6] >> offset & 1) != 0) {
        throw new IllegalArgumentException(
            "series %d comes twice in one row of target %d"
                .formatted(chain.refs[positions[i]], target));
      }
      presence[offset >> 6] |= 1L << offset;
    }
  }

  private static int words(int bits) {
    return (bits + Long.SIZE - 1) / Long.SIZE;
  }

  /// Puts a row's positions and values into the order of positions, by way of where they stand.
  private void sort(double[] values, int from, int count, int low, int span) {
    for (int i = 0; i < count; i++) {
      scattered[positions[i] - low] = values[from + i];
    }
    int n = 0;
    for (int word = 0; word < words(span); word++) {
      for (long left = presence[word]; left != 0; left &= left - 1) {
        int offset = word * Long.SIZE + Long.numberOfTrailingZeros(left);
        positions[n] = low + offset;
        sorted[n++] = scattered[offset];
      }
    }
  }

  /// A row with gaps, whose positions are noted, ascend and lie within `span` from `low` on.
  private void spread(
      TargetChain chain,
      int target,
      long timestampMillis,
      double[] values,
      int from,
      int count,
      int low,
      int span) {
    int oldest = 0;
    for (int i = 0; i < count; i++) {
      oldest = Math.max(oldest, chain.age[positions[i]]);
    }
    boolean absolute = oldest >= MAX_CHAIN;
    room(SAMPLE_RECORD_ROOM);
    tally.row(chain, timestampMillis, count);
    startRow(
        chain,
        target,
        timestampMillis,
        LogFormat.ROW_BITMAP | (absolute ? LogFormat.ROW_ABSOLUTE : 0));
    putUnsigned(low);
    putUnsigned(span);
    for (int i = 0; i < words(span); i++) {
      putBits(size, presence[i], Math.min(Long.SIZE, span - i * Long.SIZE));
      size += Math.min(Long.BYTES, bitmapBytes(span - i * Long.SIZE));
    }
    if (absolute) {
      putPresentRefs(chain, count);
    }
    putPresentValues(chain, values, from, count, absolute);
  }

  private void putPresentRefs(TargetChain chain, int count) {
    int before = 0;
    for (int i = 0; i < count; i++) {
      int ref = chain.refs[positions[i]];
      putUnsigned(zigzag((long) ref - before));
      before = ref;
    }
  }

  private void putPresentValues(
      TargetChain chain, double[] values, int from, int count, boolean absolute) {
    byte[] out = bytes;
    int bitmap = size;
    int at = size + bitmapBytes(count);
    for (int start = 0; start < count; start += Long.SIZE) {
      long changed = 0;
      int end = Math.min(count, start + Long.SIZE);
      for (int i = start; i < end; i++) {
        int position = positions[i];
        long before = absolute ? 0 : chain.last[position];
        long bits = Double.doubleToRawLongBits(values[from + i]);
        if (bits != before) {
          changed |= 1L << i;
          at = putValue(out, at, bits, before);
        }
        chain.last[position] = bits;
        chain.age[position] = absolute ? 0 : (byte) (chain.age[position] + 1);
      }
      putBits(bitmap + (start >> 3), changed, end - start);
    }
    size = at;
  }

  private void startRow(TargetChain chain, int target, long timestampMillis, int flags) {
    bytes[size++] = LogFormat.ROW;
    putUnsigned(target);
    bytes[size++] = (byte) flags;
    putUnsigned(chain.rows++ & CHAIN_MASK);
    putUnsigned(zigzag(timestampMillis - baseMillis));
  }

  private static int oldest(byte[] age, int first, int count) {
    int oldest = 0;
    for (int i = first; i < first + count; i++) {
      oldest = Math.max(oldest, age[i]);
    }
    return oldest;
  }

  private static void grow(byte[] age, int first, int count) {
    for (int i = first; i < first + count; i++) {
      age[i]++;
    }
  }

  /// Writes what makes `before` into `bits`, which differ: nine bytes at most, though seventeen may
  /// be touched.
  private static int putValue(byte[] out, int at, long bits, long before) {
    double value = Double.longBitsToDouble(bits);
    double old = Double.longBitsToDouble(before);
    long integer = (long) value;
    long oldInteger = (long) old;
    if (Double.doubleToRawLongBits((double) integer) == bits
        && Double.doubleToRawLongBits((double) oldInteger) == before) {
      long difference = zigzag(integer - oldInteger);
      if (difference >= 0 && difference < VALUE_INTEGER) {
        out[at] = (byte) difference;
        return at + 1;
      }
      int length = (Long.SIZE + 7 - Long.numberOfLeadingZeros(difference)) >>> 3;
      if (length < Long.BYTES) {
        out[at] = (byte) (VALUE_INTEGER | length);
        LONG.set(out, at + 1, difference);
        return at + 1 + length;
      }
    }
    long xor = bits ^ before;
    int trailing = Long.numberOfTrailingZeros(xor) >>> 3;
    int length = Long.BYTES - trailing - (Long.numberOfLeadingZeros(xor) >>> 3);
    out[at] = (byte) (VALUE_XOR | trailing << 3 | (length - 1));
    LONG.set(out, at + 1, xor >>> (trailing << 3));
    return at + 1 + length;
  }

  static int bitmapBytes(int bits) {
    return (bits + 7) >>> 3;
  }

  /// Writes the low `count` bits of a bitmap's word.
  private void putBits(int at, long word, int count) {
    if (count >= Long.SIZE) {
      LONG.set(bytes, at, word);
      return;
    }
    for (int i = 0; i < bitmapBytes(count); i++) {
      bytes[at + i] = (byte) (word >>> (8 * i));
    }
  }

  private void putUnsigned(long value) {
    while ((value & ~0x7fL) != 0) {
      bytes[size++] = (byte) (value | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  private void putText(byte[] text) {
    putUnsigned(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  private void room(int more) {
    if (bytes.length - size >= more) {
      return;
    }
    int needed = size + more;
    bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
  }

  /// How long the record that started at `start` is, which must be no more than the format allows.
  void checkRecord(int start, String what) {
    if (size - start > MAX_RECORD_BYTES) {
      int found = size - start;
      size = start;
      lastTexts.clear();
      throw new IllegalArgumentException(
          "%s takes %d bytes in the log, expected at most %d"
              .formatted(what, found, MAX_RECORD_BYTES));
    }
  }
}
