package barograph.storage.model;

import java.util.Arrays;

/// The samples of one series in time order as two parallel columns, owned and reused by whoever
/// reads.
///
/// The arrays may be longer than [#size()] and are replaced when they grow, so fetch them again
/// after every fill. One thread at a time.
public final class SampleColumns {
  private long[] timestamps = new long[1024];
  private double[] values = new double[1024];
  private int size;

  /// Milliseconds since the epoch, strictly increasing up to [#size()].
  public long[] timestamps() {
    return timestamps;
  }

  /// The values at those times; may hold the stale marker.
  public double[] values() {
    return values;
  }

  public int size() {
    return size;
  }

  /// Forgets the samples and keeps the room.
  public SampleColumns clear() {
    size = 0;
    return this;
  }

  public void add(long timestampMillis, double value) {
    reserve(1);
    timestamps[size] = timestampMillis;
    values[size++] = value;
  }

  /// Makes room for `more` samples behind the present ones; a decoder then writes into the arrays
  /// and tells by [#grewTo(int)].
  public void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > timestamps.length) {
      int room = Math.max(needed, timestamps.length + (timestamps.length >> 1));
      timestamps = Arrays.copyOf(timestamps, room);
      values = Arrays.copyOf(values, room);
    }
  }

  /// Says that the arrays are filled up to `newSize`.
  public void grewTo(int newSize) {
    if (newSize < size || newSize > timestamps.length) {
      throw new IllegalArgumentException(
          "%d samples in columns of %d to %d".formatted(newSize, size, timestamps.length));
    }
    size = newSize;
  }

  /// Drops what lies behind the first `newSize` samples.
  public void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cannot cut %d samples to %d".formatted(size, newSize));
    }
    size = newSize;
  }
}
