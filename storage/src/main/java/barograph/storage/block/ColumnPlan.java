package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.IntColumnEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Decides which series of a block being written share a column of timestamps.
///
/// Series of one target nearly always have the same times. One that fits into a column of its
/// target, a few rows more or less, joins it; one that does not begins another; and a target with
/// many kinds of series soon gives each a column of its own. In the end equal columns become one,
/// whoever they belong to.
final class ColumnPlan {
  /// Columns of a target that a series is compared with.
  private static final int MOST_PER_TARGET = 16;

  /// A series may lack one row in this many, or bring one new row among as many.
  private static final int MISFIT_SHARE = 8;

  /// One column: times in ascending order.
  static final class Column {
    private long[] rows;
    private int size;
    private int number = -1;

    private Column(long[] timestamps, int count) {
      rows = Arrays.copyOf(timestamps, count);
      size = count;
    }

    int size() {
      return size;
    }

    int number() {
      return number;
    }

    long row(int index) {
      return rows[index];
    }

    /// The row of a time that is in the column.
    int rowOf(long timestamp) {
      int row = Arrays.binarySearch(rows, 0, size, timestamp);
      if (row < 0) {
        throw new AssertionError("time %d is not in its column".formatted(timestamp));
      }
      return row;
    }

    /// Takes the series in if it fits.
    private boolean take(long[] timestamps, int count) {
      int from = Arrays.binarySearch(rows, 0, size, timestamps[0]);
      if (from >= 0
          && from + count <= size
          && Arrays.equals(rows, from, from + count, timestamps, 0, count)) {
        return true;
      }
      int common = 0;
      int inside = 0;
      int row = from >= 0 ? from : -from - 1;
      int firstRow = row;
      for (int i = 0; i < count; i++) {
        while (row < size && rows[row] < timestamps[i]) {
          row++;
        }
        boolean here = row < size && rows[row] == timestamps[i];
        common += here ? 1 : 0;
        inside += !here && row > 0 && row < size ? 1 : 0;
      }
      int lastRow = row < size && rows[row] == timestamps[count - 1] ? row + 1 : row;
      int missing = lastRow - firstRow - common;
      if (missing * MISFIT_SHARE > count || inside * MISFIT_SHARE > size) {
        return false;
      }
      if (common < count) {
        merge(timestamps, count, size + count - common);
      }
      return true;
    }

    private void merge(long[] timestamps, int count, int total) {
      var merged = new long[total + total / 8];
      int row = 0;
      int next = 0;
      for (int i = 0; i < total; i++) {
        boolean mine = row < size && (next == count || rows[row] <= timestamps[next]);
        long time = mine ? rows[row] : timestamps[next];
        row += row < size && rows[row] == time ? 1 : 0;
        next += next < count && timestamps[next] == time ? 1 : 0;
        merged[i] = time;
      }
      rows = merged;
      size = total;
    }
  }

  private final Map<String, List<Column>> byTarget = new HashMap<>();
  private final List<Column> distinct = new ArrayList<>();

  /// The column that a series of `target` with these times shares or begins.
  Column join(String target, long[] timestamps, int count) {
    List<Column> columns = byTarget.computeIfAbsent(target, absent -> new ArrayList<>(1));
    int tried = Math.min(MOST_PER_TARGET, columns.size());
    for (int i = 0; i < tried; i++) {
      if (columns.get(i).take(timestamps, count)) {
        return columns.get(i);
      }
    }
    var column = new Column(timestamps, count);
    columns.add(column);
    return column;
  }

  /// Numbers the columns, equal ones alike, once every series has joined.
  void finish() {
    var known = new HashMap<Integer, List<Column>>();
    for (List<Column> columns : byTarget.values()) {
      for (Column column : columns) {
        column.rows = Arrays.copyOf(column.rows, column.size);
        List<Column> alike =
            known.computeIfAbsent(Arrays.hashCode(column.rows), absent -> new ArrayList<>(1));
        for (Column other : alike) {
          if (Arrays.equals(column.rows, other.rows)) {
            column.rows = other.rows;
            column.number = other.number;
            break;
          }
        }
        if (column.number < 0) {
          column.number = distinct.size();
          distinct.add(column);
          alike.add(column);
        }
      }
    }
  }

  /// Writes every column, its groups' bounds in front, then where each begins, then their number.
  void writeTo(ByteSink into) {
    var encoder = new IntColumnEncoder(true);
    var offsets = new ByteSink();
    var bodies = new ByteSink();
    for (Column column : distinct) {
      offsets.putInt(into.size());
      into.putVarint(column.size);
      bodies.clear();
      long last = 0;
      for (int from = 0; from < column.size; from += BlockFormat.ROWS_PER_GROUP) {
        int count = Math.min(BlockFormat.ROWS_PER_GROUP, column.size - from);
        int start = bodies.size();
        encoder.encode(column.rows, from, count, bodies);
        into.putZigzag(column.rows[from] - last);
        last = column.rows[from + count - 1];
        into.putVarint(last - column.rows[from]);
        into.putVarint(bodies.size() - start);
      }
      into.putBytes(bodies.array(), 0, bodies.size());
    }
    into.putBytes(offsets.array(), 0, offsets.size());
    into.putInt(distinct.size());
  }
}
