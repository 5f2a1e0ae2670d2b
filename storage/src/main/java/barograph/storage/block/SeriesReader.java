package barograph.storage.block;

import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.chunk.ChunkSummary;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.IntColumnDecoder;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Thinning;
import barograph.storage.model.TimeRange;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the samples of a block's series into columns. It keeps its working arrays, the last page
/// of the directory and the last values that others are differences to, so that neighbouring series
/// are cheap if read in their order; one thread at a time.
final class SeriesReader {
  /// Four stand-ins have a time each.
  private static final int FEWEST_FOR_STAND_INS = 4;

  private final PagedFile file;
  private final SeriesDirectory directory;
  private final TimestampColumns columns;
  private final int rowsPerGroup;
  private final SeriesDirectory.Page page = new SeriesDirectory.Page();
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final IntColumnDecoder integers = new IntColumnDecoder();
  private final Summaries summaries;
  private final @Nullable HistogramReader histograms;

  /// Of a group of fewer rows, or where less than half are not wanted, all are decoded.
  private static final int FEWEST_FOR_TAIL = BlockFormat.FEWEST_FOR_SUMMARY;

  private final double[] below = new double[ChunkEncoder.MAX_SAMPLES];

  /// The values of the chunk that was decoded last for the sake of one that may build on it.
  private final double[] base = new double[ChunkEncoder.MAX_SAMPLES];

  private int basePage = -1;

  /// Its number on that page; -1 if there is none.
  private int baseChunk = -1;

  /// How many of its first values were left out.
  private int baseSkipped;

  SeriesReader(
      PagedFile file,
      SeriesDirectory directory,
      TimestampColumns columns,
      int rowsPerGroup,
      @Nullable BlockSection statistics,
      @Nullable HistogramSection histograms) {
    this.file = file;
    this.directory = directory;
    this.columns = columns;
    this.rowsPerGroup = rowsPerGroup;
    this.summaries = new Summaries(directory, statistics);
    this.histograms = histograms == null ? null : new HistogramReader(histograms);
  }

  /// Adds the samples of `series` that lie in `range` behind those that `into` holds, and returns
  /// how many were left out.
  ///
  /// @param thinning where stand-ins are enough; of a series with histograms nothing is left out
  long read(int series, TimeRange range, Thinning thinning, SampleColumns into) {
    directory.read(series, page);
    int slot = SeriesDirectory.Page.slot(series);
    Rows rows = page.rows(slot);
    boolean mixed = thinning.sparesAnything() && histograms != null && histograms.has(series);
    long leftOut = 0;
    if (rows.span() > 0) {
      leftOut = readFloats(slot, rows, range, mixed ? Thinning.NONE : thinning, into);
    }
    if (histograms != null) {
      histograms.read(series, range, into);
    }
    return leftOut;
  }

  private long readFloats(
      int slot, Rows rows, TimeRange range, Thinning thinning, SampleColumns into) {
    long leftOut = 0;
    TimestampColumns.Column column = columns.column(rows.column());
    int lastGroup = (rows.first() + rows.span() - 1) / rowsPerGroup;
    int chunk = page.firstChunk(slot);
    for (int group = rows.first() / rowsPerGroup; group <= lastGroup; group++) {
      int present = rows.present(group * rowsPerGroup, (group + 1) * rowsPerGroup);
      if (present == 0) {
        continue;
      }
      if (column.first(group) > range.endMillis()) {
        break;
      }
      if (column.last(group) >= range.startMillis()) {
        int standIns =
            thinning.sparesAnything()
                ? putStandIns(slot, chunk, group, present, column, range, thinning, into)
                : 0;
        if (standIns > 0) {
          leftOut += present - standIns;
        } else {
          readGroup(slot, chunk, group, present, column, range, into);
        }
      }
      chunk++;
    }
    return leftOut;
  }

