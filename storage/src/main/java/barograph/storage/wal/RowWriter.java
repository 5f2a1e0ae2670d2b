package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.CHAIN_MASK;
import static barograph.storage.wal.LogFormat.MAX_CHAIN;
import static barograph.storage.wal.LogFormat.MAX_ROW;
import static barograph.storage.wal.LogFormat.bitmapBytes;

import barograph.storage.chunk.ByteSink;
import java.util.Arrays;

/// Writes rows: samples of one target at one time, as nearly all samples come.
///
/// A target's series have positions in the order in which they first came; a row names positions
/// and tells of each value what changed. A row of neighbours names the first of them alone, one
/// with gaps has a bitmap of those that it has. What rows stand on starts over with
/// [#startSegment].
final class RowWriter {
  private final ByteSink out;
  private final Tally tally;
  private final RowPositions places = new RowPositions();
  private final long[] presence = new long[MAX_ROW * LogFormat.MAX_SPREAD / Long.SIZE + 1];

  // A row's positions, and its values where they have to be sorted by these.
  private final int[] positions = new int[MAX_ROW];
  private final double[] sorted = new double[MAX_ROW];
  private final double[] scattered = new double[MAX_ROW * LogFormat.MAX_SPREAD];
  private long baseMillis;

  /// @param out where the rows go
  /// @param tally where they are counted
  RowWriter(ByteSink out, Tally tally) {
    this.out = out;
    this.tally = tally;
  }

  /// Lets rows stand on nothing of before; times are told from `newBaseMillis`.
  void startSegment(long newBaseMillis) {
    baseMillis = newBaseMillis;
    places.startSegment();
  }

  /// Writes a row, unless its series stand so far apart in the rows of their target that a sample
  /// is told shorter by itself.
  ///
  /// @param refs of the samples' series, from place `from` on
  /// @param values theirs, at the same places
  /// @param count of the samples, [LogFormat#MAX_ROW] at most
  /// @return whether it was written
  boolean row(int target, long timestampMillis, int[] refs, double[] values, int from, int count) {
    var chain = places.chainOf(target);
    int known = chain.size;
    int first = places.position(chain, refs[from]);
    if (chain.size == known
        && first + count <= known
        && Arrays.mismatch(chain.refs, first, first + count, refs, from, from + count) < 0) {
      slice(chain, target, timestampMillis, values, from, first, count, false);
      return true;
    }
    int low = first;
    int high = first;
    boolean contiguous = true;
    boolean ascending = true;
    positions[0] = first;
    for (int i = 1; i < count; i++) {
      int position = places.position(chain, refs[from + i]);
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
      return true;
    }
    if (high - low >= count * LogFormat.MAX_SPREAD) {
      return false;
    }
    int span = high - low + 1;
    notePresence(chain, target, low, span, count);
    if (ascending) {
      spread(chain, target, timestampMillis, values, from, count, low, span);
    } else {
      sort(values, from, count, low, span);
      spread(chain, target, timestampMillis, sorted, 0, count, low, span);
    }
    return true;
  }

  /// Says which series the positions from `first` on mean.
  private void layout(TargetChain chain, int target, int first) {
    for (int at = first; at < chain.size; at += MAX_ROW) {
      int end = Math.min(chain.size, at + MAX_ROW);
      out.reserve(RecordWriter.SAMPLES_ROOM);
      out.putByte(LogFormat.LAYOUT);
      out.putVarint(target);
      out.putVarint(at);
      out.putVarint(end - at);
      putRefs(chain, at, end);
    }
  }

  private void putRefs(TargetChain chain, int from, int to) {
    int before = 0;
    for (int i = from; i < to; i++) {
      out.putZigzag((long) chain.refs[i] - before);
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
    out.reserve(RecordWriter.SAMPLES_ROOM);
    int flags =
        (absolute ? LogFormat.ROW_ABSOLUTE : 0) | (first == 0 ? LogFormat.ROW_FROM_START : 0);
    tally.row(chain, timestampMillis, count);
    startRow(chain, target, timestampMillis, flags);
    if (first != 0) {
      out.putVarint(first);
    }
    out.putVarint(count);
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
    byte[] bytes = out.array();
    int bitmap = out.size();
    int at = bitmap + bitmapBytes(count);
    for (int start = 0; start < count; start += Long.SIZE) {
      long changed = 0;
      int end = Math.min(count, start + Long.SIZE);
      for (int i = start; i < end; i++) {
        long bits = Double.doubleToRawLongBits(values[from + i]);
        long before = last[first + i];
        if (bits != before) {
          changed |= 1L << i;
          at = ValueWriter.put(bytes, at, bits, before);
          last[first + i] = bits;
        }
      }
      ValueWriter.putBits(bytes, bitmap + (start >> 3), changed, end - start);
    }
    out.grewTo(at);
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
    out.reserve(RecordWriter.SAMPLES_ROOM);
    tally.row(chain, timestampMillis, count);
    startRow(
        chain,
        target,
        timestampMillis,
        LogFormat.ROW_BITMAP | (absolute ? LogFormat.ROW_ABSOLUTE : 0));
    out.putVarint(low);
    out.putVarint(span);
    putPresence(span);
    if (absolute) {
      putPresentRefs(chain, count);
    }
    putPresentValues(chain, values, from, count, absolute);
  }

  private void putPresence(int span) {
    byte[] bytes = out.array();
    int at = out.size();
    for (int i = 0; i < words(span); i++) {
      at = ValueWriter.putBits(bytes, at, presence[i], Math.min(Long.SIZE, span - i * Long.SIZE));
    }
    out.grewTo(at);
  }

  private void putPresentRefs(TargetChain chain, int count) {
    int before = 0;
    for (int i = 0; i < count; i++) {
      int ref = chain.refs[positions[i]];
      out.putZigzag((long) ref - before);
      before = ref;
    }
  }

  private void putPresentValues(
      TargetChain chain, double[] values, int from, int count, boolean absolute) {
    byte[] bytes = out.array();
    int bitmap = out.size();
    int at = bitmap + bitmapBytes(count);
    for (int start = 0; start < count; start += Long.SIZE) {
      long changed = 0;
      int end = Math.min(count, start + Long.SIZE);
      for (int i = start; i < end; i++) {
        int position = positions[i];
        long before = absolute ? 0 : chain.last[position];
        long bits = Double.doubleToRawLongBits(values[from + i]);
        if (bits != before) {
          changed |= 1L << i;
          at = ValueWriter.put(bytes, at, bits, before);
        }
        chain.last[position] = bits;
        chain.age[position] = absolute ? 0 : (byte) (chain.age[position] + 1);
      }
      ValueWriter.putBits(bytes, bitmap + (start >> 3), changed, end - start);
    }
    out.grewTo(at);
  }

  private void startRow(TargetChain chain, int target, long timestampMillis, int flags) {
    out.putByte(LogFormat.ROW);
    out.putVarint(target);
    out.putByte(flags);
    out.putVarint(chain.rows++ & CHAIN_MASK);
    out.putZigzag(timestampMillis - baseMillis);
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
}
