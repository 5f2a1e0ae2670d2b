package barograph.storage.block;

import barograph.storage.disk.Checksum;
import barograph.storage.model.TimeRange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
  private static final Logger LOG = System.getLogger(BlockOutline.class.getName());

  /// Two tables of contents and a header are shorter.
  private static final int MOST_TAIL_BYTES = 1 << 13;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Reads the outline of the file `bytes`.
  ///
  /// @throws CorruptBlockException if it is damaged, or from a version that cannot be read
  static BlockOutline read(Path path, MemorySegment bytes, PagedFile.Changeable copy) {
    long size = bytes.byteSize();
    if (size < BlockFormat.HEADER_BYTES + BlockFormat.FOOTER_TAIL_BYTES) {
      throw new CorruptBlockException("%s: %d bytes are no block".formatted(path, size));
    }
    long contentsEnd = contentsEnd(path, bytes);
    MemorySegment header = header(path, bytes, contentsEnd);
    checkVersion(path, header);
    Map<Integer, BlockSection> sections = readContents(path, bytes, contentsEnd);
    BlockSection checksums = find(path, sections, SectionType.PAGE_CHECKSUMS);
    BlockSection parity = find(path, sections, SectionType.PARITY);
    if (parity.length() != Parity.bytes(checksums.offset())) {
      throw new CorruptBlockException(
          "%s: %d bytes of parity for %d bytes"
              .formatted(path, parity.length(), checksums.offset()));
    }
    long minTime = header.get(LONG, 16);
    long maxTime = header.get(LONG, 24);
    int seriesCount = header.get(INT, 32);
    int rowsPerGroup = header.get(INT, 36);
    if (minTime > maxTime || seriesCount < 1 || rowsPerGroup < 1 || rowsPerGroup > 1024) {
      throw new CorruptBlockException(
          "%s: header tells of %d series from %d to %d in groups of %d"
              .formatted(path, seriesCount, minTime, maxTime, rowsPerGroup));
    }
    return new BlockOutline(
        new PagedFile(path, bytes, checksums.offset(), parity.offset(), copy),
        new TimeRange(minTime, maxTime),
        seriesCount,
        header.get(LONG, 40),
        rowsPerGroup,
        header.get(INT, 48),
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
    MemorySegment header = anyHeader(folder, bytes);
    return new BlockSummary(
        new BlockId(folder.getFileName().toString()),
        folder,
        new TimeRange(header.get(LONG, 16), header.get(LONG, 24)),
        header.get(INT, 32),
        header.get(LONG, 40),
        bytes.byteSize());
  }

  private static MemorySegment anyHeader(Path folder, MemorySegment bytes) {
    try {
      checkHeader(folder, bytes);
      return bytes;
    } catch (CorruptBlockException first) {
      return header(folder, bytes, contentsEnd(folder, bytes));
    }
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

  /// Where the table of contents ends that is read: the second one if it is sound, else the first.
  private static long contentsEnd(Path path, MemorySegment bytes) {
    long size = bytes.byteSize();
    CorruptBlockException flaw;
    try {
      checkContents(path, bytes, size);
      return size;
    } catch (CorruptBlockException e) {
      flaw = e;
    }
    long least = Math.max(BlockFormat.FOOTER_TAIL_BYTES, size - MOST_TAIL_BYTES);
    for (long end = (size - 1) & -Integer.BYTES; end >= least; end -= Integer.BYTES) {
      if (bytes.get(INT, end - Integer.BYTES) == BlockFormat.END_MAGIC) {
        checkContents(path, bytes, end);
        LOG.log(Level.WARNING, "{0}; the other copy serves", flaw.getMessage());
        return end;
      }
    }
    throw flaw;
  }

  /// The header at the start or, if that is damaged, its copy between the tables of contents.
  private static MemorySegment header(Path path, MemorySegment bytes, long contentsEnd) {
    try {
      checkHeader(path, bytes);
      return bytes;
    } catch (CorruptBlockException flaw) {
      long size = bytes.byteSize();
      long at =
          contentsEnd < size
              ? contentsEnd
              : contents(bytes, contentsEnd) - BlockFormat.HEADER_BYTES;
      if (at < 0 || at + BlockFormat.HEADER_BYTES > size) {
        throw flaw;
      }
      MemorySegment copy = bytes.asSlice(at, BlockFormat.HEADER_BYTES);
      checkHeader(path, copy);
      LOG.log(Level.WARNING, "{0}; the other copy serves", flaw.getMessage());
      return copy;
    }
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
  }

  private static void checkVersion(Path path, MemorySegment header) {
    int major = header.get(INT, 4) & 0xffff;
    int required = header.get(INT, 8);
    if (major != BlockFormat.MAJOR || (required & ~BlockFormat.KNOWN_REQUIRED_FEATURES) != 0) {
      throw new CorruptBlockException(
          "%s: format %d with features %08x, expected format %d with none but %08x; a newer version wrote it"
              .formatted(
                  path, major, required, BlockFormat.MAJOR, BlockFormat.KNOWN_REQUIRED_FEATURES));
    }
  }

  /// Where the table of contents begins that ends at `end`.
  private static long contents(MemorySegment bytes, long end) {
    return end
        - BlockFormat.FOOTER_TAIL_BYTES
        - (long) BlockFormat.TOC_ENTRY_BYTES * bytes.get(INT, end - BlockFormat.FOOTER_TAIL_BYTES);
  }

  private static void checkContents(Path path, MemorySegment bytes, long end) {
    int endMagic = bytes.get(INT, end - 4);
    if (endMagic != BlockFormat.END_MAGIC) {
      throw new CorruptBlockException(
          "%s: ends with %08x, expected %08x".formatted(path, endMagic, BlockFormat.END_MAGIC));
    }
    long contents = contents(bytes, end);
    if (contents < BlockFormat.HEADER_BYTES || contents > end - BlockFormat.FOOTER_TAIL_BYTES) {
      throw new CorruptBlockException(
          "%s: table of contents of %d bytes in %d".formatted(path, end - contents, end));
    }
    checkSum(
        path, "table of contents", bytes, contents, end - 8 - contents, bytes.get(INT, end - 8));
  }

  private static Map<Integer, BlockSection> readContents(Path path, MemorySegment bytes, long end) {
    int count = bytes.get(INT, end - BlockFormat.FOOTER_TAIL_BYTES);
    long contents = contents(bytes, end);
    var sections = new HashMap<Integer, BlockSection>();
    for (int i = 0; i < count; i++) {
      long entry = contents + (long) BlockFormat.TOC_ENTRY_BYTES * i;
      int type = bytes.get(INT, entry) & 0xffff;
      var section =
          new BlockSection(
              bytes.get(LONG, entry + 8), bytes.get(LONG, entry + 16), bytes.get(INT, entry + 4));
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
