package barograph.storage.head;

import barograph.storage.index.SeriesPairs;
import barograph.storage.model.Labels;
import java.util.Arrays;

/// The labels of every series as the numbers of its pairs, a byte or three each.
///
/// An entry is a varint count and a varint for each pair, in label order, in units of eight bytes;
/// what is given back is used again for entries of the same size. Belongs to whoever holds the
/// head's lock.
final class LabelStore {
  private static final int UNIT = 8;
  private static final int SLAB_UNITS = 1 << 15;
  private static final int SIZES = 32;

  /// Longest entry, so that one fits into a slab: more labels than any series has.
  static final int MAX_LABELS = 50_000;

  private byte[][] slabs = {};

  /// Units in use in each slab.
  private int[] live = {};

  private static final byte[] NO_SLAB = {};
  private int nextUnit = 1;
  private int lastUnit;
  private final int[][] free = new int[SIZES][];
  private final int[] freeCount = new int[SIZES];
  private byte[] scratch = new byte[64];

  /// Keeps `count` pair numbers and tells where.
  int add(int[] pairs, int count) {
    if (count > MAX_LABELS) {
      throw new IllegalArgumentException(
          "a series with %d labels, expected at most %d".formatted(count, MAX_LABELS));
    }
    if (scratch.length < 5 * (count + 1)) {
      scratch = new byte[5 * (count + 1)];
    }
    int size = putVarint(count, 0);
    for (int i = 0; i < count; i++) {
      size = putVarint(pairs[i], size);
    }
    int units = (size + UNIT - 1) / UNIT;
    int entry = allocate(units);
    System.arraycopy(scratch, 0, slab(entry), offset(entry), size);
    return entry;
  }

  private int putVarint(int value, int at) {
    int rest = value;
    int size = at;
    while ((rest & ~0x7f) != 0) {
      scratch[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    scratch[size++] = (byte) rest;
    return size;
  }

  private int allocate(int units) {
    if (units < SIZES && freeCount[units] > 0) {
      int entry = free[units][--freeCount[units]];
      live[entry / SLAB_UNITS] += units;
      return entry;
    }
    if (nextUnit + units > lastUnit) {
      startSlab();
    }
    int entry = nextUnit;
    nextUnit += units;
    live[entry / SLAB_UNITS] += units;
    return entry;
  }

  private void startSlab() {
    int slab = 0;
    while (slab < slabs.length && slabs[slab].length > 0) {
      slab++;
    }
    if (slab == slabs.length) {
      slabs = Arrays.copyOf(slabs, slab + 1);
      live = Arrays.copyOf(live, slab + 1);
    }
    slabs[slab] = new byte[SLAB_UNITS * UNIT];
    // Entry 0 names none.
    nextUnit = Math.max(1, slab * SLAB_UNITS);
    lastUnit = (slab + 1) * SLAB_UNITS;
  }

  /// Gives an entry back.
  void remove(int entry) {
    int units = (size(entry) + UNIT - 1) / UNIT;
    live[entry / SLAB_UNITS] -= units;
    if (units >= SIZES) {
      return;
    }
    int[] list = free[units];
    if (list == null) {
      list = new int[16];
    } else if (freeCount[units] == list.length) {
      list = Arrays.copyOf(list, list.length * 2);
    }
    free[units] = list;
    list[freeCount[units]++] = entry;
  }

  /// Gives slabs back in which nothing is left.
  void shrink() {
    boolean any = false;
    for (int slab = 0; slab < slabs.length; slab++) {
      if (isEmpty(slab)) {
        slabs[slab] = NO_SLAB;
        any = true;
      }
    }
    if (!any) {
      return;
    }
    for (int units = 0; units < SIZES; units++) {
      int kept = 0;
      for (int i = 0; i < freeCount[units]; i++) {
        int entry = free[units][i];
        if (slabs[entry / SLAB_UNITS].length > 0) {
          free[units][kept++] = entry;
        }
      }
      freeCount[units] = kept;
    }
  }

  private boolean isEmpty(int slab) {
    return live[slab] == 0 && slabs[slab].length > 0 && slab != (lastUnit - 1) / SLAB_UNITS;
  }

  private int size(int entry) {
    byte[] slab = slab(entry);
    int at = offset(entry);
    int left = count(entry) + 1;
    int size = 0;
    while (left > 0) {
      if (slab[at + size++] >= 0) {
        left--;
      }
    }
    return size;
  }

  int count(int entry) {
    byte[] slab = slab(entry);
    int at = offset(entry);
    int value = 0;
    int shift = 0;
    while (true) {
      byte b = slab[at++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
      shift += 7;
    }
  }

  /// The pair numbers of an entry.
  int[] pairs(int entry) {
    byte[] slab = slab(entry);
    int at = offset(entry);
    int[] pairs = new int[count(entry)];
    for (int i = -1; i < pairs.length; i++) {
      int value = 0;
      int shift = 0;
      byte b;
      do {
        b = slab[at++];
        value |= (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0);
      if (i >= 0) {
        pairs[i] = value;
      }
    }
    return pairs;
  }

  /// Adds the series `ref`, whose entry this is, to `into`.
  void addPairs(int entry, int ref, SeriesPairs into) {
    byte[] slab = slab(entry);
    int at = offset(entry);
    int count = 0;
    int shift = 0;
    byte b;
    do {
      b = slab[at++];
      count |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    int[] pairs = into.pairs(ref, count);
    int end = into.end(into.size() - 1);
    for (int i = end - count; i < end; i++) {
      int value = 0;
      shift = 0;
      do {
        b = slab[at++];
        value |= (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0);
      pairs[i] = value;
    }
  }

  Labels labels(int entry, PairDictionary dictionary) {
    int[] pairs = pairs(entry);
    var strings = new String[2 * pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      strings[2 * i] = dictionary.name(pairs[i]);
      strings[2 * i + 1] = dictionary.value(pairs[i]);
    }
    return Labels.ofSorted(strings);
  }

  /// Whether an entry says exactly the first `count` of these pairs.
  boolean equal(int entry, int[] pairs, int count) {
    byte[] slab = slab(entry);
    int at = offset(entry);
    for (int i = -1; i < count; i++) {
      int value = 0;
      int shift = 0;
      byte b;
      do {
        b = slab[at++];
        value |= (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0);
      if (value != (i < 0 ? count : pairs[i])) {
        return false;
      }
    }
    return true;
  }

  private byte[] slab(int entry) {
    return slabs[entry / SLAB_UNITS];
  }

  private static int offset(int entry) {
    return (entry & (SLAB_UNITS - 1)) * UNIT;
  }

  /// Bytes on the heap.
  long bytes() {
    long bytes = 0;
    for (byte[] slab : slabs) {
      bytes += slab.length;
    }
    return bytes;
  }
}