  /// Adds what stands in for the samples of a group and returns how many these are; 0 if all are
  /// wanted, or nothing is known of them.
  private int putStandIns(
      int slot,
      int chunk,
      int group,
      int present,
      TimestampColumns.Column column,
      TimeRange range,
      Thinning thinning,
      SampleColumns into) {
    if (present < FEWEST_FOR_STAND_INS) {
      return 0;
    }
    long first = column.first(group);
    long last = column.last(group);
    if (present < column.rows(group)) {
      into.reserve(present);
      long[] times = into.timestamps();
      int at = into.size();
      page.rows(slot).gather(column.times(group, integers), group * rowsPerGroup, times, at);
      first = times[at];
      last = times[at + present - 1];
    }
    if (first < range.startMillis() || last > range.endMillis() || !thinning.allows(first, last)) {
      return 0;
    }
    ChunkSummary summary = summaries.find(page, slot, chunk);
    if (summary == null || (thinning.onlyRising() && !summary.isRising())) {
      return 0;
    }
    into.add(first, summary.first());
    if (!summary.isRising()) {
      into.add(first + 1, summary.least());
      into.add(first + 2, summary.greatest());
    }
    into.add(last, summary.last());
    return summary.isRising() ? 2 : 4;
  }

  /// Adds the times of all samples of `series`, and its histograms, behind those that `into` holds;
  /// what stands beside the times means nothing.
  void readTimes(int series, SampleColumns into) {
    directory.read(series, page);
    Rows rows = page.rows(SeriesDirectory.Page.slot(series));
    if (rows.span() > 0) {
      TimestampColumns.Column column = columns.column(rows.column());
      int end = rows.first() + rows.span();
      for (int group = rows.first() / rowsPerGroup; group * rowsPerGroup < end; group++) {
        int present = rows.present(group * rowsPerGroup, (group + 1) * rowsPerGroup);
        if (present > 0) {
          into.reserve(present);
          gather(rows, group, present, column.times(group, integers), into);
          into.grewTo(into.size() + present);
        }
      }
    }
    if (histograms != null) {
      histograms.read(series, TimeRange.ALL, into);
    }
  }

  /// Puts the times of the rows that the series has in a group behind those that `into` holds.
  private void gather(Rows rows, int group, int present, long[] shared, SampleColumns into) {
    int found = rows.gather(shared, group * rowsPerGroup, into.timestamps(), into.size());
    if (found != present) {
      throw new CorruptBlockException(
          "%s: %d of %d rows have a time".formatted(file.path(), found, present));
    }
  }

  /// The timestamp column of a series.
  int column(int series) {
    directory.read(series, page);
    return page.rows(SeriesDirectory.Page.slot(series)).column();
  }

  private void readGroup(
      int slot,
      int chunk,
      int group,
      int present,
      TimestampColumns.Column column,
      TimeRange range,
      SampleColumns into) {
    into.reserve(present);
    int at = into.size();
    long[] shared = column.times(group, integers);
    Rows rows = page.rows(slot);
    int firstRow = group * rowsPerGroup;
    long[] times = shared;
    int begin = Math.max(0, rows.first() - firstRow);
    boolean gathered = rows.hasGaps() || begin + present > shared.length;
    if (gathered) {
      gather(rows, group, present, shared, into);
      times = into.timestamps();
      begin = at;
    }
    int from = begin;
    int to = begin + present;
    if (times[from] < range.startMillis()) {
      from = lowerBound(times, from, to, range.startMillis());
    }
    if (times[to - 1] > range.endMillis()) {
      to = lowerBound(times, from, to, range.endMillis() + 1);
    }
    if (from == to) {
      return;
    }
    double[] values = into.values();
    if (page.isConstant(slot)) {
      Arrays.fill(values, at, at + to - from, page.value(slot));
    } else {
      int unwanted = from - begin;
      int skipped = present >= FEWEST_FOR_TAIL && 2 * unwanted >= present ? unwanted : 0;
      decode(slot, chunk, group, present, skipped, values, at);
      if (unwanted > skipped) {
        System.arraycopy(values, at + unwanted, values, at, to - from);
      }
    }
    if (from > begin || !gathered) {
      System.arraycopy(times, from, into.timestamps(), at, to - from);
    }
    into.grewTo(at + to - from);
  }

