package barograph.storage.chunk;

/// The encodings of a value chunk, as the low three bits of its first byte name them.
final class ChunkMode {
  /// One value for all: an integer as a zigzag varint with [#INTEGER_FLAG], else its 64 bits.
  static final int CONSTANT = 0;

  /// A decimal exponent and an integer column: every value is its mantissa over a power of ten.
  static final int DECIMAL = 1;

  /// The same, and a second column of how many steps of the last place each value is off.
  static final int ADJUSTED = 2;

  /// An integer column of the values' bits, turned so that they order as the values do.
  static final int ORDERED_BITS = 3;

  /// Every value as its bits' difference from the last value's (Gorilla, VLDB 2015).
  static final int XOR = 4;

  /// An integer column of run lengths, and a chunk of the values that run.
  static final int RUNS = 5;

  /// Every value as its 64 bits.
  static final int RAW = 6;

  /// A list of NaNs and infinities, and a chunk in which they repeat their neighbours.
  static final int SPECIALS = 7;

  static final int MASK = 7;
  static final int INTEGER_FLAG = 8;

  private ChunkMode() {}

  /// Order-preserving bits of a value; its own inverse.
  static long turn(long bits) {
    return bits ^ ((bits >> 63) >>> 1);
  }
}
