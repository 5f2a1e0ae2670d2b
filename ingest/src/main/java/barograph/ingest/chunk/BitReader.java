package barograph.ingest.chunk;

import barograph.ingest.wire.MalformedMessageException;

/// Reads numbers bit by bit, the highest first, and never past the end.
final class BitReader {
  private final byte[] bytes;
  private long at;
  private final long end;

  BitReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = 8L * from;
    this.end = 8L * to;
  }

  /// Bits that are left.
  long left() {
    return end - at;
  }

  int bit() throws MalformedMessageException {
    return (int) bits(1);
  }

  long bits(int count) throws MalformedMessageException {
    if (count > end - at) {
      throw new MalformedMessageException("a chunk ends within a sample");
    }
    long value = 0;
    int left = count;
    while (left > 0) {
      int within = (int) (at & 7);
      int taken = Math.min(8 - within, left);
      int piece = (bytes[(int) (at >>> 3)] >>> (8 - within - taken)) & ((1 << taken) - 1);
      value = value << taken | piece;
      at += taken;
      left -= taken;
    }
    return value;
  }

  long varint() throws MalformedMessageException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      long next = bits(8);
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedMessageException("a number in a chunk is longer than 64 bits");
  }
}
