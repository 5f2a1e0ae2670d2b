package barograph.storage.head;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// Long label values off the heap, where a million of them do no harm: UTF-8 bytes behind their
/// count, in units of sixteen bytes; what is given back is used again for values of the same size.
///
/// Belongs to whoever holds the head's lock, but for [#text]: while somebody has a pin, what is
/// removed stays readable.
final class LongTexts {
  /// Values from here on are kept here, shorter ones as strings.
  private static final int LEAST_CHARS = 49;

  private static final int MOST_CHARS = 8 << 10;
  private static final int UNIT = 16;
  private static final int SLAB_UNITS = 1 << 15;
  private static final int SIZES = (3 * MOST_CHARS + Integer.BYTES) / UNIT + 2;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private volatile MemorySegment[] slabs = {};

  /// Units in use in each slab.
  private int[] live = {};

  private int nextUnit = 1;
  private int lastUnit;
  private final int[][] free = new int[SIZES][];
  private final int[] freeCount = new int[SIZES];
  private final AtomicInteger pins = new AtomicInteger();

  /// Removed while there were pins.
  private int[] removed = new int[16];

  private int removedCount;

  /// Whether `value` is one to be kept here: long, but not so long that it would waste a slab's
  /// end, and of characters that survive the way to UTF-8 and back in any case.
  static boolean takes(String value) {
    int length = value.length();
    if (length < LEAST_CHARS || length > MOST_CHARS) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /// Keeps a value and tells where; never 0.
  int add(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    int entry = allocate(units(bytes.length));
    MemorySegment slab = slab(entry);
    slab.set(INT, offset(entry), bytes.length);
    MemorySegment.copy(bytes, 0, slab, BYTE, offset(entry) + Integer.BYTES, bytes.length);
    return entry;
  }

  private static int units(int bytes) {
    return (bytes + Integer.BYTES + UNIT - 1) / UNIT;
  }

  private int allocate(int units) {
    int entry;
    if (freeCount[units] > 0) {
      entry = free[units][--freeCount[units]];
    } else {
      if (nextUnit + units > lastUnit) {
        startSlab();
      }
      entry = nextUnit;
      nextUnit += units;
    }
    live[entry / SLAB_UNITS] += units;
    return entry;
  }

  private void startSlab() {
    MemorySegment[] now = slabs;
    int slab = 0;
    while (slab < now.length && now[slab].byteSize() > 0) {
      slab++;
    }
    if (slab == now.length) {
      live = Arrays.copyOf(live, slab + 1);
    }
    var more = Arrays.copyOf(now, Math.max(now.length, slab + 1));
    // An arena of its own, so that a slab that is dropped is given back.
    more[slab] = Arena.ofAuto().allocate((long) SLAB_UNITS * UNIT, UNIT);
    slabs = more;
    // Entry 0 names none.
    nextUnit = Math.max(1, slab * SLAB_UNITS);
    lastUnit = (slab + 1) * SLAB_UNITS;
  }

  /// The value that was kept there.
  String text(int entry) {
    MemorySegment slab = slab(entry);
    var bytes = new byte[slab.get(INT, offset(entry))];
    MemorySegment.copy(slab, BYTE, offset(entry) + Integer.BYTES, bytes, 0, bytes.length);
    return new String(bytes, UTF_8);
  }

  /// Whether `value` was kept there.
  boolean equal(int entry, String value) {
    MemorySegment slab = slab(entry);
    long at = offset(entry);
    int length = slab.get(INT, at);
    if (length != value.length()) {
      return length > value.length() && text(entry).equals(value);
    }
    // As many bytes as characters: all of them ASCII, or not the same.
    at += Integer.BYTES;
    for (int i = 0; i < length; i++) {
      if (slab.get(BYTE, at + i) != value.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The order of two values by their bytes.
  int compare(int entry, int other) {
    MemorySegment left = slab(entry);
    MemorySegment right = slab(other);
    long i = offset(entry);
    long j = offset(other);
    int leftLength = left.get(INT, i);
    int rightLength = right.get(INT, j);
    i += Integer.BYTES;
    j += Integer.BYTES;
    long at = MemorySegment.mismatch(left, i, i + leftLength, right, j, j + rightLength);
    if (at < 0) {
      return 0;
    }
    return at == Math.min(leftLength, rightLength)
        ? Integer.compare(leftLength, rightLength)
        : Byte.compareUnsigned(left.get(BYTE, i + at), right.get(BYTE, j + at));
  }

  /// Keeps everything readable that is here now, until [#unpin].
  void pin() {
    pins.incrementAndGet();
  }

  /// Any thread may let go.
  void unpin() {
    pins.decrementAndGet();
  }

  /// Gives a value back.
  void remove(int entry) {
    if (removedCount == removed.length) {
      removed = Arrays.copyOf(removed, removedCount * 2);
    }
    removed[removedCount++] = entry;
  }

  /// Uses again what has been removed, unless somebody may still read it, and gives back slabs in
  /// which nothing is left.
  void shrink() {
    if (pins.get() > 0 || removedCount == 0) {
      return;
    }
    for (int i = 0; i < removedCount; i++) {
      release(removed[i]);
    }
    removedCount = 0;
    MemorySegment[] kept = slabs.clone();
    for (int slab = 0; slab < kept.length; slab++) {
      if (live[slab] == 0 && slab != (lastUnit - 1) / SLAB_UNITS) {
        kept[slab] = MemorySegment.NULL;
      }
    }
    slabs = kept;
    for (int units = 0; units < SIZES; units++) {
      int left = 0;
      for (int i = 0; i < freeCount[units]; i++) {
        int entry = free[units][i];
        if (slab(entry).byteSize() > 0) {
          free[units][left++] = entry;
        }
      }
      freeCount[units] = left;
    }
  }

  private void release(int entry) {
    int units = units(slab(entry).get(INT, offset(entry)));
    live[entry / SLAB_UNITS] -= units;
    int[] list = free[units];
    if (list == null) {
      list = new int[16];
    } else if (freeCount[units] == list.length) {
      list = Arrays.copyOf(list, list.length * 2);
    }
    free[units] = list;
    list[freeCount[units]++] = entry;
  }

  private MemorySegment slab(int entry) {
    return slabs[entry / SLAB_UNITS];
  }

  private static long offset(int entry) {
    return (long) (entry & (SLAB_UNITS - 1)) * UNIT;
  }

  /// Bytes off the heap.
  long bytes() {
    long bytes = 0;
    for (MemorySegment slab : slabs) {
      bytes += slab.byteSize();
    }
    return bytes;
  }
}
