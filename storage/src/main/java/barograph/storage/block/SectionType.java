package barograph.storage.block;

/// The parts of a block file, by the number that its table of contents knows them by.
enum SectionType {
  /// Chunks of values, in series order.
  DATA(1),
  /// Timestamp columns.
  TIMESTAMPS(2),
  /// Label names and values.
  LABELS(3),
  /// Series per label pair.
  POSTINGS(4),
  /// Label pairs per series.
  SERIES(5),
  /// Where each series' rows and chunks are.
  DIRECTORY(6),
  /// A checksum per page of all that comes before it.
  PAGE_CHECKSUMS(7),
  /// Native histograms, in series order, if there are any.
  HISTOGRAMS(8),
  /// What is known of long chunks without decoding them.
  STATISTICS(9),
  /// The blocks that a merged one was made of.
  PARENTS(10),
  /// What a damaged page can be made good from.
  PARITY(11);

  private final int number;

  SectionType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
