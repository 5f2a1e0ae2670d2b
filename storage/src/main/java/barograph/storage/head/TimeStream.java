package barograph.storage.head;

import java.nio.ByteBuffer;

/// Timestamps of a series that does not fit its target's rows, in a cell of its own.
///
/// The first stands in the cell. Each further one is the change of the step from its predecessor:
/// `0` none, `1 0` + width bits zigzag, `1 1` + 7 bits + the same with a new width.
final class TimeStream {
  /// Most bits that one more timestamp can take.
  static final int MOST_BITS = 2 + 7 + 64;

  private TimeStream() {}

  /// Appends a timestamp as the one of row `row` of the open stream.
  static void append(Cells cells, ByteBuffer cell, int at, int row, long timestamp) {
    if (row == 0) {
      cell.putLong(at + Series.FIRST_TIME, timestamp);
      cell.putLong(at + Series.LAST_TIME, timestamp);
      cell.putLong(at + Series.LAST_STEP, 0L);
      cell.put(at + Series.WIDTH, (byte) 0);
      return;
    }
    long step = timestamp - cell.getLong(at + Series.LAST_TIME);
    long change = step - cell.getLong(at + Series.LAST_STEP);
    cell.putLong(at + Series.LAST_TIME, timestamp);
    cell.putLong(at + Series.LAST_STEP, step);
    if (change == 0) {
      BitStream.put(cells, cell, at, 0, 1);
      return;
    }
    long zigzag = (change << 1) ^ (change >> 63);
    int needed = 64 - Long.numberOfLeadingZeros(zigzag);
    int width = cell.get(at + Series.WIDTH);
    if (needed <= width && needed >= width - 7) {
      BitStream.put(cells, cell, at, 0b01, 2);
      BitStream.put(cells, cell, at, zigzag, width);
    } else {
      cell.put(at + Series.WIDTH, (byte) needed);
      BitStream.put(cells, cell, at, 0b11 | (needed << 2), 9);
      BitStream.put(cells, cell, at, zigzag, needed);
    }
  }

  static void decode(long[] words, int rows, long first, long[] into, int at) {
    var bits = new BitStream.BitReader(words);
    long time = first;
    long step = 0;
    int width = 0;
    into[at] = first;
    for (int i = 1; i < rows; i++) {
      if (bits.bit()) {
        if (bits.bit()) {
          width = (int) bits.get(7);
        }
        long zigzag = bits.get(width);
        step += (zigzag >>> 1) ^ -(zigzag & 1);
      }
      time += step;
      into[at + i] = time;
    }
  }
}
