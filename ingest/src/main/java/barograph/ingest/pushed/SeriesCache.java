package barograph.ingest.pushed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// From the 128-bit hash of a series' bytes to what the store calls it, for all senders together.
///
/// Entries stand in pages in the order in which they came. Senders repeat their series in the same
/// order, so the entry behind the one that was found last is tried first: memory is read in line,
/// and nothing is searched. Otherwise an entry is found by open addressing, in many small tables,
/// so that one that grows or shrinks costs little room beside the others.
///
/// Whoever asks for an entry marks it; now and then each table is swept of those that nobody has
/// asked for since the last time (the clock algorithm), and pages that have become sparse are given
/// up. So it holds what is in use, within its bound, and little else. Readers take no lock: an
/// entry is published by its first word, never gets another key, and a page is never used again.
final class SeriesCache {
  /// Nothing is known.
  static final long MISSING = -1;

  /// An entry that nobody asks for is forgotten after this time to twice this time.
  static final Duration KEPT = Duration.ofMinutes(20);

  static final int TABLES = 64;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int LEAST_SLOTS = 16;

  /// Entries of a page; each is three words: first half of the key (0: none), second half, value.
  private static final int PAGE = 512;

  private static final int WORDS = 3;

  /// A closed page with fewer entries left is given up.
  private static final int SPARSE = PAGE / 4;

  private static final int NONE = -1;

  /// Set in a value that somebody has asked for since the last sweep.
  private static final long USED = 1L << 63;

  private final ReentrantLock writing = new ReentrantLock();
  private final LongSupplier nanoTime;
  private final int mostPerTable;

  /// In each slot one more than the number of an entry, below the upper half of its key's first
  /// word, so that a search looks at hardly any entry but the right one; 0: free.
  private final AtomicReferenceArray<long[]> tables = new AtomicReferenceArray<>(TABLES);

  private final int[] entries = new int[TABLES];

  /// Replaced as a whole whenever a page comes or goes; a page's number is its place.
  private volatile long[] @Nullable [] pages = {};

  /// For each page, how many entries it still has.
  private int[] alive = {};

  /// The page that takes new entries, and how many it has had.
  private int open = NONE;

  private int filled = PAGE;

  private int nextToSweep;
  private volatile long nextSweep;

  /// Where a reader found something last. One thread at a time.
  static final class Cursor {
    private static final long[] NOWHERE = {};

    private long[] page = NOWHERE;

    /// The page's number, and the word of it that comes next.
    private int number;

    private int word;

    private boolean isAt(long first, long second) {
      return word < page.length
          && (long) LONGS.getAcquire(page, word) == first
          && page[word + 1] == second;
    }
  }

  /// @param mostEntries how many series are remembered at least, if that many are in use, and at
  ///   most twice
  /// @param nanoTime as [System#nanoTime]
  SeriesCache(int mostEntries, LongSupplier nanoTime) {
    this.mostPerTable = Math.max(LEAST_SLOTS, mostEntries / TABLES);
    this.nanoTime = nanoTime;
    for (int i = 0; i < TABLES; i++) {
      tables.set(i, new long[LEAST_SLOTS]);
    }
    nextSweep = nanoTime.getAsLong() + KEPT.toNanos();
  }

  /// The values kept for the first `count` hashes, whose halves stand in turn, or [#MISSING].
  void get(Cursor cursor, long[] hashes, int count, long[] values) {
    for (int i = 0; i < count; i++) {
      long first = published(hashes[2 * i]);
      long second = hashes[2 * i + 1];
      values[i] =
          cursor.isAt(first, second) || seek(cursor, first, second) ? take(cursor) : MISSING;
    }
  }

  /// A first word of 0 is that of no entry.
  private static long published(long first) {
    return first == 0 ? 1 : first;
  }

  private long take(Cursor cursor) {
    long[] page = cursor.page;
    int at = cursor.word + 2;
    long value = (long) LONGS.getOpaque(page, at);
    if ((value & USED) == 0) {
      // Fails only if a new value has just come, which is as good without the mark.
      var _ = LONGS.compareAndSet(page, at, value, value | USED);
    }
    cursor.word += WORDS;
    if (cursor.word == page.length) {
      goOn(cursor);
    }
    return value & ~USED;
  }

