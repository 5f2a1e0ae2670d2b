package barograph.storage.block;

import barograph.storage.chunk.ByteCursor;
import java.util.Arrays;

/// Where the rows and chunks of every series are, read a page of a few neighbouring series at a
/// time.
final class SeriesDirectory {
  private final PagedFile file;
  private final BlockSection directory;
  private final BlockSection data;
  private final BlockSection labels;
  private final TimestampColumns columns;
  private final int seriesCount;
  private final int rowsPerGroup;

  SeriesDirectory(
      PagedFile file,
      BlockSection directory,
      BlockSection data,
      BlockSection labels,
      TimestampColumns columns,
      int seriesCount,
      int rowsPerGroup) {
    this.file = file;
    this.directory = directory;
    this.data = data;
    this.labels = labels;
    this.columns = columns;
    this.seriesCount = seriesCount;
    this.rowsPerGroup = rowsPerGroup;
    long pages = (seriesCount - 1L) / BlockFormat.SERIES_PER_ENTRY + 1;
    if (Integer.BYTES * pages > Math.min(directory.length(), labels.length())) {
      throw new CorruptBlockException(
          "%s: %d series in %d and %d bytes of directory"
              .formatted(file.path(), seriesCount, directory.length(), labels.length()));
    }
  }

  /// Reads the label pairs of one series after the other, in any order, which is cheap when
  /// neighbours follow each other. One thread.
  final class PairWalk {
    private final ByteCursor cursor = new ByteCursor();
    private int[] pairs = new int[32];
    private int page = -1;
    private int next;
    private int count;

    /// Goes to a series and tells how many pairs it has.
    int moveTo(int series) {
      int its = series / BlockFormat.SERIES_PER_ENTRY;
      if (its != page || series < next - 1) {
        page = -1;
        byte[] bytes = pageBytes(labels, its);
        cursor.reset(bytes, 0, bytes.length);
        next = its * BlockFormat.SERIES_PER_ENTRY;
        count = 0;
        page = its;
      }
      while (next <= series) {
        step();
      }
      return count;
    }

    /// The pairs of that series, ascending; good until the next move.
    int[] pairs() {
      return pairs;
    }

    private void step() {
      long head = cursor.readVarint();
      if ((head & 1) == 0) {
        count = (int) (head >>> 1);
        if (count < 0 || count > cursor.remaining()) {
          page = -1;
          throw new CorruptBlockException(
              "%s: series %d has %d labels".formatted(file.path(), next, count));
        }
        if (pairs.length < count) {
          pairs = Arrays.copyOf(pairs, 2 * count);
        }
        int last = 0;
        for (int label = 0; label < count; label++) {
          last += (int) cursor.readVarint();
          pairs[label] = last;
        }
      } else {
        for (long mask = head >>> 1; mask != 0; mask &= mask - 1) {
          int label = Long.numberOfTrailingZeros(mask);
          pairs[label] += (int) cursor.readZigzag();
        }
      }
      next++;
    }
  }

  PairWalk walkPairs() {
    return new PairWalk();
  }

  /// The bytes of a page of a section that has one for each of the directory's.
  byte[] pageBytes(BlockSection section, int page) {
    int pages = (seriesCount + BlockFormat.SERIES_PER_ENTRY - 1) / BlockFormat.SERIES_PER_ENTRY;
    long table = section.end() - 4L * pages;
    long from = section.offset() + Integer.toUnsignedLong(file.getInt(table + 4L * page));
    long to =
        page + 1 < pages
            ? section.offset() + Integer.toUnsignedLong(file.getInt(table + 4L * (page + 1)))
            : table;
    return file.copy(from, Math.toIntExact(to - from), 0);
  }

  /// Fills `page` with what the directory says of the neighbourhood of `series`.
  void read(int series, Page page) {
    int number = series / BlockFormat.SERIES_PER_ENTRY;
    if (page.number == number) {
      return;
    }
    page.number = -1;
    int first = number * BlockFormat.SERIES_PER_ENTRY;
    int count = Math.min(BlockFormat.SERIES_PER_ENTRY, seriesCount - first);
    byte[] bytes = pageBytes(directory, number);
    var cursor = new ByteCursor().reset(bytes, 0, bytes.length);
    page.chunks = 0;
    long offset = data.offset() + cursor.readVarint();
    Rows rows = null;
    for (int i = 0; i < count; i++) {
      int flags = cursor.readByte();
      if ((flags & SeriesWriter.NO_FLOATS) != 0) {
        page.rows[i] = Rows.NONE;
        page.firstChunk[i] = page.chunks;
        page.constant[i] = false;
        rows = null;
        continue;
      }
      if ((flags & SeriesWriter.SAME_ROWS) == 0) {
        rows = readRows(cursor, flags);
      }
      if (rows == null) {
        throw new CorruptBlockException(
            "%s: series %d has no rows".formatted(file.path(), first + i));
      }
      page.rows[i] = rows;
      page.firstChunk[i] = page.chunks;
      page.constant[i] = (flags & SeriesWriter.CONSTANT) != 0;
      if (page.constant[i]) {
        page.values[i] =
            (flags & SeriesWriter.INTEGER) != 0
                ? (double) cursor.readZigzag()
                : Double.longBitsToDouble(cursor.readLong());
      } else {
        offset = readChunks(cursor, rows, (flags & SeriesWriter.KINDS) != 0, offset, page);
      }
    }
    page.seriesCount = count;
    page.number = number;
  }

