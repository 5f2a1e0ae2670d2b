package barograph.storage.head;

import java.util.Arrays;

/// The timestamps that the series of one target share, by row number.
///
/// Rows are counted from 0 when the target is first seen; rows that no sample needs any more are
/// dropped at the front and their numbers are not used again. One writer; readers take a
/// [#column()], which the writer only ever extends.
final class TargetTimes {
  /// Times of rows `[base, base + times.length)`, as far as they are written.
  ///
  /// A reader that learnt of a row from a series' record also sees its time.
  record Column(int base, long[] times) {
    long time(int row) {
      return times[row - base];
    }
  }

  /// Numbers of rows in a file are smaller, or damaged: a row every millisecond for twelve days, or
  /// every second for 34 years.
  static final int MOST_ROWS = 1 << 30;

  private static final int NONE = -1;

  private volatile String name;
  private volatile Column column = new Column(0, new long[4]);
  private volatile int end;

  /// Living series of the target; under the head's lock.
  int series;

  /// Where the last search ended: series of a batch ask for the same rows again and again.
  private int hint;

  TargetTimes(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void rename(String newName) {
    name = newName;
  }

  Column column() {
    return column;
  }

  /// The number behind the last row.
  int end() {
    return end;
  }

  int base() {
    return column.base;
  }

  boolean isRow(int row, long timestamp) {
    Column now = column;
    return row >= now.base && now.time(row) == timestamp;
  }

  /// The row of exactly this time; [#end()] if the time is later than all and may be [#append]ed;
  /// -1 if it lies between two rows.
  int find(long timestamp) {
    Column now = column;
    if (end == now.base || timestamp > now.time(end - 1)) {
      return end;
    }
    if (hint >= now.base && hint < end && now.time(hint) == timestamp) {
      return hint;
    }
    int guess = guess(now, timestamp);
    if (guess >= 0) {
      hint = guess;
      return guess;
    }
    int found = Arrays.binarySearch(now.times, 0, end - now.base, timestamp);
    if (found < 0) {
      return NONE;
    }
    hint = now.base + found;
    return hint;
  }

  /// The row of exactly this time, if rows are as far apart as the last two; -1 if it is not there.
  private int guess(Column now, long timestamp) {
    if (end - now.base < 2) {
      return NONE;
    }
    long last = now.time(end - 1);
    long row = end - 1 - (last - timestamp) / (last - now.time(end - 2));
    return row >= now.base && now.time((int) row) == timestamp ? (int) row : NONE;
  }

  /// Adds a row, later than all others.
  void append(long timestamp) {
    Column now = column;
    int row = end;
    int at = row - now.base;
    if (at == now.times.length) {
      int room = Math.max(8, at + (at >> 1));
      now = new Column(now.base, Arrays.copyOf(now.times, room));
      now.times[at] = timestamp;
      column = now;
    } else {
      now.times[at] = timestamp;
    }
    hint = row;
    end = row + 1;
  }

  /// The first row whose time is `from` or later, or the end.
  int firstRowFrom(long from) {
    Column now = column;
    int found = Arrays.binarySearch(now.times, 0, end - now.base, from);
    return now.base + (found < 0 ? -found - 1 : found);
  }

  /// Drops the rows before `row`.
  void dropBefore(int row) {
    Column now = column;
    if (row > now.base) {
      int kept = end - row;
      column =
          new Column(
              row,
              Arrays.copyOfRange(now.times, row - now.base, row - now.base + Math.max(4, kept)));
    }
  }

  /// Takes over what a checkpoint kept.
  void restore(int base, long[] times) {
    end = base + times.length;
    column = new Column(base, times);
  }
}
