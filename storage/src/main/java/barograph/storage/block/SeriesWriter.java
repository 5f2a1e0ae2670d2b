package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.model.SampleColumns;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes the series of a block in block order and writes their chunks, their entries in the
/// directory and their label pairs.
///
/// A chunk goes the cheapest of three ways: on its own; as the place of an earlier one with the
/// very same bytes; or, in a histogram, as the differences to the bucket below.
final class SeriesWriter {
  static final int CONSTANT = 1;
  static final int SAME_ROWS = 2;
  static final int PART_OF_COLUMN = 4;
  static final int GAPS = 8;
  static final int KINDS = 16;
  static final int INTEGER = 32;
  static final int NO_FLOATS = 64;

  static final int OWN = 0;
  static final int COPY = 1;
  static final int DIFFERENCE = 2;

  /// Differences of integers up to this stay exact whatever is added to them.
  private static final double INTEGER_LIMIT = 1L << 51;

  private static final double CONSTANT_INTEGER_LIMIT = 1L << 48;

  /// More labels than this do not fit into a mask of what has changed.
  private static final int MOST_MASKED = 56;

  private final PagedWriter file;
  private final LabelPairs labelPairs;
  private final PostingsWriter postings;
  private final BlockOrder order;
  private final ChunkEncoder encoder;
  private final RecentChunks recent = new RecentChunks();
  private final StatisticsWriter statistics = new StatisticsWriter();
  private final ByteSink directory = new ByteSink(1 << 16);
  private final ByteSink directoryOffsets = new ByteSink();
  private final ByteSink labels = new ByteSink(1 << 16);
  private final ByteSink labelOffsets = new ByteSink();
  private final ByteSink chunk = new ByteSink(1 << 14);
  private final ByteSink other = new ByteSink(1 << 14);
  private final ByteSink entry = new ByteSink();
  private final double[] differences = new double[ChunkEncoder.MAX_SAMPLES];

  private int count;
  private int[] pairs = new int[64];
  private int pairCount;
  private int[] previousPairs = new int[64];
  private int previousCount;
  private @Nullable Rows previousRows;
  private SampleColumns previousSamples = new SampleColumns();

  /// A writer of chunks that are a tenth smaller and slower to read if `dense`.
  SeriesWriter(PagedWriter file, LabelPairs pairs, BlockOrder order, boolean dense) {
    this.file = file;
    this.labelPairs = pairs;
    this.postings = new PostingsWriter(pairs.count());
    this.order = order;
    this.encoder = new ChunkEncoder(dense);
  }

  /// Writes the next series, its histograms aside; `samples` is kept to compare the next one with,
  /// and the one before is handed back to be filled again.
  ///
  /// @param series by the order in which it came in
  /// @param column null if it has no floats
  SampleColumns add(int series, ColumnPlan.@Nullable Column column, SampleColumns samples)
      throws IOException {
    boolean first = count % BlockFormat.SERIES_PER_ENTRY == 0;
    if (first) {
      directoryOffsets.putInt(directory.size());
      labelOffsets.putInt(labels.size());
      directory.putVarint(file.sectionPosition());
      statistics.page();
    }
    takePairs(series);
    putLabels(first);
    postings.add(pairs, pairCount);
    if (column == null) {
      directory.putByte(NO_FLOATS);
      previousRows = null;
    } else {
      Rows rows = rowsOf(column, samples);
      putSamples(rows, column, samples, first);
      previousRows = rows;
    }
    SampleColumns reusable = previousSamples;
    previousSamples = samples;
    count++;
    return reusable;
  }

  private void takePairs(int series) {
    int[] reusable = previousPairs;
    previousPairs = pairs;
    previousCount = pairCount;
    pairs = reusable;
    pairCount = labelPairs.pairs(series, pairs, 0);
    if (pairCount < 0) {
      pairs = new int[-pairCount];
      pairCount = labelPairs.pairs(series, pairs, 0);
    }
  }

  private void putLabels(boolean first) {
    if (!first && pairCount == previousCount && pairCount <= MOST_MASKED) {
      long mask = 0;
      for (int i = 0; i < pairCount; i++) {
        mask |= pairs[i] != previousPairs[i] ? 1L << i : 0;
      }
      labels.putVarint(mask << 1 | 1);
      for (long rest = mask; rest != 0; rest &= rest - 1) {
        int i = Long.numberOfTrailingZeros(rest);
        labels.putZigzag((long) pairs[i] - previousPairs[i]);
      }
    } else {
      labels.putVarint((long) pairCount << 1);
      int last = 0;
      for (int i = 0; i < pairCount; i++) {
        labels.putVarint(pairs[i] - last);
        last = pairs[i];
      }
    }
  }

