package barograph.storage.block;

import barograph.storage.disk.Checksum;
import barograph.storage.model.TimeRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a block's header and table of contents say, checked.
record BlockOutline(
    PagedFile file,
    TimeRange range,
    int seriesCount,
    long sampleCount,
    int rowsPerGroup,
    int level,
    long bytes,
    long checkedBytes,
    Map<Integer, BlockSection> sections) {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Reads the outline of the file `bytes`.
  ///
  /// @throws CorruptBlockException if it is damaged, or from a version that cannot be read
  static BlockOutline read(Path path, MemorySegment bytes) {
    long size = bytes.byteSize();
    if (size < BlockFormat.HEADER_BYTES + BlockFormat.FOOTER_TAIL_BYTES) {
      throw new CorruptBlockException("%s: %d bytes are no block".formatted(path, size));
    }
    checkHeader(path, bytes);
    Map<Integer, BlockSection> sections = readContents(path, bytes);
    BlockSection checksums = find(path, sections, SectionType.PAGE_CHECKSUMS);
    long minTime = bytes.get(LONG, 16);
    long maxTime = bytes.get(LONG, 24);
    int seriesCount = bytes.get(INT, 32);
    int rowsPerGroup = bytes.get(INT, 36);
    if (minTime > maxTime || seriesCount < 1 || rowsPerGroup < 1 || rowsPerGroup > 1024) {
      throw new CorruptBlockException(
          "%s: header tells of %d series from %d to %d in groups of %d"
              .formatted(path, seriesCount, minTime, maxTime, rowsPerGroup));
    }
    return new BlockOutline(
        new PagedFile(path, bytes, checksums.offset(), checksums.offset()),
        new TimeRange(minTime, maxTime),
        seriesCount,
        bytes.get(LONG, 40),
        rowsPerGroup,
        bytes.get(INT, 48),
        size,
        checksums.offset(),
        Map.copyOf(sections));
  }

  /// What the header says of the block, whatever has become of the rest.
  ///
  /// @throws CorruptBlockException if it is damaged itself
  static BlockSummary summary(Path folder, MemorySegment bytes) {
    if (bytes.byteSize() < BlockFormat.HEADER_BYTES) {
      throw new CorruptBlockException("%s: %d bytes".formatted(folder, bytes.byteSize()));
    }
    checkHeader(folder, bytes);
    return new BlockSummary(
        new BlockId(folder.getFileName().toString()),
        folder,
        new TimeRange(bytes.get(LONG, 16), bytes.get(LONG, 24)),
        bytes.get(INT, 32),
        bytes.get(LONG, 40),
        bytes.byteSize());
  }

  /// Where a section is.
  ///
  /// @throws CorruptBlockException if the block has none of that kind
  BlockSection section(SectionType type) {
    return find(file.path(), sections, type);
  }

  /// Where a section is that not every block has, or null.
  @Nullable BlockSection optionalSection(SectionType type) {
    return sections.get(type.number());
  }

  private static BlockSection find(
      Path path, Map<Integer, BlockSection> sections, SectionType type) {
    BlockSection found = sections.get(type.number());
    if (found == null) {
      throw new CorruptBlockException("%s: section %s is missing".formatted(path, type));
    }
    return found;
  }

  private static void checkHeader(Path path, MemorySegment bytes) {
    int magic = bytes.get(INT, 0);
    if (magic != BlockFormat.MAGIC) {
      throw new CorruptBlockException(
          "%s: begins with %08x, expected %08x".formatted(path, magic, BlockFormat.MAGIC));
    }
    checkSum(
        path,
        "header",
        bytes,
        0,
        BlockFormat.HEADER_CRC_AT,
        bytes.get(INT, BlockFormat.HEADER_CRC_AT));
    int major = bytes.get(INT, 4) & 0xffff;
    int required = bytes.get(INT, 8);
    if (major != BlockFormat.MAJOR || (required & ~BlockFormat.KNOWN_REQUIRED_FEATURES) != 0) {
      throw new CorruptBlockException(
          "%s: format %d with features %08x, expected format %d with none but %08x; a newer version wrote it"
              .formatted(
                  path, major, required, BlockFormat.MAJOR, BlockFormat.KNOWN_REQUIRED_FEATURES));
    }
  }

  private static Map<Integer, BlockSection> readContents(Path path, MemorySegment bytes) {
    long size = bytes.byteSize();
    int endMagic = bytes.get(INT, size - 4);
    if (endMagic != BlockFormat.END_MAGIC) {
      throw new CorruptBlockException(
          "%s: ends with %08x, expected %08x".formatted(path, endMagic, BlockFormat.END_MAGIC));
    }
    int count = bytes.get(INT, size - BlockFormat.FOOTER_TAIL_BYTES);
    long contents =
        size - BlockFormat.FOOTER_TAIL_BYTES - (long) BlockFormat.TOC_ENTRY_BYTES * count;
    if (count < 0 || contents < BlockFormat.HEADER_BYTES) {
      throw new CorruptBlockException(
          "%s: table of contents of %d entries in %d bytes".formatted(path, count, size));
    }
    checkSum(
        path, "table of contents", bytes, contents, size - 8 - contents, bytes.get(INT, size - 8));
    var sections = new HashMap<Integer, BlockSection>();
    for (int i = 0; i < count; i++) {
      long entry = contents + (long) BlockFormat.TOC_ENTRY_BYTES * i;
      int type = bytes.get(INT, entry) & 0xffff;
      var section = new BlockSection(bytes.get(LONG, entry + 8), bytes.get(LONG, entry + 16));
      if (section.offset() < 0
          || section.length() < 0
          || section.offset() > contents - section.length()) {
        throw new CorruptBlockException(
            "%s: section %d of %d bytes at %d lies outside"
                .formatted(path, type, section.length(), section.offset()));
      }
      if (type == SectionType.PAGE_CHECKSUMS.number()) {
        long pages = (section.offset() + BlockFormat.PAGE_BYTES - 1) / BlockFormat.PAGE_BYTES;
        if (section.length() != 4 * pages) {
          throw new CorruptBlockException(
              "%s: %d bytes of checksums for %d pages".formatted(path, section.length(), pages));
        }
        checkSum(
            path,
            "list of checksums",
            bytes,
            section.offset(),
            section.length(),
            bytes.get(INT, entry + 4));
      }
      sections.put(type, section);
    }
    return sections;
  }

  private static void checkSum(
      Path path, String what, MemorySegment bytes, long from, long length, int expected) {
    int found = Checksum.of(bytes, from, length);
    if (found != expected) {
      throw new CorruptBlockException(
          "%s: checksum of the %s is %08x, expected %08x; restore the block from a backup or delete its folder"
              .formatted(path, what, found, expected));
    }
  }
}
