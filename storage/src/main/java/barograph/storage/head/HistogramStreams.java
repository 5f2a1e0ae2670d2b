package barograph.storage.head;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.HistogramDecoder;
import barograph.storage.chunk.HistogramEncoder;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.TimeRange;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The native histograms of the head's series: for each series that has any an open stream, and
/// sealed chunks in the head files that hang together as those of its floats do.
///
/// One writer changes it; readers take no lock and never make it wait.
public final class HistogramStreams {
  /// Histograms after which a stream is sealed.
  private static final int SEAL_ROWS = 120;

  /// Bytes after which it is, however few they are: a head file has room for many such chunks.
  private static final int SEAL_BYTES = 1 << 15;

  private final Head head;
  private final SealedChunks sealed;
  private final Map<Integer, OpenHistograms> streams = new ConcurrentHashMap<>();
  private final LongAdder bytes = new LongAdder();

  // The writer's own.
  private final HistogramEncoder encoder = new HistogramEncoder(false);
  private final ByteSink row = new ByteSink();
  private final ByteSink chunkBytes = new ByteSink();
  private final ByteSink noTimes = new ByteSink(0);
  private final HistogramColumns columns = new HistogramColumns();
  private final ChunkHead chunk = new ChunkHead();

  HistogramStreams(Head head) {
    this.head = head;
    this.sealed = head.sealed;
  }

  /// Offers one histogram, which must be later than all that its series has, of whatever kind.
  /// Writer only.
  public Appended offer(int ref, long timestamp, Histogram histogram) {
    if (!head.table.isAlive(ref)) {
      return Appended.UNKNOWN;
    }
    long lastFloat = head.floats.lastTime(ref);
    if (timestamp <= lastFloat) {
      return timestamp < lastFloat ? Appended.OUT_OF_ORDER : Appended.CONTRADICTING;
    }
    Appended outcome = append(ref, timestamp, histogram);
    // One that was deleted cannot come again: it would be accepted and never seen.
    return outcome == Appended.REPEATED && head.tombstones().covers(ref, timestamp)
        ? Appended.OUT_OF_ORDER
        : outcome;
  }

  /// Takes over a histogram that the log knows; one that is here already changes nothing.
  ///
  /// @return false if its series is unknown
  boolean restore(int ref, long timestamp, Histogram histogram) {
    if (!head.table.isAlive(ref)) {
      return false;
    }
    append(ref, timestamp, histogram);
    return true;
  }

  /// Whether a float of that time cannot be taken because of the series' histograms. Writer only.
  ///
  /// @return null if it can
  @Nullable Appended inTheWayOf(int ref, long timestamp) {
    long last = lastTime(ref);
    return timestamp > last
        ? null
        : timestamp < last ? Appended.OUT_OF_ORDER : Appended.CONTRADICTING;
  }

  private Appended append(int ref, long timestamp, Histogram histogram) {
    OpenHistograms now = streams.get(ref);
    if (now != null && timestamp <= now.lastTime()) {
      return timestamp < now.lastTime()
          ? Appended.OUT_OF_ORDER
          : now.last().equals(histogram) ? Appended.REPEATED : Appended.CONTRADICTING;
    }
    if (timestamp < head.floor()) {
      return Appended.TOO_OLD;
    }
    if (now == null) {
      put(ref, null, OpenHistograms.first(timestamp, histogram, row));
    } else if (now.rows() >= SEAL_ROWS || now.length() >= SEAL_BYTES) {
      put(ref, now, now.behind(seal(ref, now)).with(timestamp, histogram, row));
    } else {
      put(ref, now, now.with(timestamp, histogram, row));
    }
    took(ref, timestamp);
    return Appended.STORED;
  }

  /// Notes that a living series has a histogram.
  private void took(int ref, long timestamp) {
    int cell = head.table.cell(ref);
    ByteBuffer record = head.cells.slab(cell);
    int flagsAt = Cells.offset(cell) + Series.FLAGS;
    int flags = record.get(flagsAt);
    record.put(flagsAt, (byte) ((flags | Series.HISTOGRAMS) & ~Series.IDLE));
    head.bounds.took(timestamp);
  }

  private void put(int ref, @Nullable OpenHistograms before, OpenHistograms after) {
    bytes.add(after.heapBytes() - (before == null ? 0 : before.heapBytes()));
    streams.put(ref, after);
  }

