package barograph.storage.chunk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Turns chunks back into the values they were made of.
///
/// It keeps its working arrays, so use one for many chunks; one thread at a time.
public final class ChunkDecoder {
  private final ByteCursor cursor = new ByteCursor();
  private byte[] bytes = new byte[256];

  /// Decodes a chunk of `count` values, `length` bytes at `offset` of `source`, into `into[at, at +
  /// count)`.
  ///
  /// @throws CorruptChunkException if that is no chunk of `count` values
  public void decode(
      MemorySegment source, long offset, int length, int count, double[] into, int at) {
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    decode(bytes, 0, length, count, into, at);
  }

  /// The same from `source[from, from + length)`.
  ///
  /// @throws CorruptChunkException if that is no chunk of `count` values
  public void decode(byte[] source, int from, int length, int count, double[] into, int at) {
    cursor.reset(source, from, from + length);
    int mode = cursor.readByte();
    if (mode != ChunkMode.RAW) {
      throw new CorruptChunkException("chunk mode is %d, expected 6".formatted(mode));
    }
    for (int i = at; i < at + count; i++) {
      into[i] = Double.longBitsToDouble(cursor.readLong());
    }
  }
}
