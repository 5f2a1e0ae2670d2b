package barograph.storage.head;

import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.IntColumnDecoder;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds what a series has at one time among its samples in order: the writer's, for samples that
/// come late.
///
/// Whether there is a float of that time is told by the target's rows and by what stands before
/// each sealed chunk; only if there is one are its neighbours decoded.
final class SampleFinder {
  private final Head head;
  private final ChunkHead chunk = new ChunkHead();
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final IntColumnDecoder columns = new IntColumnDecoder();
  private final HistogramStreams.Reader histograms;
  private final HistogramColumns found = new HistogramColumns();
  private final long[] words = new long[BitStream.MAX_WORDS];
  private final long[] times = new long[Head.MOST_ROWS];
  private final double[] values = new double[Head.MOST_ROWS];
  private final Holes holes = new Holes();

  SampleFinder(Head head) {
    this.head = head;
    this.histograms = head.histograms.new Reader();
  }

  /// What the living series `ref` has at `timestamp`, which is not before the head's floor.
  ///
  /// @param bits the float that would be stored there
  /// @param histogram or the histogram, if that is not null
  Found find(int ref, long timestamp, long bits, @Nullable Histogram histogram) {
    if (head.tombstones().covers(ref, timestamp)) {
      return Found.NOTHING;
    }
    Found found = findFloat(ref, timestamp, bits);
    if (found != Found.NOTHING) {
      return histogram == null ? found : Found.OTHER;
    }
    return head.hasHistograms(ref) ? findHistogram(ref, timestamp, histogram) : Found.NOTHING;
  }

  private Found findHistogram(int ref, long timestamp, @Nullable Histogram histogram) {
    try {
      histograms.read(ref, timestamp, timestamp, found.clear());
    } catch (CorruptHeadException _) {
      // As below.
    }
    return found.size() == 0
        ? Found.NOTHING
        : found.histogram(0).equals(histogram) ? Found.SAME : Found.OTHER;
  }

  private Found findFloat(int ref, long timestamp, long bits) {
    int cell = head.table.cell(ref);
    ByteBuffer record = head.cells.slab(cell);
    int at = Cells.offset(cell);
    TargetTimes target = head.target(record.getInt(at + Series.TARGET));
    int rows = Series.rows(record, at);
    int own = record.getInt(at + Series.OWN_TIMES);
    try {
      if (rows > 0 && own != 0) {
        ByteBuffer ownCell = head.cells.slab(own);
        int ownAt = Cells.offset(own);
        long first = ownCell.getLong(ownAt + Series.FIRST_TIME);
        if (timestamp >= first) {
          BitStream.copy(head.cells, ownCell, ownAt, words);
          TimeStream.decode(words, rows, first, times, 0);
          int row = Arrays.binarySearch(times, 0, rows, timestamp);
          return row < 0 ? Found.NOTHING : open(record, at, rows, row, bits);
        }
      } else if (rows > 0) {
        int first = record.getInt(at + Series.FIRST_ROW);
        TargetTimes.Column column = target.column();
        if (timestamp >= column.time(Math.max(first, column.base()))) {
          int row = target.find(timestamp);
          return row < first || row >= first + rows || head.recentHoles.take(ref, row)
              ? Found.NOTHING
              : open(record, at, rows, row - first, bits);
        }
      }
      return sealed(ref, record.getInt(at + Series.CHUNK), target, timestamp, bits);
    } catch (CorruptChunkException | CorruptHeadException _) {
      // A reader will tell; what cannot be read contradicts nothing.
      return Found.NOTHING;
    }
  }

  private Found open(ByteBuffer record, int at, int rows, int row, long bits) {
    int lead = record.getShort(at + Series.LEAD);
    long last = record.getLong(at + Series.LAST_BITS);
    if (lead != 0) {
      return last == bits ? Found.SAME : Found.OTHER;
    }
    BitStream.copy(head.cells, record, at, words);
    ValueStream.decode(words, rows, lead, last, values, 0, holes.clear());
    return foundIn(row, bits);
  }

  private Found sealed(int ref, int newest, TargetTimes target, long timestamp, long bits) {
    long limit = Long.MAX_VALUE;
    int number = newest;
    while (number != 0) {
      if (!head.sealed.look(number, limit, chunk) || timestamp > chunk.maxTime) {
        return Found.NOTHING;
      }
      if (timestamp >= chunk.minTime) {
        return within(ref, number, target, timestamp, bits);
      }
      number = chunk.before;
      limit = chunk.place;
    }
    return Found.NOTHING;
  }

  private Found within(int ref, int number, TargetTimes target, long timestamp, long bits) {
    int row;
    holes.clear();
    if (chunk.hasOwnTimes()) {
      read(number, ref);
      columns.decode(
          chunk.bytes,
          SealedChunks.HEADER_BYTES + chunk.valueBytes,
          chunk.timeBytes,
          chunk.rows,
          times,
          0);
      row = Arrays.binarySearch(times, 0, chunk.rows, timestamp);
      if (row < 0) {
        return Found.NOTHING;
      }
    } else {
      row = target.find(timestamp) - chunk.firstRow;
      if (row < 0 || row >= chunk.span() || head.recentHoles.take(ref, row + chunk.firstRow)) {
        return Found.NOTHING;
      }
      read(number, ref);
      if (chunk.holes > 0) {
        chunk.readHoles(holes);
        if (holes.contains(row)) {
          return Found.NOTHING;
        }
      }
    }
    chunks.decode(chunk.bytes, SealedChunks.HEADER_BYTES, chunk.valueBytes, chunk.rows, values, 0);
    return foundIn(row, bits);
  }

  /// What stands in row `row` of the decoded values, from which the holes have been left out.
  private Found foundIn(int row, long bits) {
    return holes.contains(row) ? Found.NOTHING : Found.of(values[row - holes.before(row)], bits);
  }

  private void read(int number, int ref) {
    if (!head.sealed.read(number, ref, chunk.place + 1, chunk)) {
      throw new CorruptChunkException("chunk %08x is gone".formatted(number));
    }
    chunk.checkRows();
  }
}