  /// Seals the open rows and gives the newest chunk.
  private int seal(int ref, OpenHistograms open) {
    open.decode(columns.clear());
    int newest = open.newestChunk();
    for (int from = 0; from < columns.size(); ) {
      int count = HistogramEncoder.fitting(columns, from);
      encoder.encode(columns, from, count, chunkBytes.clear());
      chunk.ref = ref;
      chunk.before = newest;
      chunk.minTime = columns.timestamps()[from];
      chunk.maxTime = columns.timestamps()[from + count - 1];
      chunk.firstRow = 0;
      chunk.rows = count;
      chunk.holes = 0;
      newest = sealed.append(chunk, chunkBytes, noTimes);
      from += count;
    }
    columns.clear();
    return newest;
  }

  /// Time of the newest histogram of a series; [Long#MIN_VALUE] if it has none.
  long lastTime(int ref) {
    OpenHistograms now = streams.get(ref);
    return now == null ? Long.MIN_VALUE : now.lastTime();
  }

  /// Has a series let go of its histograms if all lie before `settled`, and of sealed ones whose
  /// file may be dropped. Writer only.
  void truncate(int ref, long settled) {
    OpenHistograms now = streams.get(ref);
    if (now == null) {
      return;
    }
    if (now.lastTime() < settled) {
      put(ref, now, now.behind(0));
    } else if (now.newestChunk() != 0 && sealed.isGoneBefore(now.newestChunk(), settled)) {
      put(ref, now, now.withoutChunks());
    }
  }

  /// Forgets a series. Writer only.
  void forget(int ref) {
    OpenHistograms now = streams.remove(ref);
    if (now != null) {
      bytes.add(-now.heapBytes());
    }
  }

  /// Puts back what a checkpoint has kept.
  ///
  /// @throws CorruptChunkException if it makes no sense
  void restore(int ref, OpenHistograms kept) {
    kept.decode(columns.clear());
    columns.clear();
    put(ref, null, kept);
    took(ref, kept.lastTime());
  }

  /// All series that have any, each as some moment sees it. Any thread.
  Set<Map.Entry<Integer, OpenHistograms>> all() {
    return streams.entrySet();
  }

  /// Bytes of what is open, on the heap.
  long bytes() {
    return bytes.sum();
  }

  /// Reads the histograms of series, one thread at a time.
  final class Reader {
    private final HistogramDecoder decoder = new HistogramDecoder();
    private final HistogramColumns open = new HistogramColumns();
    private final ChunkChain chain = new ChunkChain(sealed);

    /// Adds the histograms of series `ref` from `from` to `to`, both included, to `into`.
    ///
    /// @throws CorruptHeadException if something is damaged; what is not is in `into` then
    void read(int ref, long from, long to, HistogramColumns into) {
      OpenHistograms now = streams.get(ref);
      if (now == null) {
        return;
      }
      chain.follow(ref, now.newestChunk(), from, Long.MAX_VALUE);
      CorruptHeadException damage = chain.damage();
      var range = new TimeRange(from, to);
      for (int i = chain.size() - 1; i >= 0; i--) {
        CorruptHeadException found = addChunk(ref, chain.get(i), range, into);
        damage = found == null ? damage : found;
      }
      try {
        now.decode(open.clear());
        for (int i = 0; i < open.size(); i++) {
          if (range.contains(open.timestamps()[i])) {
            into.add(open.timestamps()[i], open.histogram(i));
          }
        }
        open.clear();
      } catch (CorruptChunkException e) {
        damage =
            new CorruptHeadException(
                "open histograms of series %d: %s".formatted(ref, e.getMessage()));
      }
      if (damage != null) {
        throw damage;
      }
    }

    private @Nullable CorruptHeadException addChunk(
        int ref, ChunkHead found, TimeRange range, HistogramColumns into) {
      if (found.minTime > range.endMillis()) {
        return null;
      }
      try {
        decoder.decode(
            found.bytes, SealedChunks.HEADER_BYTES, found.valueBytes, found.rows, range, into);
        return null;
      } catch (CorruptChunkException e) {
        return new CorruptHeadException(
            "histograms of series %d at %d: %s".formatted(ref, found.minTime, e.getMessage()),
            new TimeRange(found.minTime, found.maxTime));
      }
    }
  }
}
