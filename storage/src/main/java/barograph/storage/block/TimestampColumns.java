package barograph.storage.block;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.IntColumnDecoder;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The timestamp columns of a block, unpacked a group of rows at a time when they are first asked
/// for, and then kept for all the series that share them as long as there is memory to spare. Safe
/// for any number of threads.
final class TimestampColumns {
  /// What is told of a group of rows takes at least so many bytes.
  private static final int GROUP_BYTES = 3;

  private final PagedFile file;
  private final BlockSection section;
  private final int count;
  private final int rowsPerGroup;
  private final AtomicReferenceArray<@Nullable Column> columns;

  TimestampColumns(PagedFile file, BlockSection section, int rowsPerGroup) {
    this.file = file;
    this.section = section;
    this.rowsPerGroup = rowsPerGroup;
    this.count = file.getInt(section.end() - 4);
    if (count < 0 || 4L * count + 4 > section.length()) {
      throw new CorruptBlockException(
          "%s: %d timestamp columns in %d bytes".formatted(file.path(), count, section.length()));
    }
    this.columns = new AtomicReferenceArray<>(count);
  }

  Column column(int number) {
    Column known = columns.getAcquire(number);
    if (known == null) {
      known = open(number);
      columns.setRelease(number, known);
    }
    return known;
  }

  /// No column has more rows.
  int mostRows() {
    return mostRows(section.length());
  }

  /// A group beyond them can be counted too.
  private int mostRows(long bytes) {
    return (int) Math.min(bytes / GROUP_BYTES * rowsPerGroup, Integer.MAX_VALUE - rowsPerGroup);
  }

  private Column open(int number) {
    long table = section.end() - 4 - 4L * count;
    long from = section.offset() + Integer.toUnsignedLong(file.getInt(table + 4L * number));
    long to =
        number + 1 < count
            ? section.offset() + Integer.toUnsignedLong(file.getInt(table + 4L * (number + 1)))
            : table;
    byte[] bytes = file.copy(from, Math.toIntExact(to - from), 0);
    var cursor = new ByteCursor().reset(bytes, 0, bytes.length);
    int rows = cursor.readCount(mostRows(bytes.length));
    int groups = (rows + rowsPerGroup - 1) / rowsPerGroup;
    var column = new Column(rows, groups);
    long last = 0;
    long offset = 0;
    for (int group = 0; group < groups; group++) {
      column.firsts[group] = last + cursor.readZigzag();
      last = column.firsts[group] + cursor.readVarint();
      column.lasts[group] = last;
      column.offsets[group] = offset;
      offset += cursor.readCount(bytes.length);
    }
    column.offsets[groups] = offset;
    for (int group = 0; group <= groups; group++) {
      column.offsets[group] += from + cursor.position();
    }
    return column;
  }

  /// One column: what is known of every group, and the unpacked ones.
  final class Column {
    private final int rows;
    private final long[] firsts;
    private final long[] lasts;
    private final long[] offsets;
    private final AtomicReferenceArray<@Nullable SoftReference<long[]>> unpacked;

    private Column(int rows, int groups) {
      this.rows = rows;
      firsts = new long[groups];
      lasts = new long[groups];
      offsets = new long[groups + 1];
      unpacked = new AtomicReferenceArray<>(groups);
    }

    int rows() {
      return rows;
    }

    /// How many rows a group has.
    int rows(int group) {
      return Math.min(rowsPerGroup, rows - group * rowsPerGroup);
    }

    long first(int group) {
      return firsts[group];
    }

    long last(int group) {
      return lasts[group];
    }

    /// The times of a group's rows: shared, only to be read.
    long[] times(int group, IntColumnDecoder decoder) {
      SoftReference<long[]> kept = unpacked.getAcquire(group);
      long[] times = kept == null ? null : kept.get();
      if (times == null) {
        int length = (int) (offsets[group + 1] - offsets[group]);
        byte[] bytes = file.copy(offsets[group], length, 0);
        times = new long[rows(group)];
        decoder.decode(bytes, 0, length, times.length, times, 0);
        unpacked.setRelease(group, new SoftReference<>(times));
      }
      return times;
    }
  }
}
