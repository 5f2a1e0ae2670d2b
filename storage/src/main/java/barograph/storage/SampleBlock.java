package barograph.storage;

import java.util.Arrays;

/// Samples of a batch that stand in rows: some series at one time, then the same series in the same
/// order at another, and so on. A row alone is a block too, and so is a sample alone.
///
/// Senders that catch up send several samples of each series at once; as a block they are appended
/// series by series, and told to the log row by row as they lie in the batch.
final class SampleBlock {
  private int from;
  private int width;
  private int rows;
  private long[] times = new long[16];
  private long earliest;
  private long latest;

  /// Finds the block that begins at `first`.
  void find(SampleBatch batch, int first) {
    int[] refs = batch.refs();
    long[] all = batch.times();
    int end = batch.size();
    from = first;
    int same = Arrays.mismatch(all, first, end - 1, all, first + 1, end);
    width = (same < 0 ? end - 1 - first : same) + 1;
    rows = 1;
    note(all[first]);
    if (!ascend(refs, first, width)) {
      // A series might be among them twice, and its samples must be taken in the order they have.
      return;
    }
    for (int row = first + width; row + width <= end; row += width) {
      int next = row + width;
      if (Arrays.mismatch(refs, first, first + width, refs, row, next) >= 0
          || Arrays.mismatch(all, row, next - 1, all, row + 1, next) >= 0
          || (next < end && all[next] == all[row])) {
        return;
      }
      rows++;
      note(all[row]);
    }
  }

  private static boolean ascend(int[] refs, int first, int count) {
    for (int i = first + 1; i < first + count; i++) {
      if (refs[i] <= refs[i - 1]) {
        return false;
      }
    }
    return true;
  }

  private void note(long time) {
    if (rows > times.length) {
      times = Arrays.copyOf(times, 2 * times.length);
    }
    times[rows - 1] = time;
    earliest = rows == 1 ? time : Math.min(earliest, time);
    latest = rows == 1 ? time : Math.max(latest, time);
  }

  /// Place of its first sample in the batch.
  int from() {
    return from;
  }

  /// Series in a row.
  int width() {
    return width;
  }

  int rows() {
    return rows;
  }

  int size() {
    return width * rows;
  }

  /// The time of each row, in the order of the batch; longer than there are rows.
  long[] times() {
    return times;
  }

  /// The least of the rows' times.
  long earliest() {
    return earliest;
  }

  /// The greatest of the rows' times.
  long latest() {
    return latest;
  }
}
