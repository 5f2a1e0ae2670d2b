package barograph.storage.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Whole columns of equally wide numbers in a row of bits, the lowest bit first, and the small
/// arithmetic around it.
///
/// Reading fetches eight bytes at a time and so up to [#SLACK] bytes past the last one it needs:
/// whoever calls sees to it that they exist.
final class Bits {
  /// Bytes that must exist behind any that are unpacked.
  static final int SLACK = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bits() {}

  static long getLong(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONG.set(bytes, at, value);
  }

  /// Bits that the unsigned number needs, 0 to 64.
  static int width(long unsigned) {
    return 64 - Long.numberOfLeadingZeros(unsigned);
  }

  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  static long unzigzag(long zigzag) {
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /// Bytes that `count` numbers of `width` bits take.
  static int packedSize(int count, int width) {
    return (int) (((long) count * width + 7) >>> 3);
  }

  /// Reads `width` bits, up to 64, from bit `at` on.
  static long get(byte[] bytes, long at, int width) {
    int shift = (int) at & 7;
    int index = (int) (at >>> 3);
    long low = getLong(bytes, index) >>> shift;
    if (shift + width > 64) {
      low |= (long) bytes[index + 8] << (64 - shift);
    }
    return width == 64 ? low : low & ((1L << width) - 1);
  }

  /// Unpacks `count` numbers of `width` bits that begin at byte `from`.
  static void unpack(byte[] bytes, int from, int count, int width, long[] into, int at) {
    if (width == 0) {
      Arrays.fill(into, at, at + count, 0);
    } else if (width <= 7) {
      unpackEightPerLoad(bytes, from, count, width, into, at);
    } else if (width <= 14) {
      unpackFourPerLoad(bytes, from, count, width, into, at);
    } else if (width <= 57) {
      unpackOnePerLoad(bytes, 8L * from, count, width, into, at);
    } else {
      long bit = 8L * from;
      for (int i = at; i < at + count; i++, bit += width) {
        into[i] = get(bytes, bit, width);
      }
    }
  }

  /// Eight numbers take exactly `width` bytes, so every load starts at a whole byte.
  private static void unpackEightPerLoad(
      byte[] bytes, int from, int count, int width, long[] into, int at) {
    long mask = (1L << width) - 1;
    int whole = count & ~7;
    int offset = from;
    for (int i = at; i < at + whole; i += 8, offset += width) {
      long word = (long) LONG.get(bytes, offset);
      into[i] = word & mask;
      into[i + 1] = (word >>> width) & mask;
      into[i + 2] = (word >>> (2 * width)) & mask;
      into[i + 3] = (word >>> (3 * width)) & mask;
      into[i + 4] = (word >>> (4 * width)) & mask;
      into[i + 5] = (word >>> (5 * width)) & mask;
      into[i + 6] = (word >>> (6 * width)) & mask;
      into[i + 7] = (word >>> (7 * width)) & mask;
    }
    unpackOnePerLoad(bytes, 8L * offset, count - whole, width, into, at + whole);
  }

  private static void unpackFourPerLoad(
      byte[] bytes, int from, int count, int width, long[] into, int at) {
    long mask = (1L << width) - 1;
    int whole = count & ~3;
    long bit = 8L * from;
    for (int i = at; i < at + whole; i += 4, bit += 4L * width) {
      long word = (long) LONG.get(bytes, (int) (bit >>> 3)) >>> (bit & 7);
      into[i] = word & mask;
      into[i + 1] = (word >>> width) & mask;
      into[i + 2] = (word >>> (2 * width)) & mask;
      into[i + 3] = (word >>> (3 * width)) & mask;
    }
    unpackOnePerLoad(bytes, bit, count - whole, width, into, at + whole);
  }

  private static void unpackOnePerLoad(
      byte[] bytes, long fromBit, int count, int width, long[] into, int at) {
    long mask = (1L << width) - 1;
    long bit = fromBit;
    for (int i = at; i < at + count; i++, bit += width) {
      into[i] = ((long) LONG.get(bytes, (int) (bit >>> 3)) >>> (bit & 7)) & mask;
    }
  }
}