  /// Decodes the values of a chunk but for the first `skip`; one that holds differences has those
  /// of the series before it added, until one comes that stands on its own or is known.
  private void decode(int slot, int chunk, int group, int count, int skip, double[] into, int at) {
    decodeChunk(slot, chunk, group, count, skip, into, at);
    int wanted = count - skip;
    int lower = slot;
    int ordinal = chunk - page.firstChunk(slot);
    int kind = page.kind(chunk);
    boolean isDifference = kind == SeriesWriter.DIFFERENCE;
    while (kind == SeriesWriter.DIFFERENCE) {
      lower--;
      if (lower < 0) {
        throw new CorruptBlockException(
            "%s: differences to a series on another page".formatted(file.path()));
      }
      if (page.isConstant(lower)) {
        double value = page.value(lower);
        for (int i = 0; i < wanted; i++) {
          into[at + i] += value;
        }
        break;
      }
      int lowerChunk = page.firstChunk(lower) + ordinal;
      if (isBase(lowerChunk, group, count, skip)) {
        add(base, wanted, into, at);
        break;
      }
      decodeChunk(lower, lowerChunk, group, count, skip, below, 0);
      add(below, wanted, into, at);
      kind = page.kind(lowerChunk);
    }
    if (isDifference || isBaseOf(slot + 1, ordinal)) {
      System.arraycopy(into, at, base, 0, wanted);
      basePage = page.number();
      baseChunk = chunk;
      baseSkipped = skip;
    }
  }

  /// Whether that chunk is the one whose values are known, and is of that group.
  private boolean isBase(int chunk, int group, int count, int skip) {
    return chunk == baseChunk
        && skip == baseSkipped
        && page.number() == basePage
        && page.group(chunk) == group
        && page.count(chunk) == count;
  }

  private static void add(double[] values, int count, double[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] += values[i];
    }
  }

  /// Whether a chunk of the series at `next` holds differences to that of the series before it.
  private boolean isBaseOf(int next, int ordinal) {
    if (next >= page.seriesCount() || page.isConstant(next)) {
      return false;
    }
    int chunk = page.firstChunk(next) + ordinal;
    return chunk < page.chunkCount() && page.kind(chunk) == SeriesWriter.DIFFERENCE;
  }

  /// Decodes what a chunk itself holds into `into[at, at + count - skip)`; what stands behind, up
  /// to `at + count`, means nothing afterwards.
  private void decodeChunk(
      int slot, int chunk, int group, int count, int skip, double[] into, int at) {
    if (page.group(chunk) != group || page.count(chunk) != count) {
      throw new CorruptBlockException(
          "%s: chunk of %d values in group %d, expected %d in %d"
              .formatted(file.path(), page.count(chunk), page.group(chunk), count, group));
    }
    long offset = page.offset(chunk);
    int length = page.length(chunk);
    MemorySegment bytes = file.check(offset, length);
    if (skip == 0) {
      chunks.decode(bytes, offset, length, count, into, at);
    } else {
      chunks.decodeTail(bytes, offset, length, count, skip, lastIn(slot, chunk), into, at);
    }
  }

  /// The last value that a chunk itself holds, as the block tells of it; NaN if it does not.
  private double lastIn(int slot, int chunk) {
    double last = lastOf(slot, chunk);
    if (page.kind(chunk) != SeriesWriter.DIFFERENCE || slot == 0) {
      return last;
    }
    int ordinal = chunk - page.firstChunk(slot);
    return last - lastOf(slot - 1, page.firstChunk(slot - 1) + ordinal);
  }

  /// The last value of a series in the rows of one of its chunks, or where it would have one.
  private double lastOf(int slot, int chunk) {
    try {
      ChunkSummary summary = summaries.find(page, slot, chunk);
      return summary == null ? Double.NaN : summary.last();
    } catch (CorruptBlockException | CorruptChunkException | IndexOutOfBoundsException e) {
      // All of the chunk can still be read from its beginning.
      return Double.NaN;
    }
  }

  private static int lowerBound(long[] times, int from, int to, long time) {
    int found = Arrays.binarySearch(times, from, to, time);
    return found >= 0 ? found : -found - 1;
  }
}
