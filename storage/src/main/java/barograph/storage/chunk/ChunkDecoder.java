package barograph.storage.chunk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Turns chunks back into the values they were made of.
///
/// A chunk is first copied into an array of its own: that costs a fiftieth of a nanosecond a value
/// and lets the loops behind it run without a look at the mapping's lifetime. It keeps its working
/// arrays, so use one for many chunks; one thread at a time.
public final class ChunkDecoder {
  /// How deep chunks nest: specials in front of runs in front of values.
  private static final int MAX_DEPTH = 2;

  /// What is copied of a chunk to see how much of it is wanted: more than stands in front of the
  /// numbers of a column.
  private static final int HEAD_BYTES = 64;

  private final ByteCursor cursor = new ByteCursor();
  private final IntColumnDecoder integers = new IntColumnDecoder();
  private final long[] column = new long[ChunkEncoder.MAX_SAMPLES];
  private final long[] distances = new long[ChunkEncoder.MAX_SAMPLES];
  private final long[] runLengths = new long[ChunkEncoder.MAX_SAMPLES];
  private final double[] runValues = new double[ChunkEncoder.MAX_SAMPLES];
  private byte[] copy = new byte[1024];

  /// Decodes a chunk of `count` values, `length` bytes at `offset` of `source`, into `into[at, at +
  /// count)`.
  ///
  /// @throws CorruptChunkException if that is no chunk of `count` values
  public void decode(
      MemorySegment source, long offset, int length, int count, double[] into, int at) {
    reserve(length);
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
    decodeCopy(length, count, 0, into, at);
  }

  /// The same from `source[from, from + length)`.
  ///
  /// @throws CorruptChunkException if that is no chunk of `count` values
  public void decode(byte[] source, int from, int length, int count, double[] into, int at) {
    reserve(length);
    System.arraycopy(source, from, copy, 0, length);
    decodeCopy(length, count, 0, into, at);
  }

