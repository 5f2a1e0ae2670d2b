package barograph.storage.head;

import java.util.Arrays;

/// The rows that series have missed and not made up for, so that a late sample which fits one need
/// not have its series' stream decoded.
///
/// A table in which a hole that finds the places that it may stand in taken takes one of them from
/// whatever was there: what it knows is true for good, as holes of a stream are never filled and
/// neither rows nor series are numbered again; what it does not know has to be looked up. The
/// writer's own.
final class RecentHoles {
  private static final int FEWEST_PLACES = 1 << 10;

  /// Two mebibytes.
  private static final int MOST_PLACES = 1 << 18;

  /// Places that a hole may stand in, side by side in half a cache line; a power of two.
  private static final int CHOICES = 4;

  private static final long NONE = -1;

  /// Series and row, by their hash; empty before the first hole.
  private long[] holes = {};

  private int count;

  /// Notes that series `ref` lacks row `row` of its target.
  void add(int ref, int row) {
    if (2 * count >= holes.length && holes.length < MOST_PLACES) {
      grow();
    }
    put(hole(ref, row));
  }

  private void grow() {
    long[] known = holes;
    holes = new long[Math.max(FEWEST_PLACES, 4 * known.length)];
    Arrays.fill(holes, NONE);
    count = 0;
    for (long hole : known) {
      if (hole != NONE) {
        put(hole);
      }
    }
  }

  private void put(long hole) {
    int first = place(hole);
    for (int i = 0; i < CHOICES; i++) {
      int place = first ^ i;
      if (holes[place] == NONE || holes[place] == hole) {
        count += holes[place] == NONE ? 1 : 0;
        holes[place] = hole;
        return;
      }
    }
    holes[first] = hole;
  }

  /// Whether series `ref` is known to lack row `row` of its target; it is no longer known then, as
  /// the sample that was asked for is about to come.
  boolean take(int ref, int row) {
    if (holes.length == 0) {
      return false;
    }
    long hole = hole(ref, row);
    int first = place(hole);
    for (int i = 0; i < CHOICES; i++) {
      if (holes[first ^ i] == hole) {
        holes[first ^ i] = NONE;
        count--;
        return true;
      }
    }
    return false;
  }

  private static long hole(int ref, int row) {
    return (long) ref << Integer.SIZE | row;
  }

  private int place(long hole) {
    return (int) ((hole * 0x9e3779b97f4a7c15L) >>> Integer.SIZE) & (holes.length - 1);
  }
}
