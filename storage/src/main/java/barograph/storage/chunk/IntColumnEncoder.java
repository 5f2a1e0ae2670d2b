package barograph.storage.chunk;

/// Turns a column of up to [ChunkEncoder#MAX_SAMPLES] integers into bytes: timestamps above all.
///
/// One thread at a time.
public final class IntColumnEncoder {

  /// Appends `values[from, from + count)` to `into`; the count is not in the bytes.
  public void encode(long[] values, int from, int count, ByteSink into) {
    for (int i = from; i < from + count; i++) {
      into.putLong(values[i]);
    }
  }
}
