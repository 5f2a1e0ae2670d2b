package barograph.storage.block;

/// Where a block has the native histograms of which series.
final class HistogramSection {
  /// Of a series without histograms.
  static final byte[] NONE = {};

  /// Behind the table: where the entries begin, and how many there are.
  private static final int TAIL_BYTES = 12;

  private static final int TABLE_ENTRY_BYTES = 8;

  private final PagedFile file;
  private final BlockSection section;
  private final int count;
  private final long table;
  private final long entries;

  HistogramSection(PagedFile file, BlockSection section) {
    this.file = file;
    this.section = section;
    if (section.length() < TAIL_BYTES) {
      throw new CorruptBlockException(
          "%s: %d bytes of histograms".formatted(file.path(), section.length()));
    }
    count = file.getInt(section.end() - 4);
    table = section.end() - TAIL_BYTES - (long) TABLE_ENTRY_BYTES * count;
    entries = section.offset() + file.getLong(section.end() - TAIL_BYTES);
    if (count < 0 || entries < section.offset() || entries > table) {
      throw new CorruptBlockException(
          "%s: %d series have histograms, told of at %d"
              .formatted(file.path(), count, entries - section.offset()));
    }
  }

  PagedFile file() {
    return file;
  }

  /// What tells of the chunks of `series`; [#NONE] if it has none.
  byte[] entry(int series) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = file.getInt(table + (long) TABLE_ENTRY_BYTES * middle);
      if (found < series) {
        low = middle + 1;
      } else if (found > series) {
        high = middle - 1;
      } else {
        long from = entryAt(middle);
        long to = middle + 1 < count ? entryAt(middle + 1) : table;
        if (to < from) {
          throw new CorruptBlockException(
              "%s: histograms of series %d are told of at %d to %d"
                  .formatted(file.path(), series, from, to));
        }
        return file.copy(from, Math.toIntExact(to - from), 0);
      }
    }
    return NONE;
  }

  private long entryAt(int index) {
    return entries
        + Integer.toUnsignedLong(file.getInt(table + (long) TABLE_ENTRY_BYTES * index + 4));
  }

  /// Where the chunk is that stands `offset` behind the section's start.
  long place(long offset, long length) {
    if (offset < 0 || length < 0 || offset + length > entries - section.offset()) {
      throw new CorruptBlockException(
          "%s: chunk of histograms at %d of %d bytes".formatted(file.path(), offset, length));
    }
    return section.offset() + offset;
  }
}
