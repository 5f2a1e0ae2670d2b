package barograph.storage.chunk;

import java.util.Arrays;

/// Turns integer columns back into the integers. It keeps its working arrays: one thread at a time.
///
/// Separate short loops unpack, patch and sum up over the whole column, so that the compiler can
/// make the most of each.
public final class IntColumnDecoder {
  private final ByteCursor cursor = new ByteCursor();
  private final HuffmanClasses.Decoder huffman = new HuffmanClasses.Decoder();
  private byte[] copy = new byte[256];

  /// Decodes a column of `count` integers that takes up `source[from, from + length)` into
  /// `into[at, at + count)`.
  ///
  /// @throws CorruptChunkException if that is no column of `count` integers
  public void decode(byte[] source, int from, int length, int count, long[] into, int at) {
    byte[] bytes = source;
    int start = from;
    if (from + length + Bits.SLACK > source.length) {
      if (copy.length < length + Bits.SLACK) {
        copy = new byte[length + Bits.SLACK];
      }
      System.arraycopy(source, from, copy, 0, length);
      bytes = copy;
      start = 0;
    }
    try {
      int end = decodeAt(bytes, start, start + length, count, into, at);
      if (end != start + length) {
        throw new CorruptChunkException(
            "column of %d integers takes %d bytes, expected %d"
                .formatted(count, end - start, length));
      }
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptChunkException("column of %d integers is cut short".formatted(count), e);
    }
  }

  /// Decodes a column that begins at `from` and ends at `limit` at the latest, with room to spare
  /// behind.
  ///
  /// @return where it ends
  /// @throws CorruptChunkException or IndexOutOfBoundsException if it makes no sense
  int decodeAt(byte[] bytes, int from, int limit, int count, long[] into, int at) {
    cursor.reset(bytes, from, limit);
    int head = cursor.readByte();
    int transform = head & 3;
    if (transform == 3 || head > 31 || count < transform) {
      throw new CorruptChunkException(
          "integer column of %d begins with 0x%02x".formatted(count, head));
    }
    long first = transform > 0 ? cursor.readZigzag() : 0;
    long firstDelta = transform > 1 ? cursor.readZigzag() : 0;
    long divisor = (head & 16) != 0 ? cursor.readVarint() : 1;
    unpack(bytes, limit, (head >>> 2) & 3, count - transform, into, at + transform);
    switch (transform) {
      case 0 -> {
        if (divisor != 1) {
          throw new CorruptChunkException("plain integer column with divisor " + divisor);
        }
      }
      case 1 -> sum(into, at, count, first, divisor);
      default -> sumTwice(into, at, count, first, firstDelta, divisor);
    }
    return cursor.position();
  }

  private static void sum(long[] column, int at, int count, long first, long divisor) {
    column[at] = first;
    long value = first;
    if (divisor == 1) {
      for (int i = at + 1; i < at + count; i++) {
        value += column[i];
        column[i] = value;
      }
    } else {
      for (int i = at + 1; i < at + count; i++) {
        value += column[i] * divisor;
        column[i] = value;
      }
    }
  }

  private static void sumTwice(
      long[] column, int at, int count, long first, long firstDelta, long divisor) {
    column[at] = first;
    column[at + 1] = first + firstDelta;
    long value = first + firstDelta;
    long delta = firstDelta;
    for (int i = at + 2; i < at + count; i++) {
      delta += column[i] * divisor;
      value += delta;
      column[i] = value;
    }
  }

  private void unpack(byte[] bytes, int limit, int packer, int count, long[] into, int at) {
    switch (packer) {
      case 0 -> {
        int head = cursor.readByte();
        long min = cursor.readZigzag();
        unpackPatched(bytes, limit, head, count, into, at);
        if (min != 0) {
          for (int i = at; i < at + count; i++) {
            into[i] += min;
          }
        }
      }
      case 1 -> {
        unpackPatched(bytes, limit, cursor.readByte(), count, into, at);
        for (int i = at; i < at + count; i++) {
          into[i] = Bits.unzigzag(into[i]);
        }
      }
      case 2 -> unpackMiniBlocks(bytes, limit, count, into, at);
      default -> {
        int end = huffman.decode(bytes, cursor.position(), limit, count, into, at);
        cursor.reset(bytes, end, limit);
      }
    }
  }

  private void unpackPatched(byte[] bytes, int limit, int head, int count, long[] into, int at) {
    int width = head & 127;
    boolean patched = head > 127;
    checkWidth(width);
    if (!patched) {
      Bits.unpack(bytes, take(Bits.packedSize(count, width)), count, width, into, at);
      return;
    }
    int patches = cursor.readCount(count);
    int more = cursor.readByte();
    checkWidth(width + more);
    int placeBits = Patches.placeBits(count);
    long place = 8L * take(Bits.packedSize(patches, placeBits + more));
    Bits.unpack(bytes, take(Bits.packedSize(count, width)), count, width, into, at);
    long high = place + (long) patches * placeBits;
    for (int i = 0; i < patches; i++, place += placeBits, high += more) {
      int index = (int) Bits.get(bytes, place, placeBits);
      if (index >= count) {
        throw new CorruptChunkException("patch at %d of %d integers".formatted(index, count));
      }
      into[at + index] |= Bits.get(bytes, high, more) << width;
    }
    if (cursor.position() > limit) {
      throw new CorruptChunkException("integer column runs past byte " + limit);
    }
  }

  private void unpackMiniBlocks(byte[] bytes, int limit, int count, long[] into, int at) {
    for (int from = 0; from < count; from += IntColumnEncoder.MINI_BLOCK) {
      int size = Math.min(IntColumnEncoder.MINI_BLOCK, count - from);
      int width = cursor.readByte();
      checkWidth(width);
      long min = cursor.readZigzag();
      int start = at + from;
      int packed = Bits.packedSize(size, width);
      if (width == 0) {
        Arrays.fill(into, start, start + size, min);
      } else {
        Bits.unpack(bytes, take(packed), size, width, into, start);
        for (int i = start; i < start + size; i++) {
          into[i] += min;
        }
      }
    }
    if (cursor.position() > limit) {
      throw new CorruptChunkException("integer column runs past byte " + limit);
    }
  }

  /// Passes over `count` bytes and says where they began.
  private int take(int count) {
    int start = cursor.position();
    cursor.skip(count);
    return start;
  }

  private static void checkWidth(int width) {
    if (width > 64) {
      throw new CorruptChunkException("integers of %d bits, expected up to 64".formatted(width));
    }
  }
}
