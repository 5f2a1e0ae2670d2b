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

  /// Decodes the numbers from the `skip`th on, to where [#decodeAt] would put them, going back from
  /// the last one, which is known; what stands in front of them afterwards means nothing.
  ///
  /// @param skip at least 1
  /// @return false if the column is not one that can be read from its end
  /// @throws CorruptChunkException or IndexOutOfBoundsException if it makes no sense
  boolean decodeTailAt(
      byte[] bytes, int from, int limit, int count, int skip, long last, long[] into, int at) {
    cursor.reset(bytes, from, limit);
    int head = cursor.readByte();
    int transform = head & 3;
    if (transform > 1 || head > 31) {
      return false;
    }
    if (transform == 1) {
      cursor.readZigzag();
    }
    long divisor = (head & 16) != 0 ? cursor.readVarint() : 1;
    int packed = count - transform;
    if (!unpackTail(bytes, limit, (head >>> 2) & 3, packed, skip, into, at + transform)) {
      return false;
    }
    if (transform == 1) {
      sumBack(into, at + skip, at + count - 1, last, divisor);
    }
    return true;
  }

  /// From which byte on [#decodeTailAt] reads a column that begins at `from`, whose first bytes up
  /// to `known` are there; no more than `known` if it reads others, too.
  ///
  /// @param known so many that all are there that stand in front of the numbers
  int tailBegin(byte[] bytes, int from, int known, int count, int skip) {
    cursor.reset(bytes, from, known);
    int head = cursor.readByte();
    int transform = head & 3;
    int packer = (head >>> 2) & 3;
    if (transform > 1 || packer > 1) {
      return known;
    }
    if (transform == 1) {
      cursor.readZigzag();
    }
    if ((head & 16) != 0) {
      cursor.readVarint();
    }
    int packed = count - transform;
    int width = cursor.readByte();
    if (packer == 0) {
      cursor.readZigzag();
    }
    if (width > 127) {
      int patches = cursor.readCount(packed);
      int bits = Patches.placeBits(packed) + cursor.readByte();
      int places = Bits.packedSize(patches, bits);
      if (places > cursor.remaining()) {
        return known;
      }
      cursor.skip(places);
    }
    return cursor.position() + (skip >> 3) * (width & 127);
  }

  /// Turns the steps that lead to each of `column(from, to]` into the values of `column[from, to]`.
  private static void sumBack(long[] column, int from, int to, long last, long divisor) {
    long value = last;
    for (int i = to; i > from; i--) {
      long step = column[i] * divisor;
      column[i] = value;
      value -= step;
    }
    column[from] = value;
  }

  /// Unpacks the numbers from the `first`th on, and perhaps some in front of them.
  private boolean unpackTail(
      byte[] bytes, int limit, int packer, int count, int first, long[] into, int at) {
    switch (packer) {
      case 0 -> {
        int head = cursor.readByte();
        long min = cursor.readZigzag();
        unpackPatched(bytes, limit, head, count, first, into, at);
        if (min != 0) {
          for (int i = at + first; i < at + count; i++) {
            into[i] += min;
          }
        }
      }
      case 1 -> {
        unpackPatched(bytes, limit, cursor.readByte(), count, first, into, at);
        for (int i = at + first; i < at + count; i++) {
          into[i] = Bits.unzigzag(into[i]);
        }
      }
      case 2 -> unpackMiniBlocks(bytes, limit, count, first, into, at);
      default -> {
        return huffman.decodeTail(bytes, cursor.position(), limit, count, first, into, at);
      }
    }
    return true;
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
        unpackPatched(bytes, limit, head, count, 0, into, at);
        if (min != 0) {
          for (int i = at; i < at + count; i++) {
            into[i] += min;
          }
        }
      }
      case 1 -> {
        unpackPatched(bytes, limit, cursor.readByte(), count, 0, into, at);
        for (int i = at; i < at + count; i++) {
          into[i] = Bits.unzigzag(into[i]);
        }
      }
      case 2 -> unpackMiniBlocks(bytes, limit, count, 0, into, at);
      default -> {
        int end = huffman.decode(bytes, cursor.position(), limit, count, into, at);
        cursor.reset(bytes, end, limit);
      }
    }
  }

  /// Unpacks at least the numbers from the `first`th on.
  private void unpackPatched(
      byte[] bytes, int limit, int head, int count, int first, long[] into, int at) {
    // Eight numbers take whole bytes.
    int skipped = first & ~7;
    int width = head & 127;
    boolean patched = head > 127;
    checkWidth(width);
    if (!patched) {
      int start = take(Bits.packedSize(count, width)) + (skipped >> 3) * width;
      Bits.unpack(bytes, start, count - skipped, width, into, at + skipped);
      return;
    }
    int patches = cursor.readCount(count);
    int more = cursor.readByte();
    checkWidth(width + more);
    int placeBits = Patches.placeBits(count);
    long place = 8L * take(Bits.packedSize(patches, placeBits + more));
    int start = take(Bits.packedSize(count, width)) + (skipped >> 3) * width;
    Bits.unpack(bytes, start, count - skipped, width, into, at + skipped);
    long high = place + (long) patches * placeBits;
    for (int i = 0; i < patches; i++, place += placeBits, high += more) {
      int index = (int) Bits.get(bytes, place, placeBits);
      if (index >= count) {
        throw new CorruptChunkException("patch at %d of %d integers".formatted(index, count));
      }
      if (index >= skipped) {
        into[at + index] |= Bits.get(bytes, high, more) << width;
      }
    }
    if (cursor.position() > limit) {
      throw new CorruptChunkException("integer column runs past byte " + limit);
    }
  }

  /// Unpacks at least the numbers from the `first`th on.
  private void unpackMiniBlocks(
      byte[] bytes, int limit, int count, int first, long[] into, int at) {
    for (int from = 0; from < count; from += IntColumnEncoder.MINI_BLOCK) {
      int size = Math.min(IntColumnEncoder.MINI_BLOCK, count - from);
      int width = cursor.readByte();
      checkWidth(width);
      long min = cursor.readZigzag();
      int start = at + from;
      int packed = Bits.packedSize(size, width);
      if (from + size <= first) {
        cursor.skip(packed);
      } else if (width == 0) {
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
