package barograph.storage.head;

import static barograph.storage.head.Series.BYTE;
import static barograph.storage.head.Series.INT;
import static barograph.storage.head.Series.LONG;
import static barograph.storage.head.Series.SHORT;

import java.lang.foreign.MemorySegment;

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
    MemorySegment record = head.cells.slab(cell);
    long at = Cells.offset(cell);
    flags = Series.flags(record, at);
    if ((flags & Series.ALIVE) == 0) {
      return;
    }
    alive = true;
    target = record.get(INT, at + Series.TARGET);
    rows = Series.rows(record, at);
    holes = Series.holes(record, at);
    lead = record.get(SHORT, at + Series.LEAD);
    lastBits = record.get(LONG, at + Series.LAST_BITS);
    mantissa = record.get(LONG, at + Series.MANTISSA);
    width = record.get(BYTE, at + Series.WIDTH);
    exponent = record.get(BYTE, at + Series.EXPONENT);
    xorLead = record.get(BYTE, at + Series.XOR_LEAD);
    xorLength = record.get(BYTE, at + Series.XOR_LENGTH);
    firstRow = record.get(INT, at + Series.FIRST_ROW);
    newestChunk = record.get(INT, at + Series.CHUNK);
    accumulated = record.get(BYTE, at + BitStream.ACCUMULATED);
    wordCount = 0;
    int own = record.get(INT, at + Series.OWN_TIMES);
    if (own != 0) {
      MemorySegment times = head.cells.slab(own);
      long timesAt = Cells.offset(own);
      hasOwnTimes = true;
      firstTime = times.get(LONG, timesAt + Series.FIRST_TIME);
      lastTime = times.get(LONG, timesAt + Series.LAST_TIME);
      lastStep = times.get(LONG, timesAt + Series.LAST_STEP);
      timeWidth = times.get(BYTE, timesAt + Series.WIDTH);
      timeAccumulated = times.get(BYTE, timesAt + BitStream.ACCUMULATED);
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
  void restore(Head head, MemorySegment record, long at) {
    record.set(BYTE, at + Series.FLAGS, (byte) flags);
    record.set(SHORT, at + Series.ROWS, (short) (holes << Series.ROW_BITS | rows));
    record.set(SHORT, at + Series.LEAD, (short) lead);
    record.set(LONG, at + Series.LAST_BITS, lastBits);
    record.set(LONG, at + Series.MANTISSA, mantissa);
    record.set(BYTE, at + Series.WIDTH, (byte) width);
    record.set(BYTE, at + Series.EXPONENT, (byte) exponent);
    record.set(BYTE, at + Series.XOR_LEAD, (byte) xorLead);
    record.set(BYTE, at + Series.XOR_LENGTH, (byte) xorLength);
    record.set(INT, at + Series.FIRST_ROW, firstRow);
    record.set(INT, at + Series.CHUNK, newestChunk);
    BitStream.restore(head.cells, record, at, words, wordCount, accumulated);
    if (hasOwnTimes) {
      int own = head.cells.allocate();
      MemorySegment times = head.cells.slab(own);
      long timesAt = Cells.offset(own);
      times.asSlice(timesAt, Cells.BYTES).fill((byte) 0);
      times.set(LONG, timesAt + Series.FIRST_TIME, firstTime);
      times.set(LONG, timesAt + Series.LAST_TIME, lastTime);
      times.set(LONG, timesAt + Series.LAST_STEP, lastStep);
      times.set(BYTE, timesAt + Series.WIDTH, (byte) timeWidth);
      BitStream.restore(head.cells, times, timesAt, timeWords, timeWordCount, timeAccumulated);
      record.set(INT, at + Series.OWN_TIMES, own);
    }
  }
}
