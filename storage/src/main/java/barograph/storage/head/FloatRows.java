package barograph.storage.head;

import java.nio.ByteBuffer;

/// Puts floats into the next row of their series' streams: the one way that nearly all samples go.
///
/// It takes what follows in an open stream with room left, in a row of the target that another
/// series has begun, and leaves whatever is different to [FloatStreams]. Scrapes and most requests
/// bring such rows whole: one sample each of many series, all of one time. The writer's own.
final class FloatRows {
  private final Cells cells;
  private final SeriesTable table;
  private final Versions versions;

  FloatRows(Head head) {
    this.cells = head.cells;
    this.table = head.table;
    this.versions = head.versions;
  }

  /// Stores samples in one row of a target, until one is not like nearly all.
  ///
  /// @param refs of the samples' series, from place `from` up to `to`
  /// @param values theirs, at the same places
  /// @return how many were stored
  int append(int[] refs, int from, int to, int target, int row, double[] values) {
    int at = from;
    while (at < to && append(refs[at], target, row, values[at])) {
      at++;
    }
    return at - from;
  }

  /// Stores one sample in a row of its target.
  ///
  /// It looks at the record in words of eight bytes, a third of the loads.
  ///
  /// @return false if anything is different: nothing has been done then
  boolean append(int ref, int target, int row, double value) {
    int cell = ref < 0 ? 0 : table.cell(ref);
    if (cell == 0) {
      return false;
    }
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    long state = record.getLong(at + Series.STATE);
    long stream = record.getLong(at + Series.OWN_TIMES);
    int rows = Series.rowsIn(stream);
    if (state >>> 56 != (Series.ALIVE | Series.SAMPLED)
        || ((state >>> 48) & 0xff) >= BitStream.MAX_FRAGMENTS - 1
        || (int) stream != 0
        || rows == 0
        || record.getLong(at + Series.TARGET)
            != ((target & 0xffffffffL) | (long) (row - rows) << 32)) {
      return false;
    }
    boolean running =
        stream >>> 48 != 0
            && record.getLong(at + Series.LAST_BITS) == Double.doubleToRawLongBits(value);
    if (rows >= (running ? Head.MOST_ROWS : Head.SEAL_ROWS)) {
      return false;
    }
    versions.beginWrite(ref);
    try {
      if (running) {
        // One row more, all of them alike.
        record.putLong(at + Series.OWN_TIMES, (long) (rows + 1) << 32 | (long) (rows + 1) << 48);
      } else {
        ValueStream.append(cells, record, at, value);
      }
    } finally {
      versions.endWrite(ref);
    }
    return true;
  }
}