  private void putSamples(Rows rows, ColumnPlan.Column column, SampleColumns samples, boolean first)
      throws IOException {
    boolean sameRows = !first && rows.equals(previousRows);
    boolean part = rows.first() > 0 || rows.span() < column.size();
    int flags =
        sameRows ? SAME_ROWS : (part ? PART_OF_COLUMN : 0) | (rows.runs() != null ? GAPS : 0);
    entry.clear();
    if (isConstant(samples)) {
      flags |= CONSTANT | putConstant(samples.values()[0]);
    } else {
      boolean below =
          sameRows
              && count % BlockFormat.SERIES_PER_KEY != 0
              && order.sameHistogram(previousPairs, previousCount, pairs, pairCount)
              && areIntegers(samples)
              && areIntegers(previousSamples);
      flags |= putChunks(rows, column, samples, below);
    }
    directory.putByte(flags);
    if (!sameRows) {
      directory.putVarint(rows.column());
      if (part) {
        directory.putVarint(rows.first());
        directory.putVarint(rows.span());
      }
      int[] runs = rows.runs();
      if (runs != null) {
        directory.putVarint(runs.length);
        for (int run : runs) {
          directory.putVarint(run);
        }
      }
    }
    directory.putBytes(entry.array(), 0, entry.size());
  }

  private int putConstant(double value) {
    long integer = (long) value;
    if (Math.abs(value) < CONSTANT_INTEGER_LIMIT
        && Double.doubleToRawLongBits((double) integer) == Double.doubleToRawLongBits(value)) {
      entry.putZigzag(integer);
      return INTEGER;
    }
    entry.putLong(Double.doubleToRawLongBits(value));
    return 0;
  }

  /// Writes a chunk per group of rows and notes them in the entry; returns the flag that says how.
  private int putChunks(Rows rows, ColumnPlan.Column column, SampleColumns samples, boolean below)
      throws IOException {
    var kinds =
        new int[(column.size() + BlockFormat.ROWS_PER_GROUP - 1) / BlockFormat.ROWS_PER_GROUP];
    var lengths = new int[kinds.length];
    var distances = new long[kinds.length];
    int chunks = 0;
    int done = 0;
    boolean allOwn = true;
    for (int from = 0; done < samples.size(); from += BlockFormat.ROWS_PER_GROUP) {
      int present = rows.present(from, from + BlockFormat.ROWS_PER_GROUP);
      if (present == 0) {
        continue;
      }
      chunk.clear();
      encoder.encode(samples.values(), done, present, chunk);
      int kind = OWN;
      ByteSink shortest = chunk;
      long copyOf = recent.find(chunk, file.sectionPosition());
      if (copyOf >= 0) {
        kind = COPY;
        distances[chunks] = file.sectionPosition() - copyOf;
      } else if (below) {
        double[] values = samples.values();
        double[] lower = previousSamples.values();
        for (int i = 0; i < present; i++) {
          differences[i] = values[done + i] - lower[done + i];
        }
        other.clear();
        encoder.encode(differences, 0, present, other);
        if (other.size() < chunk.size()) {
          kind = DIFFERENCE;
          shortest = other;
        }
      }
      statistics.add(samples.values(), done, present);
      kinds[chunks] = kind;
      lengths[chunks++] = shortest.size();
      allOwn &= kind == OWN;
      if (kind != COPY) {
        recent.add(shortest, file.sectionPosition(), kind == OWN);
        file.write(shortest);
      }
      done += present;
    }
    for (int i = 0; i < chunks; i++) {
      entry.putVarint(allOwn ? lengths[i] : (long) lengths[i] << 2 | kinds[i]);
      if (kinds[i] == COPY) {
        entry.putVarint(distances[i]);
      }
    }
    return allOwn ? 0 : KINDS;
  }

  private static boolean isConstant(SampleColumns samples) {
    double[] values = samples.values();
    long first = Double.doubleToRawLongBits(values[0]);
    for (int i = 1; i < samples.size(); i++) {
      if (Double.doubleToRawLongBits(values[i]) != first) {
        return false;
      }
    }
    return true;
  }

  private static boolean areIntegers(SampleColumns samples) {
    double[] values = samples.values();
    for (int i = 0; i < samples.size(); i++) {
      double value = values[i];
      if (!(Math.abs(value) < INTEGER_LIMIT)
          || Double.doubleToRawLongBits((double) (long) value)
              != Double.doubleToRawLongBits(value)) {
        return false;
      }
    }
    return true;
  }

  private static Rows rowsOf(ColumnPlan.Column column, SampleColumns samples) {
    long[] times = samples.timestamps();
    int size = samples.size();
    int first = column.rowOf(times[0]);
    int span = column.rowOf(times[size - 1]) - first + 1;
    if (span == size) {
      return new Rows(column.number(), first, span, null);
    }
    var runs = new int[2 * (span - size) + 1];
    int filled = 0;
    int sample = 0;
    boolean has = true;
    for (int row = first; row < first + span; row++) {
      boolean here = column.row(row) == times[sample];
      sample += here ? 1 : 0;
      if (here != has) {
        filled++;
        has = here;
      }
      runs[filled]++;
    }
    if (sample != size) {
      throw new AssertionError("%d of %d samples found their row".formatted(sample, size));
    }
    return new Rows(column.number(), first, span, Arrays.copyOf(runs, filled + 1));
  }

  /// Writes which series have which pair.
  void writePostingsTo(ByteSink into) {
    postings.writeTo(into);
  }

  /// Closes the data section and writes those that tell of the series.
  void finish() throws IOException {
    file.end(SectionType.DATA);
    labels.putBytes(labelOffsets.array(), 0, labelOffsets.size());
    file.section(SectionType.SERIES, labels);
    directory.putBytes(directoryOffsets.array(), 0, directoryOffsets.size());
    file.section(SectionType.DIRECTORY, directory);
    statistics.writeTo(file);
  }
}