  private Rows readRows(ByteCursor cursor, int flags) {
    int column = cursor.readCount(Integer.MAX_VALUE);
    int first = 0;
    int span = 0;
    if ((flags & SeriesWriter.PART_OF_COLUMN) != 0) {
      first = cursor.readCount(Integer.MAX_VALUE);
      span = cursor.readCount(Integer.MAX_VALUE);
    } else {
      span = columns.column(column).rows();
    }
    long end = (long) first + span;
    if (end > columns.mostRows()) {
      throw new CorruptBlockException(
          "%s: rows %d to %d of a timestamp column".formatted(file.path(), first, end));
    }
    int[] runs = null;
    if ((flags & SeriesWriter.GAPS) != 0) {
      runs = new int[cursor.readCount(cursor.remaining())];
      int left = span;
      for (int i = 0; i < runs.length; i++) {
        runs[i] = cursor.readCount(left);
        left -= runs[i];
      }
    }
    return new Rows(column, first, span, runs);
  }

  private long readChunks(ByteCursor cursor, Rows rows, boolean kinds, long dataOffset, Page page) {
    long offset = dataOffset;
    int end = rows.first() + rows.span();
    for (int from = rows.first() / rowsPerGroup * rowsPerGroup; from < end; from += rowsPerGroup) {
      int present = rows.present(from, from + rowsPerGroup);
      if (present == 0) {
        continue;
      }
      long head = cursor.readVarint();
      int kind = kinds ? (int) head & 3 : SeriesWriter.OWN;
      int length = (int) (kinds ? head >>> 2 : head);
      long at = offset;
      if (kind == SeriesWriter.COPY) {
        at -= cursor.readVarint();
      } else {
        offset += length;
      }
      page.add(from / rowsPerGroup, at, length, kind, present);
    }
    return offset;
  }

  /// What the directory says of a few neighbouring series. One thread at a time.
  static final class Page {
    private int number = -1;
    private final Rows[] rows = new Rows[BlockFormat.SERIES_PER_ENTRY];
    private final boolean[] constant = new boolean[BlockFormat.SERIES_PER_ENTRY];
    private final double[] values = new double[BlockFormat.SERIES_PER_ENTRY];
    private final int[] firstChunk = new int[BlockFormat.SERIES_PER_ENTRY + 1];
    private int seriesCount;
    private int chunks;
    private int[] groups = new int[64];
    private long[] offsets = new long[64];
    private int[] lengths = new int[64];
    private byte[] kinds = new byte[64];
    private int[] counts = new int[64];

    private void add(int group, long offset, int length, int kind, int count) {
      if (chunks == groups.length) {
        groups = Arrays.copyOf(groups, 2 * chunks);
        offsets = Arrays.copyOf(offsets, 2 * chunks);
        lengths = Arrays.copyOf(lengths, 2 * chunks);
        kinds = Arrays.copyOf(kinds, 2 * chunks);
        counts = Arrays.copyOf(counts, 2 * chunks);
      }
      groups[chunks] = group;
      offsets[chunks] = offset;
      lengths[chunks] = length;
      kinds[chunks] = (byte) kind;
      counts[chunks++] = count;
    }

    static int slot(int series) {
      return series % BlockFormat.SERIES_PER_ENTRY;
    }

    /// Which page this is; -1 before any was read.
    int number() {
      return number;
    }

    int seriesCount() {
      return seriesCount;
    }

    int chunkCount() {
      return chunks;
    }

    Rows rows(int slot) {
      return rows[slot];
    }

    boolean isConstant(int slot) {
      return constant[slot];
    }

    /// The one value of a constant series.
    double value(int slot) {
      return values[slot];
    }

    int firstChunk(int slot) {
      return firstChunk[slot];
    }

    /// The group of rows that a chunk is of.
    int group(int chunk) {
      return groups[chunk];
    }

    long offset(int chunk) {
      return offsets[chunk];
    }

    int length(int chunk) {
      return lengths[chunk];
    }

    int kind(int chunk) {
      return kinds[chunk];
    }

    /// How many values a chunk has.
    int count(int chunk) {
      return counts[chunk];
    }
  }
}