  /// Decodes the values from the `skip`th on alone into `into[at, at + count - skip)`: going back
  /// from the last one where the chunk can be read from its end, as most can. What stands behind,
  /// up to `at + count`, means nothing afterwards.
  ///
  /// @param skip less than `count`
  /// @param last the last value, NaN if it is not known
  /// @throws CorruptChunkException if it is no chunk of `count` values
  public void decodeTail(
      MemorySegment source,
      long offset,
      int length,
      int count,
      int skip,
      double last,
      double[] into,
      int at) {
    reserve(length);
    int known = Math.min(length, HEAD_BYTES);
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, copy, 0, known);
    try {
      if (skip > 0 && !Double.isNaN(last) && count <= ChunkEncoder.MAX_SAMPLES) {
        int begin = Math.clamp(tailBegin(known, count, skip), known, length);
        copyMore(source, offset, begin, length);
        if (decodeBack(length, count, skip, last, into, at)) {
          return;
        }
        copyMore(source, offset, known, begin);
      } else {
        copyMore(source, offset, known, length);
      }
    } catch (IndexOutOfBoundsException e) {
      throw cutShort(count, e);
    }
    decodeCopy(length, count, skip, into, at);
  }

  private void copyMore(MemorySegment source, long offset, int from, int to) {
    if (from < to) {
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset + from, copy, from, to - from);
    }
  }

  private static CorruptChunkException cutShort(int count, IndexOutOfBoundsException cause) {
    return new CorruptChunkException("chunk of %d values is cut short".formatted(count), cause);
  }

  /// From which byte on a chunk of which the first `known` bytes are copied is read to decode its
  /// values from the `skip`th on; no more than `known` if others are, too.
  private int tailBegin(int known, int count, int skip) {
    if (known < HEAD_BYTES) {
      return known;
    }
    return switch (copy[0]) {
      case ChunkMode.DECIMAL -> integers.tailBegin(copy, 2, known, count, skip);
      case ChunkMode.ORDERED_BITS -> integers.tailBegin(copy, 1, known, count, skip);
      default -> known;
    };
  }

  private boolean decodeBack(int length, int count, int skip, double last, double[] into, int at) {
    cursor.reset(copy, 0, length);
    return switch (cursor.readByte()) {
      case ChunkMode.DECIMAL -> decodeDecimalTail(length, count, skip, last, into, at);
      case ChunkMode.ORDERED_BITS -> decodeBitsTail(length, count, skip, last, into, at);
      default -> false;
    };
  }

  private boolean decodeDecimalTail(
      int length, int count, int skip, double last, double[] into, int at) {
    int exponent = readExponent();
    long mantissa = Decimals.onlyMantissa(last, exponent);
    if (mantissa == Decimals.NO_MANTISSA
        || !integers.decodeTailAt(copy, 2, length, count, skip, mantissa, column, 0)) {
      return false;
    }
    Decimals.values(column, skip, count - skip, exponent, into, at);
    return true;
  }

  private boolean decodeBitsTail(
      int length, int count, int skip, double last, double[] into, int at) {
    long turned = ChunkMode.turn(Double.doubleToRawLongBits(last));
    if (!integers.decodeTailAt(copy, 1, length, count, skip, turned, column, 0)) {
      return false;
    }
    turnBack(skip, count, into, at);
    return true;
  }

  private void turnBack(int skip, int count, double[] into, int at) {
    for (int i = skip; i < count; i++) {
      into[at + i - skip] = Double.longBitsToDouble(ChunkMode.turn(column[i]));
    }
  }

  private void reserve(int length) {
    if (copy.length < length + Bits.SLACK) {
      copy = new byte[length + Bits.SLACK];
    }
  }

  private void decodeCopy(int length, int count, int skip, double[] into, int at) {
    if (count < 1 || count > ChunkEncoder.MAX_SAMPLES) {
      throw new CorruptChunkException(
          "a chunk of %d values, expected 1 to %d".formatted(count, ChunkEncoder.MAX_SAMPLES));
    }
    try {
      int end = decodeAt(0, length, count, skip, into, at, 0);
      if (end != length) {
        throw new CorruptChunkException(
            "chunk of %d values takes %d bytes, expected %d".formatted(count, end, length));
      }
    } catch (IndexOutOfBoundsException e) {
      throw cutShort(count, e);
    }
  }

  /// Decodes the values of a chunk, perhaps within another, from the `skip`th on, and returns where
  /// it ends.
  private int decodeAt(int from, int limit, int count, int skip, double[] into, int at, int depth) {
    cursor.reset(copy, from, limit);
    int head = cursor.readByte();
    if ((head & ~ChunkMode.MASK) != 0 && head != (ChunkMode.CONSTANT | ChunkMode.INTEGER_FLAG)) {
      throw new CorruptChunkException("chunk begins with 0x%02x".formatted(head));
    }
    int next = from + 1;
    return switch (head & ChunkMode.MASK) {
      case ChunkMode.CONSTANT -> {
        double value =
            head == ChunkMode.CONSTANT
                ? Double.longBitsToDouble(cursor.readLong())
                : (double) cursor.readZigzag();
        Arrays.fill(into, at, at + count - skip, value);
        yield cursor.position();
      }
      case ChunkMode.DECIMAL -> {
        int exponent = readExponent();
        int end = integers.decodeAt(copy, next + 1, limit, count, column, 0);
        Decimals.values(column, skip, count - skip, exponent, into, at);
        yield end;
      }
      case ChunkMode.ADJUSTED -> {
        int exponent = readExponent();
        int end = integers.decodeAt(copy, next + 1, limit, count, column, 0);
        end = integers.decodeAt(copy, end, limit, count, distances, 0);
        Decimals.join(column, distances, skip, count - skip, exponent, into, at);
        yield end;
      }
      case ChunkMode.ORDERED_BITS -> {
        int end = integers.decodeAt(copy, next, limit, count, column, 0);
        turnBack(skip, count, into, at);
        yield end;
      }
      case ChunkMode.XOR -> {
        int end = XorBits.decode(copy, next, limit, count, into, at);
        if (skip > 0) {
          System.arraycopy(into, at + skip, into, at, count - skip);
        }
        yield end;
      }
      case ChunkMode.RUNS -> decodeRuns(limit, count, skip, into, at, depth);
      case ChunkMode.RAW -> {
        cursor.skip(Long.BYTES * skip);
        for (int i = at; i < at + count - skip; i++) {
          into[i] = Double.longBitsToDouble(cursor.readLong());
        }
        yield cursor.position();
      }
      default -> decodeSpecials(limit, count, skip, into, at, depth);
    };
  }

  private int readExponent() {
    int exponent = cursor.readByte();
    if (exponent > Decimals.MAX_EXPONENT) {
      throw new CorruptChunkException("decimal exponent is " + exponent);
    }
    return exponent;
  }

  private int decodeRuns(int limit, int count, int skip, double[] into, int at, int depth) {
    int runs = cursor.readCount(count);
    if (depth >= MAX_DEPTH || runs < 2) {
      throw new CorruptChunkException("%d runs at depth %d".formatted(runs, depth));
    }
    int end = integers.decodeAt(copy, cursor.position(), limit, runs - 1, runLengths, 0);
    int filled = 0;
    int first = 0;
    for (int i = 0; i < runs - 1; i++) {
      long length = runLengths[i];
      if (length < 1 || length > count - filled) {
        throw new CorruptChunkException("run of %d among %d values".formatted(length, count));
      }
      filled += (int) length;
      runLengths[i] = filled;
      first = filled <= skip ? i + 1 : first;
    }
    end = decodeAt(end, limit, runs, first, runValues, 0, MAX_DEPTH);
    int from = at;
    for (int i = first; i < runs - 1; i++) {
      int to = at + (int) runLengths[i] - skip;
      Arrays.fill(into, from, to, runValues[i - first]);
      from = to;
    }
    Arrays.fill(into, from, at + count - skip, runValues[runs - 1 - first]);
    return end;
  }

  private int decodeSpecials(int limit, int count, int skip, double[] into, int at, int depth) {
    int specials = cursor.readCount(count);
    if (depth > 0) {
      throw new CorruptChunkException("specials at depth " + depth);
    }
    int list = cursor.position();
    for (int i = 0; i < specials; i++) {
      if ((cursor.readVarint() & 3) == Specials.OTHER) {
        cursor.skip(8);
      }
    }
    int end = decodeAt(cursor.position(), limit, count, skip, into, at, 1);
    cursor.reset(copy, list, limit);
    long place = 0;
    for (int i = 0; i < specials; i++) {
      long entry = cursor.readVarint();
      int kind = (int) entry & 3;
      place += entry >>> 2;
      if (place >= count) {
        throw new CorruptChunkException("special at %d of %d values".formatted(place, count));
      }
      long bits = kind == Specials.OTHER ? cursor.readLong() : Specials.bits(kind);
      if (place >= skip) {
        into[at + (int) place - skip] = Double.longBitsToDouble(bits);
      }
    }
    return end;
  }
}
