package barograph.storage.head;

import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.IntColumnDecoder;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.Arrays;

/// Reads series of the head while the writer goes on. One thread at a time; keep it for many reads.
public final class HeadReader {
  private final Head head;
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final IntColumnDecoder columns = new IntColumnDecoder();
  private final ChunkChain chain;

  private final HistogramStreams.Reader histograms;
  private final StreamCopy open = new StreamCopy();
  private final Holes holes = new Holes();

  /// Whether nobody asks for the values of the samples that are being read.
  private boolean onlyTimes;

  HeadReader(Head head) {
    this.head = head;
    this.chain = new ChunkChain(head.sealed);
    this.histograms = head.histograms.new Reader();
  }

  /// Merges the samples of series `ref` from `from` to `to`, both included, into `into`, where they
  /// stay if others have the same time; none if the series is gone.
  ///
  /// @param floor only late samples are given from before this time
  /// @throws CorruptHeadException if a sealed chunk is damaged; all others are in `into` then
  public void read(int ref, long floor, long from, long to, SampleColumns into) {
    open.take(head, ref, to);
    try {
      readInOrder(ref, Math.max(from, floor), to, into);
    } finally {
      open.late.mergeInto(from, to, into);
    }
  }

  /// The same with all that the head has.
  public void read(int ref, long from, long to, SampleColumns into) {
    read(ref, Long.MIN_VALUE, from, to, into);
  }

  /// The same without the late samples that have not been set apart ([LateSamples#settle]): what a
  /// block is made of.
  public void readSettling(int ref, long from, long to, SampleColumns into) {
    open.take(head, ref, to);
    try {
      readInOrder(ref, from, to, into);
    } finally {
      open.late.mergeSettlingInto(from, to, into);
    }
  }

  /// The same times, and the histograms; the floats beside the times may be anything.
  public void readTimesSettling(int ref, long from, long to, SampleColumns into) {
    onlyTimes = true;
    try {
      readSettling(ref, from, to, into);
    } finally {
      onlyTimes = false;
    }
  }

  /// None but the late samples that have been set apart.
  public void readLateSettling(int ref, long from, long to, SampleColumns into) {
    open.take(head, ref);
    open.late.mergeSettlingInto(from, to, into);
  }

  private void readInOrder(int ref, long from, long to, SampleColumns into) {
    int before = into.size();
    int histogramsBefore = into.histogramCount();
    if (from > to) {
      return;
    }
    long openFrom = open.firstTime(head);
    chain.follow(ref, open.newestChunk, from, openFrom);
    CorruptHeadException damage = chain.damage();
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (chain.get(i).minTime <= to) {
        try {
          addChunk(chain.get(i), from, to, into);
        } catch (CorruptChunkException | IndexOutOfBoundsException e) {
          damage =
              new CorruptHeadException(
                  "chunk of series %d at %d: %s"
                      .formatted(ref, chain.get(i).minTime, e.getMessage()),
                  new TimeRange(chain.get(i).minTime, chain.get(i).maxTime));
        }
      }
    }
    try {
      if (open.hasWords) {
        addOpenStream(from, to, into);
      }
    } catch (CorruptChunkException | IndexOutOfBoundsException | IllegalStateException e) {
      damage =
          new CorruptHeadException("open stream of series %d: %s".formatted(ref, e.getMessage()));
    }
    if (open.alive && (open.flags & Series.HISTOGRAMS) != 0) {
      try {
        histograms.read(ref, from, to, into.histograms());
      } catch (CorruptHeadException e) {
        damage = e;
      }
    }
    head.tombstones().apply(ref, into, before, histogramsBefore);
    into.mergeFrom(before, histogramsBefore);
    if (damage != null) {
      throw damage;
    }
  }

  private void addChunk(ChunkHead chunk, long from, long to, SampleColumns into) {
    chunk.checkRows();
    into.reserve(chunk.span());
    int at = into.size();
    int valuesFrom = SealedChunks.HEADER_BYTES;
    if (!onlyTimes) {
      chunks.decode(chunk.bytes, valuesFrom, chunk.valueBytes, chunk.rows, into.values(), at);
    }
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
      int dropped = sharedTimes(chunk.firstRow, chunk.span(), into, at);
      if (chunk.holes > 0) {
        chunk.readHoles(holes);
        dropped = squeeze(dropped, chunk.span(), into, at);
      }
      clip(at, dropped, chunk.rows, from, to, into);
    }
  }

  private void addOpenStream(long from, long to, SampleColumns into) {
    int rows = open.rows;
    if (rows == 0) {
      return;
    }
    into.reserve(rows);
    int at = into.size();
    int dropped = 0;
    if (open.hasOwnTimes) {
      TimeStream.decode(open.timeWords, rows, open.firstTime, into.timestamps(), at);
    } else {
      dropped = sharedTimes(open.firstRow, rows, into, at);
    }
    if (dropped == rows || into.timestamps()[at + rows - 1] < from) {
      return;
    }
    int present =
        ValueStream.decode(
            open.words, rows, open.lead, open.lastBits, into.values(), at, holes.clear());
    if (present < rows) {
      dropped = squeeze(dropped, rows, into, at);
    }
    clip(at, dropped, present, from, to, into);
  }

  /// Takes the holes out of the times of `rows` rows at `at`; gives how many of the first `dropped`
  /// are left.
  private int squeeze(int dropped, int rows, SampleColumns into, int at) {
    holes.squeeze(into.timestamps(), at, rows);
    return dropped - holes.before(dropped);
  }

  /// Puts the times of those rows at `at` in `into`; gives how many of the first rows the target
  /// has dropped.
  private int sharedTimes(int first, int count, SampleColumns into, int at) {
    TargetTimes.Column column = head.target(open.target).column();
    int dropped = Math.clamp((long) column.base() - first, 0, count);
    if (dropped == count) {
      return count;
    }
    if (first + count - column.base() > column.times().length) {
      throw new CorruptChunkException(
          "rows %d to %d, expected at most %d"
              .formatted(first, first + count, column.base() + column.times().length));
    }
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
