package barograph.benchmarks;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Packs bytes as senders do: Snappy's block format with copies, found greedily by a table of the
/// last place of each four bytes (format: `format_description.txt` of the Snappy project).
final class SnappyPacker {
  private static final int TABLE_BITS = 14;
  private static final int FURTHEST = 65_535;
  private static final int SHORTEST_COPY = 4;
  private static final int LONGEST_COPY = 64;

  private SnappyPacker() {}

  static byte[] pack(byte[] plain) {
    var packed = new ByteArrayOutputStream(plain.length / 2 + 16);
    for (int rest = plain.length; ; rest >>>= 7) {
      if (rest < 0x80) {
        packed.write(rest);
        break;
      }
      packed.write((rest & 0x7f) | 0x80);
    }
    var lastPlaces = new int[1 << TABLE_BITS];
    Arrays.fill(lastPlaces, -1);
    int literalStart = 0;
    int at = 0;
    while (at + SHORTEST_COPY <= plain.length) {
      int four =
          (plain[at] & 0xff)
              | ((plain[at + 1] & 0xff) << 8)
              | ((plain[at + 2] & 0xff) << 16)
              | (plain[at + 3] << 24);
      int slot = (four * 0x1e35a7bd) >>> (32 - TABLE_BITS);
      int candidate = lastPlaces[slot];
      lastPlaces[slot] = at;
      int length = candidate < 0 || at - candidate > FURTHEST ? 0 : common(plain, candidate, at);
      if (length < SHORTEST_COPY) {
        at++;
        continue;
      }
      literal(packed, plain, literalStart, at);
      copy(packed, at - candidate, length);
      at += length;
      literalStart = at;
    }
    literal(packed, plain, literalStart, plain.length);
    return packed.toByteArray();
  }

  private static int common(byte[] plain, int earlier, int later) {
    int mismatch =
        Arrays.mismatch(plain, earlier, earlier + plain.length - later, plain, later, plain.length);
    return mismatch < 0 ? plain.length - later : mismatch;
  }

  private static void literal(ByteArrayOutputStream packed, byte[] plain, int from, int to) {
    for (int at = from; at < to; ) {
      int length = Math.min(1 << 16, to - at);
      if (length <= 60) {
        packed.write((length - 1) << 2);
      } else {
        packed.write(61 << 2);
        packed.write(length - 1);
        packed.write((length - 1) >>> 8);
      }
      packed.write(plain, at, length);
      at += length;
    }
  }

  private static void copy(ByteArrayOutputStream packed, int distance, int length) {
    for (int rest = length; rest > 0; ) {
      int piece = Math.min(LONGEST_COPY, rest);
      packed.write(((piece - 1) << 2) | 2);
      packed.write(distance);
      packed.write(distance >>> 8);
      rest -= piece;
    }
  }
}
