package barograph.storage.wal;

import java.util.Arrays;

/// What the rows of one target stand on, within one segment: which series each position means, and
/// the value that it had last.
final class TargetChain {
  /// Series of each position.
  int[] refs = new int[16];

  /// Bits of each position's last value; zero before there was one.
  long[] last = new long[16];

  /// How many samples each position's last value stands on.
  byte[] age = new byte[16];

  int size;

  /// Rows so far.
  int rows;

  // What [Tally] needs.
  int talliedPiece = -1;
  int talliedSeries;
  int talliedRow;
  long talliedTime;

  /// Whether it was used since the last segment started.
  boolean used;

  /// Adds a position for `ref` and answers its number.
  int add(int ref) {
    if (size == refs.length) {
      int room = size + (size >> 1);
      refs = Arrays.copyOf(refs, room);
      last = Arrays.copyOf(last, room);
      age = Arrays.copyOf(age, room);
    }
    refs[size] = ref;
    last[size] = 0;
    age[size] = 0;
    return size++;
  }

  void restart() {
    size = 0;
    rows = 0;
    used = false;
  }
}
