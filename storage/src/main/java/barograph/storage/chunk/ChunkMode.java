package barograph.storage.chunk;

/// The encodings of a value chunk, as its first byte names them.
final class ChunkMode {
  /// Every value as its 64 bits.
  static final int RAW = 6;

  private ChunkMode() {}
}
