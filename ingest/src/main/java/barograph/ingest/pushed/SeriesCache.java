package barograph.ingest.pushed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// From the 128-bit hash of a series' bytes to what the store calls it, for all senders together.
///
/// Open addressing in many small tables, so that one that grows or shrinks costs little room beside
/// the others. Whoever asks for an entry marks it; now and then each table is swept of those that
/// nobody has asked for since the last time (the clock algorithm). So it holds what is in use,
/// within its bound, and little else. Readers take no lock: an entry is published by its first half
/// and never changes its key afterwards.
final class SeriesCache {
  /// Nothing is known.
  static final long MISSING = -1;

  /// An entry that nobody asks for is forgotten after this time to twice this time.
  static final Duration KEPT = Duration.ofMinutes(20);

  static final int TABLES = 64;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int LEAST_SLOTS = 16;

  /// Set in a value that somebody has asked for since the last sweep.
  private static final long USED = 1L << 63;

  private final ReentrantLock writing = new ReentrantLock();
  private final LongSupplier nanoTime;
  private final int mostPerTable;
  private final AtomicReferenceArray<Table> tables = new AtomicReferenceArray<>(TABLES);

  private int nextToSweep;
  private volatile long nextSweep;

  /// Slots of three words: first half of the key (0: free), second half, value.
  private static final class Table {
    final long[] words;
    final int slots;
    int entries;

    Table(int slots) {
      this.slots = slots;
      words = new long[3 * slots];
    }

    private int slot(long first) {
      return (int) (((first >>> 32) * slots) >>> 32);
    }

    long get(long first, long second) {
      for (int slot = slot(first); ; slot = slot + 1 == slots ? 0 : slot + 1) {
        long key = (long) LONGS.getAcquire(words, 3 * slot);
        if (key == 0) {
          return MISSING;
        }
        if (key == first && words[3 * slot + 1] == second) {
          long value = (long) LONGS.getOpaque(words, 3 * slot + 2);
          if ((value & USED) == 0) {
            // Fails only if a new value has just come, which is as good without the mark.
            var _ = LONGS.compareAndSet(words, 3 * slot + 2, value, value | USED);
          }
          return value & ~USED;
        }
      }
    }

    void put(long first, long second, long value) {
      int slot = slot(first);
      while (words[3 * slot] != 0) {
        if (words[3 * slot] == first && words[3 * slot + 1] == second) {
          LONGS.setOpaque(words, 3 * slot + 2, value);
          return;
        }
        slot = slot + 1 == slots ? 0 : slot + 1;
      }
      words[3 * slot + 1] = second;
      LONGS.setOpaque(words, 3 * slot + 2, value);
      LONGS.setRelease(words, 3 * slot, first);
      entries++;
    }

    boolean full() {
      return 5 * (entries + 1) > 4 * slots;
    }

    int used() {
      int used = 0;
      for (int slot = 0; slot < slots; slot++) {
        used += words[3 * slot] != 0 && (long) LONGS.getOpaque(words, 3 * slot + 2) < 0 ? 1 : 0;
      }
      return used;
    }

    /// A table of `newSlots` slots with those entries whose value has all bits of `mark`, without
    /// these bits.
    Table copy(int newSlots, long mark) {
      var copy = new Table(Math.max(LEAST_SLOTS, newSlots));
      for (int slot = 0; slot < slots; slot++) {
        long value = (long) LONGS.getOpaque(words, 3 * slot + 2);
        if (words[3 * slot] != 0 && (value & mark) == mark) {
          copy.put(words[3 * slot], words[3 * slot + 1], value & ~mark);
        }
      }
      return copy;
    }
  }

  /// @param mostEntries how many series are remembered at least, if that many are in use, and at
  ///   most twice
  /// @param nanoTime as [System#nanoTime]
  SeriesCache(int mostEntries, LongSupplier nanoTime) {
    this.mostPerTable = Math.max(LEAST_SLOTS, mostEntries / TABLES);
    this.nanoTime = nanoTime;
    for (int i = 0; i < TABLES; i++) {
      tables.set(i, new Table(LEAST_SLOTS));
    }
    nextSweep = nanoTime.getAsLong() + KEPT.toNanos();
  }

  private static int tableOf(long second) {
    return (int) (second >>> 58);
  }

  /// The value kept for this hash, or [#MISSING].
  long get(long first, long second) {
    return tables.get(tableOf(second)).get(first == 0 ? 1 : first, second);
  }

  /// The values kept for the first `count` hashes, whose halves stand in turn, or [#MISSING].
  void get(long[] hashes, int count, long[] values) {
    for (int i = 0; i < count; i++) {
      values[i] = get(hashes[2 * i], hashes[2 * i + 1]);
    }
  }

  /// Keeps `value`, which is not negative, in place of what was kept.
  void put(long first, long second, long value) {
    writing.lock();
    try {
      int at = tableOf(second);
      if (tables.get(at).full()) {
        makeRoom(at);
      }
      tables.get(at).put(first == 0 ? 1 : first, second, value);
    } finally {
      writing.unlock();
    }
  }

  private void makeRoom(int at) {
    Table full = tables.get(at);
    if (full.entries >= mostPerTable) {
      int used = full.used();
      full = used >= 2 * mostPerTable ? new Table(LEAST_SLOTS) : full.copy(2 * used, USED);
    }
    tables.set(at, full.full() ? full.copy(full.slots + full.slots / 2, 0) : full);
  }

  /// Forgets, a little at a time, what nobody asks for. Call it now and then; it mostly returns at
  /// once.
  void tidy() {
    if (nanoTime.getAsLong() - nextSweep < 0 || !writing.tryLock()) {
      return;
    }
    try {
      nextSweep = nanoTime.getAsLong() + KEPT.dividedBy(TABLES).toNanos();
      Table table = tables.get(nextToSweep);
      tables.set(nextToSweep, table.copy(table.used() * 3 / 2, USED));
      nextToSweep = (nextToSweep + 1) % TABLES;
    } finally {
      writing.unlock();
    }
  }

  /// Entries that are kept.
  int size() {
    int size = 0;
    writing.lock();
    try {
      for (int i = 0; i < TABLES; i++) {
        size += tables.get(i).entries;
      }
    } finally {
      writing.unlock();
    }
    return size;
  }

  /// Bytes of heap that the tables take.
  long bytes() {
    long bytes = 0;
    for (int i = 0; i < TABLES; i++) {
      bytes += 8L * tables.get(i).words.length;
    }
    return bytes;
  }
}
