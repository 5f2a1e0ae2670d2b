package barograph.storage.head;

import java.nio.ByteBuffer;

/// A series' record and open stream as they were at one moment, copied while the writer goes on.
final class StreamCopy {
  boolean alive;
  int flags;
  int target;
  int rows;
  int holes;
  int lead;
  long lastBits;
  long mantissa;
  int width;
  int exponent;
  int xorLead;
  int xorLength;
  int firstRow;
  int newestChunk;
  int accumulated;

  /// Whether the stream's bits were copied: false if it begins after what was asked for.
  boolean hasWords;

  int wordCount;
  final long[] words = new long[BitStream.MAX_WORDS];

  boolean hasOwnTimes;
  long firstTime;
  long lastTime;
  long lastStep;
  int timeWidth;
  int timeAccumulated;
  int timeWordCount;
  final long[] timeWords = new long[BitStream.MAX_WORDS];

  final LateCopy late = new LateCopy();

  /// Copies series `ref`; without rows and chunks if it is gone.
  void take(Head head, int ref) {
    take(head, ref, Long.MAX_VALUE);
  }

  /// The same without the bits of an open stream that begins after `to`.
  void take(Head head, int ref, long to) {
    while (true) {
      int version = head.versions.beginRead(ref);
      try {
        copy(head, ref, to);
      } catch (IndexOutOfBoundsException e) {
        // A number that was half written led astray; if it was not, the error is ours.
        if (head.versions.isValid(ref, version)) {
          throw e;
        }
        continue;
      }
      if (head.versions.isValid(ref, version)) {
        return;
      }
    }
  }

  private void copy(Head head, int ref, long to) {
    int cell = head.table.cell(ref);
    alive = false;
    rows = 0;
    holes = 0;
    newestChunk = 0;
    hasOwnTimes = false;
    late.clear();
    if (cell == 0) {
      return;
    }
    ByteBuffer record = head.cells.slab(cell);
    int at = Cells.offset(cell);
    flags = Series.flags(record, at);
    if ((flags & Series.ALIVE) == 0) {
      return;
    }
    alive = true;
    target = record.getInt(at + Series.TARGET);
    rows = Series.rows(record, at);
    holes = Series.holes(record, at);
    lead = record.getShort(at + Series.LEAD);
    lastBits = record.getLong(at + Series.LAST_BITS);
    mantissa = record.getLong(at + Series.MANTISSA);
    width = record.get(at + Series.WIDTH);
    exponent = record.get(at + Series.EXPONENT);
    xorLead = record.get(at + Series.XOR_LEAD);
    xorLength = record.get(at + Series.XOR_LENGTH);
    firstRow = record.getInt(at + Series.FIRST_ROW);
    newestChunk = record.getInt(at + Series.CHUNK);
    accumulated = record.get(at + BitStream.ACCUMULATED);
    wordCount = 0;
    int own = record.getInt(at + Series.OWN_TIMES);
    if (own != 0) {
      ByteBuffer times = head.cells.slab(own);
      int timesAt = Cells.offset(own);
      hasOwnTimes = true;
      firstTime = times.getLong(timesAt + Series.FIRST_TIME);
      lastTime = times.getLong(timesAt + Series.LAST_TIME);
      lastStep = times.getLong(timesAt + Series.LAST_STEP);
      timeWidth = times.get(timesAt + Series.WIDTH);
      timeAccumulated = times.get(timesAt + BitStream.ACCUMULATED);
      timeWordCount = BitStream.copy(head.cells, times, timesAt, timeWords);
    }
    long begin = firstTime(head);
    hasWords = begin <= to || begin == Long.MAX_VALUE;
    if (hasWords) {
      wordCount = BitStream.copy(head.cells, record, at, words);
    }
    head.late().copy(ref, late);
  }

  /// Time of the first sample of the open stream, so far as it is known; [Long#MAX_VALUE] if there
  /// is none.
  long firstTime(Head head) {
    if (rows == 0) {
      return Long.MAX_VALUE;
    }
    if (hasOwnTimes) {
      return firstTime;
    }
    TargetTimes.Column column = head.target(target).column();
    int row = Math.max(firstRow, column.base());
    return row - column.base() < column.times().length ? column.time(row) : Long.MAX_VALUE;
  }

  /// Leaves nothing but that the series exists.
  void forgetSamples() {
    flags = Series.ALIVE;
    rows = 0;
    holes = 0;
    lead = 0;
    firstRow = 0;
    newestChunk = 0;
    hasOwnTimes = false;
    wordCount = 1;
    words[0] = 0;
    accumulated = 0;
  }

  /// Puts everything back into the record at `at`, which is that of a new series.
  void restore(Head head, ByteBuffer record, int at) {
    record.put(at + Series.FLAGS, (byte) flags);
    record.putShort(at + Series.ROWS, (short) (holes << Series.ROW_BITS | rows));
    record.putShort(at + Series.LEAD, (short) lead);
    record.putLong(at + Series.LAST_BITS, lastBits);
    record.putLong(at + Series.MANTISSA, mantissa);
    record.put(at + Series.WIDTH, (byte) width);
    record.put(at + Series.EXPONENT, (byte) exponent);
    record.put(at + Series.XOR_LEAD, (byte) xorLead);
    record.put(at + Series.XOR_LENGTH, (byte) xorLength);
    record.putInt(at + Series.FIRST_ROW, firstRow);
    record.putInt(at + Series.CHUNK, newestChunk);
    BitStream.restore(head.cells, record, at, words, wordCount, accumulated);
    if (hasOwnTimes) {
      int own = head.cells.allocate();
      ByteBuffer times = head.cells.slab(own);
      int timesAt = Cells.offset(own);
      head.cells.clear(own);
      times.putLong(timesAt + Series.FIRST_TIME, firstTime);
      times.putLong(timesAt + Series.LAST_TIME, lastTime);
      times.putLong(timesAt + Series.LAST_STEP, lastStep);
      times.put(timesAt + Series.WIDTH, (byte) timeWidth);
      BitStream.restore(head.cells, times, timesAt, timeWords, timeWordCount, timeAccumulated);
      record.putInt(at + Series.OWN_TIMES, own);
    }
  }
}