  private void goOn(Cursor cursor) {
    long[] @Nullable [] all = pages;
    int number = cursor.number + 1;
    long @Nullable [] next = number < all.length ? all[number] : null;
    cursor.page = next == null ? Cursor.NOWHERE : next;
    cursor.number = number;
    cursor.word = 0;
  }

  /// Moves the cursor to the entry of this key; leaves it where it is if there is none.
  private boolean seek(Cursor cursor, long first, long second) {
    long[] table = tables.get(tableOf(second));
    long[] @Nullable [] all = pages;
    for (int slot = slot(first, table.length); ; slot = slot + 1 == table.length ? 0 : slot + 1) {
      long kept = (long) LONGS.getAcquire(table, slot);
      if (kept == 0) {
        return false;
      }
      if ((kept ^ first) >>> 32 != 0) {
        continue;
      }
      int entry = entry(kept);
      int number = entry / PAGE;
      long @Nullable [] page = number < all.length ? all[number] : null;
      int word = entry % PAGE * WORDS;
      if (page != null
          && (long) LONGS.getAcquire(page, word) == first
          && page[word + 1] == second) {
        cursor.page = page;
        cursor.number = number;
        cursor.word = word;
        return true;
      }
    }
  }

  private static int tableOf(long second) {
    return (int) (second >>> 58);
  }

  private static int slot(long first, int slots) {
    return (int) (((first >>> 32) * slots) >>> 32);
  }

