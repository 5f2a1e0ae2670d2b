package barograph.storage.head;

import static barograph.storage.head.Series.INT;
import static barograph.storage.head.Series.LONG;
import static barograph.storage.head.Series.SHORT;

import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.IntColumnDecoder;
import barograph.storage.model.SampleColumns;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads series of the head while the writer goes on. One thread at a time; keep it for many reads.
public final class HeadReader {
  private final Head head;
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final IntColumnDecoder columns = new IntColumnDecoder();
  private final List<ChunkHead> chain = new ArrayList<>();

  // The copy of the open stream.
  private final long[] words = new long[BitStream.MAX_WORDS];
  private final long[] timeWords = new long[BitStream.MAX_WORDS];
  private int target;
  private int rows;
  private int lead;
  private long lastBits;
  private int firstRow;
  private int newestChunk;
  private boolean ownTimes;
  private long firstOwnTime;

  HeadReader(Head head) {
    this.head = head;
  }

  /// Appends the samples of series `ref` from `from` to `to`, both included, to `into`; none if the
  /// series is gone.
  ///
  /// @throws CorruptHeadException if a sealed chunk is damaged; the samples behind it are in `into`
  ///   then
  public void read(int ref, long from, long to, SampleColumns into) {
    copyOpenStream(ref);
    int depth = 0;
    CorruptHeadException damage = null;
    try {
      depth = follow(ref, from);
    } catch (CorruptHeadException e) {
      depth = followed;
      damage = e;
    }
    for (int i = depth - 1; i >= 0; i--) {
      if (chain.get(i).minTime <= to) {
        try {
          addChunk(chain.get(i), from, to, into);
        } catch (CorruptChunkException e) {
          damage =
              new CorruptHeadException(
                  "chunk of series %d at %d: %s"
                      .formatted(ref, chain.get(i).minTime, e.getMessage()));
        }
      }
    }
    addOpenStream(from, to, into);
    if (damage != null) {
      throw damage;
    }
  }

  private void copyOpenStream(int ref) {
    while (true) {
      int version = head.versions.beginRead(ref);
      try {
        copyFields(ref);
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

  private void copyFields(int ref) {
    int cell = head.table.cell(ref);
    rows = 0;
    newestChunk = 0;
    if (cell == 0) {
      return;
    }
    MemorySegment record = head.cells.slab(cell);
    long at = Cells.offset(cell);
    if ((Series.flags(record, at) & Series.ALIVE) == 0) {
      return;
    }
    target = record.get(INT, at + Series.TARGET);
    rows = Series.rows(record, at);
    lead = record.get(SHORT, at + Series.LEAD);
    lastBits = record.get(LONG, at + Series.LAST_BITS);
    firstRow = record.get(INT, at + Series.FIRST_ROW);
    newestChunk = record.get(INT, at + Series.CHUNK);
    int own = record.get(INT, at + Series.OWN_TIMES);
    ownTimes = own != 0;
    BitStream.copy(head.cells, record, at, words);
    if (own != 0) {
      MemorySegment times = head.cells.slab(own);
      long timesAt = Cells.offset(own);
      firstOwnTime = times.get(LONG, timesAt + Series.FIRST_TIME);
      BitStream.copy(head.cells, times, timesAt, timeWords);
    }
  }

  private int followed;

  /// Loads the sealed chunks from the newest back to `from`, and gives their number.
  private int follow(int ref, long from) {
    followed = 0;
    int number = newestChunk;
    while (number != 0) {
      if (followed == chain.size()) {
        chain.add(new ChunkHead());
      }
      ChunkHead chunk = chain.get(followed);
      if (!head.sealed.read(number, ref, chunk) || chunk.maxTime < from) {
        break;
      }
      followed++;
      if (chunk.minTime <= from) {
        break;
      }
      number = chunk.before;
    }
    return followed;
  }

  private void addChunk(ChunkHead chunk, long from, long to, SampleColumns into) {
    if (chunk.rows < 1 || chunk.rows > Head.MOST_ROWS) {
      throw new CorruptChunkException(
          "%d samples, expected 1 to %d".formatted(chunk.rows, Head.MOST_ROWS));
    }
    into.reserve(chunk.rows);
    int at = into.size();
    int valuesFrom = SealedChunks.HEADER_BYTES;
    chunks.decode(chunk.bytes, valuesFrom, chunk.valueBytes, chunk.rows, into.values(), at);
    if (chunk.hasOwnTimes()) {
      columns.decode(
          chunk.bytes,
          valuesFrom + chunk.valueBytes,
          chunk.timeBytes,
          chunk.rows,
          into.timestamps(),
          at);
      clip(at, 0, chunk.rows, from, to, into);
    } else {
      clip(at, sharedTimes(chunk.firstRow, chunk.rows, into, at), chunk.rows, from, to, into);
    }
  }

  private void addOpenStream(long from, long to, SampleColumns into) {
    if (rows == 0) {
      return;
    }
    into.reserve(rows);
    int at = into.size();
    int dropped = 0;
    if (ownTimes) {
      TimeStream.decode(timeWords, rows, firstOwnTime, into.timestamps(), at);
    } else {
      dropped = sharedTimes(firstRow, rows, into, at);
    }
    if (dropped == rows || into.timestamps()[at + rows - 1] < from) {
      return;
    }
    ValueStream.decode(words, rows, lead, lastBits, into.values(), at);
    clip(at, dropped, rows, from, to, into);
  }

  /// Puts the times of those rows at `at` in `into`; gives how many of the first rows the target
  /// has dropped.
  private int sharedTimes(int first, int count, SampleColumns into, int at) {
    TargetTimes.Column column = head.target(target).column();
    int dropped = Math.clamp(column.base() - first, 0, count);
    System.arraycopy(
        column.times(),
        first + dropped - column.base(),
        into.timestamps(),
        at + dropped,
        count - dropped);
    return dropped;
  }

  /// Keeps of the samples `[first, count)` behind `at` those from `from` to `to`.
  private static void clip(int at, int first, int count, long from, long to, SampleColumns into) {
    long[] times = into.timestamps();
    int begin = at + first;
    int end = at + count;
    if (begin < end && times[begin] < from) {
      int found = Arrays.binarySearch(times, begin, end, from);
      begin = found < 0 ? -found - 1 : found;
    }
    if (begin < end && times[end - 1] > to) {
      int found = Arrays.binarySearch(times, begin, end, to);
      end = found < 0 ? -found - 1 : found + 1;
    }
    int kept = end - begin;
    if (begin > at && kept > 0) {
      System.arraycopy(times, begin, times, at, kept);
      System.arraycopy(into.values(), begin, into.values(), at, kept);
    }
    into.grewTo(at + kept);
  }
}
