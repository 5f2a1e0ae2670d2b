package barograph.storage.head;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Where the record of each series is, by reference, and which reference has which labels, by hash.
///
/// References count up and are never given twice; their records lie in pages of 64, and a page goes
/// back once all of its series are gone. Changed under the head's lock; a record is looked up
/// without it.
final class SeriesTable {
  private static final int PAGE_SHIFT = 6;
  private static final int GONE = -1;
  private static final int LEAST_SLOTS = 1024;

  private final Cells cells;

  /// First cell of each page of records; 0 for one that is gone.
  private volatile int[] pages = new int[64];

  private short[] alive = new short[64];
  private int end;
  private int count;

  /// References + 1 by hash, open addressing; 0 is an empty place and -1 one that was left.
  private int[] slots = new int[LEAST_SLOTS];

  /// The highest bits of the hash of the series in each place: all but one in 256 of those that a
  /// search passes on its way need not be looked at.
  private byte[] tags = new byte[LEAST_SLOTS];

  private int used;

  SeriesTable(Cells cells) {
    this.cells = cells;
  }

  /// The cell of the series' record; that of a series that is gone has no flag set.
  int cell(int ref) {
    int page = ref >>> PAGE_SHIFT;
    int[] now = pages;
    int first = page < now.length ? now[page] : 0;
    return first == 0 ? 0 : first + (ref & (Cells.PAGE_CELLS - 1));
  }

  boolean isAlive(int ref) {
    if (ref < 0 || ref >>> PAGE_SHIFT >= pages.length) {
      return false;
    }
    int cell = cell(ref);
    return cell != 0 && (Series.flags(cells.slab(cell), Cells.offset(cell)) & Series.ALIVE) != 0;
  }

  /// The number behind the highest reference given so far.
  int end() {
    return end;
  }

  /// Series that are alive.
  int count() {
    return count;
  }

  /// Keeps `end` from being given again, although nothing may be known of its series.
  void skipTo(int newEnd) {
    end = Math.max(end, newEnd);
  }

  /// Makes the record of a new series and gives its reference.
  int add(int hash, int labels, int target) {
    int ref = end;
    add(ref, hash, labels, target);
    return ref;
  }

  /// Makes the record of series `ref`, which is not there.
  void add(int ref, int hash, int labels, int target) {
    if ((used + 1) * 3L > slots.length * 2L) {
      rehash();
    }
    int page = ref >>> PAGE_SHIFT;
    if (page >= pages.length) {
      int room = Math.max(page + 1, pages.length * 2);
      alive = Arrays.copyOf(alive, room);
      pages = Arrays.copyOf(pages, room);
    }
    if (pages[page] == 0) {
      int first = cells.allocatePage();
      int[] now = pages;
      now[page] = first;
      pages = now;
    }
    alive[page]++;
    count++;
    end = Math.max(end, ref + 1);
    int cell = cell(ref);
    MemorySegment record = cells.slab(cell);
    long at = Cells.offset(cell);
    record.asSlice(at, Cells.BYTES).fill((byte) 0);
    record.set(Series.INT, at + Series.LABELS, labels);
    record.set(Series.INT, at + Series.HASH, hash);
    record.set(Series.INT, at + Series.TARGET, target);
    record.set(Series.BYTE, at + Series.FLAGS, (byte) Series.ALIVE);
    insert(ref, hash);
  }

  private void insert(int ref, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] > 0) {
      slot = (slot + 1) & mask;
    }
    if (slots[slot] == 0) {
      used++;
    }
    slots[slot] = ref + 1;
    tags[slot] = tag(hash);
  }

  private static byte tag(int hash) {
    return (byte) (hash >>> 24);
  }

  private void rehash() {
    rehash((count + 1) * 3L > slots.length ? slots.length * 2 : slots.length);
  }

  /// Gives room back after many series have gone.
  void shrink() {
    int room = slots.length;
    while (room > LEAST_SLOTS && count * 6L < room) {
      room /= 2;
    }
    if (room < slots.length) {
      rehash(room);
    }
  }

  /// Goes through the records in the order in which they lie in memory.
  private void rehash(int room) {
    slots = new int[room];
    tags = new byte[room];
    used = 0;
    for (int page = 0; page < pages.length; page++) {
      if (pages[page] == 0) {
        continue;
      }
      int first = page << PAGE_SHIFT;
      for (int ref = first; ref < first + Cells.PAGE_CELLS; ref++) {
        if (isAlive(ref)) {
          insert(ref, hash(ref));
        }
      }
    }
  }

  private int hash(int ref) {
    int cell = cell(ref);
    return cells.slab(cell).get(Series.INT, Cells.offset(cell) + Series.HASH);
  }

  /// The first place to look for a hash.
  int firstSlot(int hash) {
    return hash & (slots.length - 1);
  }

  int nextSlot(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  /// Whether a search ends at this place.
  boolean isEnd(int slot) {
    return slots[slot] == 0;
  }

  /// The series at a place if it has that hash, else -1.
  int candidate(int slot, int hash) {
    int ref = slots[slot] - 1;
    return ref >= 0 && tags[slot] == tag(hash) && hash(ref) == hash ? ref : GONE;
  }

  /// Forgets a series whose record the caller has cleared of its stream.
  void remove(int ref) {
    int hash = hash(ref);
    int slot = firstSlot(hash);
    while (slots[slot] != ref + 1) {
      slot = nextSlot(slot);
    }
    slots[slot] = GONE;
    count--;
    int cell = cell(ref);
    cells.slab(cell).set(Series.BYTE, Cells.offset(cell) + Series.FLAGS, (byte) 0);
    int page = ref >>> PAGE_SHIFT;
    if (--alive[page] == 0 && end >>> PAGE_SHIFT > page) {
      int[] now = pages;
      int first = now[page];
      now[page] = 0;
      pages = now;
      cells.freePage(first);
    }
  }

  /// Bytes on the heap.
  long bytes() {
    return 4L * pages.length + 2L * alive.length + 5L * slots.length;
  }
}
