package barograph.storage.head;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Where the record of each series is, by reference, and which reference has which labels, by hash.
///
/// References count up and are never given twice; their records lie in pages of 64, and a page goes
/// back once all of its series are gone. Pages are found in two steps, so that a reference of any
/// height takes no more memory than the series beside it do: a damaged file may name any. Changed
/// under the head's lock; a record is looked up without it.
final class SeriesTable {
  /// References are smaller: those in a file that are not are damaged.
  static final int MOST = 1 << 30;

  private static final int PAGE_SHIFT = 6;
  private static final int GROUP_SHIFT = 10;
  private static final int GROUP = 1 << GROUP_SHIFT;
  private static final int GONE = -1;
  private static final int LEAST_SLOTS = 1024;

  private final Cells cells;

  /// In place of all groups of pages in which there was never a series.
  private final int[] noPages = new int[GROUP];

  /// First cell of each page of records, by groups; 0 for one that is gone.
  private volatile int[][] pages = {};

  /// Living series of each page, by groups; empty for one in which there was never any.
  private short[][] alive = {};

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
    int[][] now = pages;
    int group = page >>> GROUP_SHIFT;
    int first = group < now.length ? now[group][page & (GROUP - 1)] : 0;
    return first == 0 ? 0 : first + (ref & (Cells.PAGE_CELLS - 1));
  }

  boolean isAlive(int ref) {
    int cell = ref < 0 ? 0 : cell(ref);
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
    int[][] now = withGroup(page >>> GROUP_SHIFT);
    int[] group = now[page >>> GROUP_SHIFT];
    if (group[page & (GROUP - 1)] == 0) {
      group[page & (GROUP - 1)] = cells.allocatePage();
      pages = now;
    }
    alive[page >>> GROUP_SHIFT][page & (GROUP - 1)]++;
    count++;
    end = Math.max(end, ref + 1);
    int cell = cell(ref);
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    cells.clear(cell);
    record.putInt(at + Series.LABELS, labels);
    record.putInt(at + Series.HASH, hash);
    record.putInt(at + Series.TARGET, target);
    record.put(at + Series.FLAGS, (byte) Series.ALIVE);
    insert(ref, hash);
  }

  /// The pages with a group of that number that can be written to.
  private int[][] withGroup(int group) {
    int[][] now = pages;
    if (group >= now.length) {
      int known = now.length;
      now = Arrays.copyOf(now, Math.max(group + 1, known * 2));
      Arrays.fill(now, known, now.length, noPages);
      alive = Arrays.copyOf(alive, now.length);
      Arrays.fill(alive, known, now.length, new short[0]);
    }
    if (alive[group].length == 0) {
      alive[group] = new short[GROUP];
      now[group] = new int[GROUP];
    }
    return now;
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
    int[][] now = pages;
    for (int group = 0; group < now.length; group++) {
      for (int page = 0; page < alive[group].length; page++) {
        if (now[group][page] != 0) {
          insertPage((group << GROUP_SHIFT | page) << PAGE_SHIFT);
        }
      }
    }
  }

  private void insertPage(int first) {
    for (int i = 0; i < Cells.PAGE_CELLS; i++) {
      if (isAlive(first + i)) {
        insert(first + i, hash(first + i));
      }
    }
  }

  /// Where the labels of a living series are kept.
  int labels(int ref) {
    int cell = cell(ref);
    return cells.slab(cell).getInt(Cells.offset(cell) + Series.LABELS);
  }

  private int hash(int ref) {
    int cell = cell(ref);
    return cells.slab(cell).getInt(Cells.offset(cell) + Series.HASH);
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
    cells.slab(cell).put(Cells.offset(cell) + Series.FLAGS, (byte) 0);
    int page = ref >>> PAGE_SHIFT;
    int group = page >>> GROUP_SHIFT;
    int inGroup = page & (GROUP - 1);
    if (--alive[group][inGroup] == 0 && end >>> PAGE_SHIFT > page) {
      int[][] now = pages;
      int first = now[group][inGroup];
      now[group][inGroup] = 0;
      pages = now;
      cells.freePage(first);
    }
  }

  /// Bytes on the heap.
  long bytes() {
    long places = 0;
    for (short[] group : alive) {
      places += group.length;
    }
    return places * 6 + 8L * alive.length + 5L * slots.length;
  }
}
