package barograph.storage.block;

/// Numbers of the file format that writer and reader share; `docs/format/block.md` draws them.
final class BlockFormat {
  static final int MAGIC = 0x31424742; // "BGB1"
  static final int END_MAGIC = 0x45424742; // "BGBE"
  static final int MAJOR = 1;
  static final int MINOR = 0;

  /// Required feature of a block that has native histograms.
  static final int FEATURE_HISTOGRAMS = 1;

  /// Features a reader must know to read a block at all.
  static final int KNOWN_REQUIRED_FEATURES = FEATURE_HISTOGRAMS;

  static final int HEADER_BYTES = 64;
  static final int HEADER_CRC_AT = 60;
  static final int TOC_ENTRY_BYTES = 24;

  /// Count of entries, checksum, magic.
  static final int FOOTER_TAIL_BYTES = 12;

  /// What has a checksum of its own, and so what one flipped bit costs: a few chunks.
  static final int PAGE_BYTES = 1 << 12;

  /// Pages that are written, and read anew by a scrub, at once.
  static final int PAGES_PER_PIECE = 16;

  static final int PIECE_BYTES = PAGES_PER_PIECE * PAGE_BYTES;
  static final int SECTION_ALIGNMENT = 64;

  /// Rows of a timestamp column that share a chunk.
  static final int ROWS_PER_GROUP = 1024;

  /// A chunk of fewer values is decoded as soon as its summary is read.
  static final int FEWEST_FOR_SUMMARY = 512;

  /// Series that share an entry of an offset table.
  static final int SERIES_PER_ENTRY = 16;

  /// A series that stands in for the difference to its neighbour needs one that does not, at least
  /// this often; it divides [#SERIES_PER_ENTRY], so that a chain of differences never leaves one.
  static final int SERIES_PER_KEY = 8;

  private BlockFormat() {}
}
