package barograph.server.api;

import org.jspecify.annotations.Nullable;

/// Where in an answer label pairs have been written. Series have most pairs in common, and copying
/// their bytes costs less than to look at each character for what must be escaped, above all while
/// that is not compiled yet.
///
/// A pair has one slot, which it shares with others: whoever was last has it.
final class WrittenPairs {
  private static final int SLOTS = 512;

  private @Nullable String[] names = {};
  private @Nullable String[] values = {};
  private int[] starts = {};
  private int[] lengths = {};

  static int slotOf(String name, String value) {
    int hash = 31 * name.hashCode() + value.hashCode();
    return (hash ^ hash >>> 9 ^ hash >>> 18) & SLOTS - 1;
  }

  /// Whether the pair has been written, and its slot has not been taken since.
  boolean has(int slot, String name, String value) {
    return names.length > 0 && value.equals(values[slot]) && name.equals(names[slot]);
  }

  void put(int slot, String name, String value, int start, int length) {
    if (names.length == 0) {
      names = new @Nullable String[SLOTS];
      values = new @Nullable String[SLOTS];
      starts = new int[SLOTS];
      lengths = new int[SLOTS];
    }
    names[slot] = name;
    values[slot] = value;
    starts[slot] = start;
    lengths[slot] = length;
  }

  int start(int slot) {
    return starts[slot];
  }

  int length(int slot) {
    return lengths[slot];
  }
}
