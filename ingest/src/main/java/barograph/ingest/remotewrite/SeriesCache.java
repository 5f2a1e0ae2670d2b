package barograph.ingest.remotewrite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/// From the 128-bit hash of a series' bytes to what the store calls it, for all senders together.
///
/// Two generations of an open-addressing table: what is asked for in the old one moves to the new,
/// and when the new one is full it becomes the old. So it holds what is in use, within its bound,
/// without a list of uses. Readers take no lock: an entry is published by its first half and never
/// changes its key afterwards.
final class SeriesCache {
  /// Nothing is known.
  static final long MISSING = -1;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int LEAST_SLOTS = 1 << 12;

  private final ReentrantLock writing = new ReentrantLock();
  private final int mostEntries;
  private volatile Table young = new Table(LEAST_SLOTS);
  private volatile Table old = new Table(LEAST_SLOTS);

  /// Slots of three words: first half of the key (0: free), second half, value.
  private static final class Table {
    final long[] words;
    final int mask;
    int entries;

    Table(int slots) {
      words = new long[3 * slots];
      mask = slots - 1;
    }

    long get(long first, long second) {
      for (int slot = (int) first & mask; ; slot = (slot + 1) & mask) {
        long key = (long) LONGS.getAcquire(words, 3 * slot);
        if (key == 0) {
          return MISSING;
        }
        if (key == first && words[3 * slot + 1] == second) {
          return (long) LONGS.getOpaque(words, 3 * slot + 2);
        }
      }
    }

    void put(long first, long second, long value) {
      int slot = (int) first & mask;
      while (words[3 * slot] != 0) {
        if (words[3 * slot] == first && words[3 * slot + 1] == second) {
          LONGS.setOpaque(words, 3 * slot + 2, value);
          return;
        }
        slot = (slot + 1) & mask;
      }
      words[3 * slot + 1] = second;
      LONGS.setOpaque(words, 3 * slot + 2, value);
      LONGS.setRelease(words, 3 * slot, first);
      entries++;
    }

    boolean full() {
      return 2 * entries > mask;
    }
  }

  /// @param mostEntries how many series are remembered at least half of, and at most twice
  SeriesCache(int mostEntries) {
    this.mostEntries = mostEntries;
  }

  /// The value kept for this hash, or [#MISSING].
  long get(long first, long second) {
    long key = first == 0 ? 1 : first;
    long value = young.get(key, second);
    if (value != MISSING) {
      return value;
    }
    value = old.get(key, second);
    if (value != MISSING) {
      put(first, second, value);
    }
    return value;
  }

  /// Keeps `value`, which is not [#MISSING], in place of what was kept.
  void put(long first, long second, long value) {
    writing.lock();
    try {
      if (young.full()) {
        grow();
      }
      young.put(first == 0 ? 1 : first, second, value);
    } finally {
      writing.unlock();
    }
  }

  private void grow() {
    Table full = young;
    int slots = full.mask + 1;
    if (full.entries >= mostEntries || slots >= 1 << 26) {
      old = full;
      young = new Table(slots);
      return;
    }
    var larger = new Table(2 * slots);
    for (int slot = 0; slot < slots; slot++) {
      if (full.words[3 * slot] != 0) {
        larger.put(full.words[3 * slot], full.words[3 * slot + 1], full.words[3 * slot + 2]);
      }
    }
    young = larger;
  }

  /// Entries in both generations.
  int size() {
    writing.lock();
    try {
      return young.entries + old.entries;
    } finally {
      writing.unlock();
    }
  }
}