  /// Keeps values, which are not negative, in place of what was kept: of the hashes and values that
  /// stand at the first `count` places of `which`, in this order.
  void put(long[] hashes, long[] values, int[] which, int count) {
    writing.lock();
    try {
      var found = new Cursor();
      for (int i = 0; i < count; i++) {
        long first = published(hashes[2 * which[i]]);
        long second = hashes[2 * which[i] + 1];
        long value = values[which[i]];
        if (seek(found, first, second)) {
          LONGS.setOpaque(found.page, found.word + 2, value);
        } else {
          add(first, second, value);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  private void add(long first, long second, long value) {
    int at = tableOf(second);
    if (isFull(at)) {
      makeRoom(at);
    }
    insert(tables.get(at), first, append(first, second, value));
    entries[at]++;
  }

  private boolean isFull(int at) {
    return 5 * (entries[at] + 1) > 4 * tables.get(at).length;
  }

  private void makeRoom(int at) {
    if (entries[at] >= mostPerTable) {
      if (used(at) >= 2 * mostPerTable) {
        forgetAll(at);
      } else {
        sweep(at);
      }
    }
    if (isFull(at)) {
      long[] full = tables.get(at);
      var larger = new long[full.length + full.length / 2];
      for (long kept : full) {
        if (kept != 0) {
          insert(larger, kept, entry(kept));
        }
      }
      tables.set(at, larger);
    }
  }

  /// The entry that a slot names, which is not free.
  private static int entry(long kept) {
    return (int) kept - 1;
  }

  /// @param first the key's first word, or at least its upper half
  private static void insert(long[] table, long first, int entry) {
    int slot = slot(first, table.length);
    while (table[slot] != 0) {
      slot = slot + 1 == table.length ? 0 : slot + 1;
    }
    LONGS.setRelease(table, slot, kept(first, entry));
  }

  private static long kept(long first, int entry) {
    return first >>> 32 << 32 | entry + 1;
  }

  private int append(long first, long second, long value) {
    if (filled == PAGE) {
      openPage();
    }
    int entry = open * PAGE + filled++;
    long[] page = page(entry);
    int word = word(entry);
    page[word + 1] = second;
    LONGS.setOpaque(page, word + 2, value);
    LONGS.setRelease(page, word, first);
    alive[open]++;
    return entry;
  }

  private long[] page(int entry) {
    long[] page = pages[entry / PAGE];
    if (page == null) {
      throw new IllegalStateException("entry %d stands in no page".formatted(entry));
    }
    return page;
  }

  private static int word(int entry) {
    return entry % PAGE * WORDS;
  }

  /// Opens the next page, or where that is taken the first that is free.
  private void openPage() {
    int closed = open;
    long[] @Nullable [] all = pages;
    int number = closed + 1;
    if (number < all.length && all[number] != null) {
      number = 0;
      while (number < all.length && all[number] != null) {
        number++;
      }
    }
    all = Arrays.copyOf(all, Math.max(all.length, number + 1));
    all[number] = new long[PAGE * WORDS];
    if (alive.length < all.length) {
      alive = Arrays.copyOf(alive, all.length + all.length / 2);
    }
    open = number;
    filled = 0;
    pages = all;
    if (closed != NONE && alive[closed] == 0) {
      drop(closed);
    }
  }

  private void drop(int number) {
    long[] @Nullable [] all = pages.clone();
    all[number] = null;
    pages = all;
  }

  private void forget(int entry) {
    LONGS.setRelease(page(entry), word(entry), 0L);
    int number = entry / PAGE;
    alive[number]--;
    if (alive[number] == 0 && number != open) {
      drop(number);
    }
  }

  private void forgetAll(int at) {
    long[] all = tables.get(at);
    tables.set(at, new long[LEAST_SLOTS]);
    entries[at] = 0;
    for (long kept : all) {
      if (kept != 0) {
        forget(entry(kept));
      }
    }
  }

  private int used(int at) {
    int used = 0;
    for (long kept : tables.get(at)) {
      if (kept != 0 && (long) LONGS.getOpaque(page(entry(kept)), word(entry(kept)) + 2) < 0) {
        used++;
      }
    }
    return used;
  }

  /// Keeps of a table what was asked for since the last time, without its mark.
  private void sweep(int at) {
    var kept = new int[entries[at]];
    int count = 0;
    for (long each : tables.get(at)) {
      if (each == 0) {
        continue;
      }
      int entry = entry(each);
      long[] page = page(entry);
      int value = word(entry) + 2;
      long marked = (long) LONGS.getOpaque(page, value);
      if ((marked & USED) == 0) {
        forget(entry);
      } else {
        LONGS.setOpaque(page, value, marked & ~USED);
        kept[count++] = entry;
      }
    }
    var table = new long[Math.max(LEAST_SLOTS, count + count / 2)];
    for (int i = 0; i < count; i++) {
      insert(table, page(kept[i])[word(kept[i])], kept[i]);
    }
    entries[at] = count;
    tables.set(at, table);
  }

  /// Forgets, a little at a time, what nobody asks for. Call it now and then; it mostly returns at
  /// once.
  void tidy() {
    if (nanoTime.getAsLong() - nextSweep < 0 || !writing.tryLock()) {
      return;
    }
    try {
      nextSweep = nanoTime.getAsLong() + KEPT.dividedBy(TABLES).toNanos();
      sweep(nextToSweep);
      nextToSweep = (nextToSweep + 1) % TABLES;
      if (nextToSweep == 0) {
        giveUpSparsePages();
      }
    } finally {
      writing.unlock();
    }
  }

  /// Moves what is left in sparse pages into the open one, in its order.
  private void giveUpSparsePages() {
    for (int number = 0; number < pages.length; number++) {
      long @Nullable [] page = pages[number];
      if (page == null || number == open || alive[number] > SPARSE) {
        continue;
      }
      for (int word = 0; word < page.length; word += WORDS) {
        if (page[word] != 0) {
          int moved = append(page[word], page[word + 1], (long) LONGS.getOpaque(page, word + 2));
          replace(page[word], page[word + 1], number * PAGE + word / WORDS, moved);
        }
      }
      alive[number] = 0;
      drop(number);
    }
  }

  private void replace(long first, long second, int entry, int moved) {
    long[] table = tables.get(tableOf(second));
    int slot = slot(first, table.length);
    while (table[slot] != kept(first, entry)) {
      slot = slot + 1 == table.length ? 0 : slot + 1;
    }
    LONGS.setRelease(table, slot, kept(first, moved));
  }

  /// Entries that are kept.
  int size() {
    writing.lock();
    try {
      return Arrays.stream(entries).sum();
    } finally {
      writing.unlock();
    }
  }

  /// Bytes of heap that tables and pages take.
  long bytes() {
    long bytes = 0;
    for (int i = 0; i < TABLES; i++) {
      bytes += 8L * tables.get(i).length;
    }
    for (long @Nullable [] page : pages) {
      bytes += page == null ? 0 : 8L * page.length;
    }
    return bytes;
  }
}
