package barograph.storage.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which rows of a timestamp column a series has.
///
/// @param first its first row
/// @param span rows from its first to its last
/// @param runs lengths of runs of rows that it has and lacks by turns, beginning and ending with
///   one that it has; null if it lacks none
record Rows(int column, int first, int span, int @Nullable [] runs) {
  /// Those of a series that has only histograms.
  static final Rows NONE = new Rows(-1, 0, 0, null);

  /// Whether it lacks any between its first and its last.
  boolean hasGaps() {
    return runs != null;
  }

  /// How many rows between `from` and `to` (without) the series has.
  int present(int from, int to) {
    int low = Math.max(from, first);
    int high = Math.min(to, first + span);
    if (runs == null || low >= high) {
      return Math.max(0, high - low);
    }
    int present = 0;
    int at = first;
    for (int i = 0; i < runs.length && at < high; i++) {
      int end = at + runs[i];
      if ((i & 1) == 0) {
        present += Math.max(0, Math.min(high, end) - Math.max(low, at));
      }
      at = end;
    }
    return present;
  }

  /// Copies the times of those rows among `times`, which belong to the rows from `from` on, and
  /// returns how many there were.
  int gather(long[] times, int from, long[] into, int at) {
    int low = Math.max(from, first);
    int high = Math.min(from + times.length, first + span);
    if (low >= high) {
      return 0;
    }
    if (runs == null) {
      System.arraycopy(times, low - from, into, at, high - low);
      return high - low;
    }
    int filled = at;
    int row = first;
    for (int i = 0; i < runs.length && row < high; i++) {
      int end = row + runs[i];
      int start = Math.max(low, row);
      int length = Math.min(high, end) - start;
      if ((i & 1) == 0 && length > 0) {
        System.arraycopy(times, start - from, into, filled, length);
        filled += length;
      }
      row = end;
    }
    return filled - at;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rows that
        && column == that.column
        && first == that.first
        && span == that.span
        && Arrays.equals(runs, that.runs);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * column + first) + span;
  }
}
