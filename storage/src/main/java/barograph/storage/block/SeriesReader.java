package barograph.storage.block;

import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.chunk.IntColumnDecoder;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the samples of a block's series into columns. It keeps its working arrays and the last
/// page of the directory, so that neighbouring series are cheap; one thread at a time.
final class SeriesReader {
  private final PagedFile file;
  private final SeriesDirectory directory;
  private final TimestampColumns columns;
  private final int rowsPerGroup;
  private final SeriesDirectory.Page page = new SeriesDirectory.Page();
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final IntColumnDecoder integers = new IntColumnDecoder();
  private final @Nullable HistogramReader histograms;
  private final double[] below = new double[ChunkEncoder.MAX_SAMPLES];

  SeriesReader(
      PagedFile file,
      SeriesDirectory directory,
      TimestampColumns columns,
      int rowsPerGroup,
      @Nullable HistogramSection histograms) {
    this.file = file;
    this.directory = directory;
    this.columns = columns;
    this.rowsPerGroup = rowsPerGroup;
    this.histograms = histograms == null ? null : new HistogramReader(histograms);
  }

  /// Adds the samples of `series` that lie in `range` behind those that `into` holds.
  void read(int series, TimeRange range, SampleColumns into) {
    directory.read(series, page);
    int slot = SeriesDirectory.Page.slot(series);
    Rows rows = page.rows(slot);
    if (rows.span() > 0) {
      readFloats(slot, rows, range, into);
    }
    if (histograms != null) {
      histograms.read(series, range, into);
    }
  }

  private void readFloats(int slot, Rows rows, TimeRange range, SampleColumns into) {
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
        readGroup(slot, chunk, group, present, column, range, into);
      }
      chunk++;
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
    long[] times = into.timestamps();
    double[] values = into.values();
    int found =
        page.rows(slot).gather(column.times(group, integers), group * rowsPerGroup, times, at);
    if (found != present) {
      throw new CorruptBlockException(
          "%s: %d of %d rows have a time".formatted(file.path(), found, present));
    }
    int from = at;
    int to = at + present;
    if (times[from] < range.startMillis()) {
      from = lowerBound(times, from, to, range.startMillis());
    }
    if (times[to - 1] > range.endMillis()) {
      to = lowerBound(times, from, to, range.endMillis() + 1);
    }
    if (from == to) {
      return;
    }
    if (page.isConstant(slot)) {
      Arrays.fill(values, from, to, page.value(slot));
    } else {
      decode(slot, chunk, group, present, values, at);
    }
    if (from > at) {
      System.arraycopy(times, from, times, at, to - from);
      System.arraycopy(values, from, values, at, to - from);
    }
    into.grewTo(at + to - from);
  }

  /// Decodes a chunk; one that holds differences has those of the series before it added, until one
  /// comes that stands on its own.
  private void decode(int slot, int chunk, int group, int count, double[] into, int at) {
    decodeChunk(chunk, group, count, into, at);
    int lower = slot;
    int ordinal = chunk - page.firstChunk(slot);
    int kind = page.kind(chunk);
    while (kind == SeriesWriter.DIFFERENCE) {
      lower--;
      if (lower < 0) {
        throw new CorruptBlockException(
            "%s: differences to a series on another page".formatted(file.path()));
      }
      if (page.isConstant(lower)) {
        double value = page.value(lower);
        for (int i = 0; i < count; i++) {
          into[at + i] += value;
        }
        return;
      }
      int lowerChunk = page.firstChunk(lower) + ordinal;
      decodeChunk(lowerChunk, group, count, below, 0);
      for (int i = 0; i < count; i++) {
        into[at + i] += below[i];
      }
      kind = page.kind(lowerChunk);
    }
  }

  private void decodeChunk(int chunk, int group, int count, double[] into, int at) {
    if (page.group(chunk) != group || page.count(chunk) != count) {
      throw new CorruptBlockException(
          "%s: chunk of %d values in group %d, expected %d in %d"
              .formatted(file.path(), page.count(chunk), page.group(chunk), count, group));
    }
    long offset = page.offset(chunk);
    int length = page.length(chunk);
    chunks.decode(file.check(offset, length), offset, length, count, into, at);
  }

  private static int lowerBound(long[] times, int from, int to, long time) {
    int found = Arrays.binarySearch(times, from, to, time);
    return found >= 0 ? found : -found - 1;
  }
}
