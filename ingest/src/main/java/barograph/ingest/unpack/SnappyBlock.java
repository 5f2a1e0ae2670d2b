package barograph.ingest.unpack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Unpacks the block format of Snappy: a declared length, then literals and copies of what has been
/// unpacked before (format description: `format_description.txt` of the Snappy project).
///
/// Trusts nothing: the declared length is held against the limit before room is made, and every
/// length and offset against what is there. Reused; one thread at a time.
///
/// Most elements have few bytes, and how many cannot be foretold: they are copied in whole words,
/// and what is too much of that is overwritten by the next.
final class SnappyBlock {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /// How many bytes a copy has at most: words go no farther over the end of what they are to write,
  /// and none are read so close to the end of what is packed.
  private static final int SLACK = 64;

  /// Bytes of a literal that is copied in words.
  private static final int FEW_BYTES = 16;

  /// What the tag of a copy says: the size in the lowest byte, in the next the high bits of an
  /// offset of one byte, and above them which bits of the two bytes that follow are the offset's.
  private static final int[] COPIES = new int[256];

  private static final int HIGH_OFFSET = 0x700;

  static {
    for (int tag = 0; tag < COPIES.length; tag++) {
      COPIES[tag] =
          (tag & 3) == 1
              ? (0xff << 16) | ((tag >>> 5) << 8) | (4 + ((tag >>> 2) & 7))
              : (0xffff << 16) | (1 + (tag >>> 2));
    }
  }

  private byte[] plain = new byte[64 << 10];
  private int length;

  /// What was unpacked, up to [#length()].
  byte[] bytes() {
    return plain;
  }

  int length() {
    return length;
  }

  /// Unpacks the bytes `[from, to)` of `packed`.
  ///
  /// @throws UnpackException if they are no Snappy block, or one of more than `limit` bytes
  void unpack(byte[] packed, int from, int to, int limit) throws UnpackException {
    int at = from;
    long declared = 0;
    int shift = 0;
    while (true) {
      if (at >= to || shift > 28) {
        throw corrupt("has no length");
      }
      int b = packed[at++];
      declared |= (b & 0x7fL) << shift;
      if (b >= 0) {
        break;
      }
      shift += 7;
    }
    if (declared > 0xffffffffL) {
      throw corrupt("has no length");
    }
    if (declared > limit) {
      throw UnpackException.tooLarge(declared, limit);
    }
    // No element can make more than 64 bytes of three: what claims more is not worth the room.
    if (declared > 32L * (to - at) + 64) {
      throw corrupt("declares %d bytes, more than %d can hold".formatted(declared, to - at));
    }
    length = 0;
    if (plain.length < declared + SLACK) {
      plain = new byte[(int) declared + SLACK];
    }
    elements(packed, at, to, (int) declared);
  }

  private void elements(byte[] packed, int from, int to, int declared) throws UnpackException {
    byte[] out = plain;
    int at = from;
    int filled = 0;
    int lastWords = to - SLACK;
    while (at < to) {
      int tag = packed[at++] & 0xff;
      int kind = tag & 3;
      int size;
      if (kind == 0) {
        size = 1 + (tag >>> 2);
        if (size <= FEW_BYTES && at <= lastWords && size <= declared - filled) {
          copyTwoWords(packed, at, out, filled);
          at += size;
          filled += size;
          continue;
        }
        if (size > 60) {
          int extra = size - 60;
          if (extra > to - at) {
            throw corrupt("ends within an element");
          }
          size = 1 + littleEndian(packed, at, extra);
          at += extra;
        }
        if (size <= 0 || size > to - at || size > declared - filled) {
          throw corrupt("has a literal that is too long");
        }
        System.arraycopy(packed, at, out, filled, size);
        at += size;
        filled += size;
        continue;
      }
      int offset;
      if (at <= lastWords && kind != 3) {
        int copy = COPIES[tag];
        size = copy & 0xff;
        offset = ((short) SHORT.get(packed, at) & (copy >>> 16)) | (copy & HIGH_OFFSET);
        at += kind;
      } else {
        int extra = kind == 3 ? 4 : kind;
        if (extra > to - at) {
          throw corrupt("ends within an element");
        }
        offset = littleEndian(packed, at, extra);
        at += extra;
        size = COPIES[tag] & 0xff;
        offset |= COPIES[tag] & HIGH_OFFSET;
      }
      if (offset <= 0 || offset > filled || size > declared - filled) {
        throw corrupt("copies what is not there");
      }
      if (offset >= Long.BYTES) {
        copyWords(out, filled - offset, filled, size);
      } else {
        repeat(out, filled - offset, filled, size);
      }
      filled += size;
    }
    if (filled != declared) {
      throw corrupt("declares %d bytes and holds %d".formatted(declared, filled));
    }
    length = filled;
  }

  /// Copies forwards what is a word away at least; up to [#SLACK] bytes behind `to` are
  /// overwritten.
  private static void copyWords(byte[] bytes, int from, int to, int size) {
    // In a loop it takes a twentieth longer to unpack a request.
    copyTwoWords(bytes, from, bytes, to);
    if (size > 16) {
      copyTwoWords(bytes, from + 16, bytes, to + 16);
      if (size > 32) {
        copyTwoWords(bytes, from + 32, bytes, to + 32);
        copyTwoWords(bytes, from + 48, bytes, to + 48);
      }
    }
  }

  /// Copies forwards byte by byte, so that what is nearer than the end is repeated.
  private static void repeat(byte[] bytes, int from, int to, int size) {
    if (to - from == 1) {
      Arrays.fill(bytes, to, to + size, bytes[from]);
      return;
    }
    for (int i = 0; i < size; i++) {
      bytes[to + i] = bytes[from + i];
    }
  }

  /// The first word is written before the second is read, which may begin where it ends.
  private static void copyTwoWords(byte[] from, int at, byte[] to, int place) {
    LONG.set(to, place, (long) LONG.get(from, at));
    LONG.set(to, place + Long.BYTES, (long) LONG.get(from, at + Long.BYTES));
  }

  private static int littleEndian(byte[] bytes, int at, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return value;
  }

  private static UnpackException corrupt(String how) {
    return UnpackException.corrupt("snappy: corrupt input: the block " + how);
  }
}
