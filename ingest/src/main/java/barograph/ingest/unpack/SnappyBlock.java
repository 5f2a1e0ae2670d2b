package barograph.ingest.unpack;

import java.util.Arrays;

/// Unpacks the block format of Snappy: a declared length, then literals and copies of what has been
/// unpacked before (format description: `format_description.txt` of the Snappy project).
///
/// Trusts nothing: the declared length is held against the limit before room is made, and every
/// length and offset against what is there. Reused; one thread at a time.
final class SnappyBlock {
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
    if (plain.length < declared) {
      plain = new byte[(int) declared];
    }
    elements(packed, at, to, (int) declared);
  }

  private void elements(byte[] packed, int from, int to, int declared) throws UnpackException {
    byte[] out = plain;
    int at = from;
    int filled = 0;
    while (at < to) {
      int tag = packed[at++] & 0xff;
      int kind = tag & 3;
      if (kind == 0) {
        int size = tag >>> 2;
        if (size >= 60) {
          int extra = size - 59;
          if (extra > to - at) {
            throw corrupt("ends within an element");
          }
          size = littleEndian(packed, at, extra);
          at += extra;
        }
        size++;
        if (size <= 0 || size > to - at || size > declared - filled) {
          throw corrupt("has a literal that is too long");
        }
        System.arraycopy(packed, at, out, filled, size);
        at += size;
        filled += size;
        continue;
      }
      int extra = kind == 1 ? 1 : kind == 2 ? 2 : 4;
      if (extra > to - at) {
        throw corrupt("ends within an element");
      }
      int offset = littleEndian(packed, at, extra);
      at += extra;
      int size;
      if (kind == 1) {
        size = 4 + ((tag >>> 2) & 7);
        offset |= (tag >>> 5) << 8;
      } else {
        size = 1 + (tag >>> 2);
      }
      if (offset <= 0 || offset > filled || size > declared - filled) {
        throw corrupt("copies what is not there");
      }
      copy(out, filled - offset, filled, size);
      filled += size;
    }
    if (filled != declared) {
      throw corrupt("declares %d bytes and holds %d".formatted(declared, filled));
    }
    length = filled;
  }

  /// Copies forwards byte by byte in effect, so that an overlapping copy repeats its beginning.
  private static void copy(byte[] bytes, int from, int to, int size) {
    int distance = to - from;
    if (distance >= size) {
      System.arraycopy(bytes, from, bytes, to, size);
    } else if (distance == 1) {
      Arrays.fill(bytes, to, to + size, bytes[from]);
    } else {
      for (int i = 0; i < size; i++) {
        bytes[to + i] = bytes[from + i];
      }
    }
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
