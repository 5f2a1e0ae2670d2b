package barograph.storage.chunk;

/// Turns integer columns back into the integers. One thread at a time.
public final class IntColumnDecoder {
  private final ByteCursor cursor = new ByteCursor();

  /// Decodes a column of `count` integers that takes up `source[from, from + length)` into
  /// `into[at, at + count)`.
  ///
  /// @throws CorruptChunkException if that is no column of `count` integers
  public void decode(byte[] source, int from, int length, int count, long[] into, int at) {
    cursor.reset(source, from, from + length);
    for (int i = at; i < at + count; i++) {
      into[i] = cursor.readLong();
    }
  }
}
