package barograph.storage.chunk;

import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.HistogramLayout;
import barograph.storage.model.TimeRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Turns chunks of native histograms back into what [HistogramEncoder] was given. It keeps its
/// working arrays: one thread at a time.
public final class HistogramDecoder {
  /// Room for numbers up to this many is kept for the next chunk.
  private static final int KEPT_NUMBERS = 1 << 17;

  private final ByteCursor cursor = new ByteCursor();
  private final IntColumnDecoder integers = new IntColumnDecoder();
  private final ChunkDecoder doubles = new ChunkDecoder();
  private final long[] times = new long[ChunkEncoder.MAX_SAMPLES];
  private final long[] resets = new long[ChunkEncoder.MAX_SAMPLES];
  private final double[] values = new double[ChunkEncoder.MAX_SAMPLES];
  private long[] matrix = new long[0];
  private long[] numbers = new long[0];
  private byte[] copy = new byte[1024];

  /// Decodes a chunk of `count` histograms, `length` bytes at `offset` of `source`, and adds those
  /// within `range` to `into`.
  ///
  /// @throws CorruptChunkException if that is no chunk of `count` histograms
  public void decode(
      MemorySegment source,
      long offset,
      int length,
      int count,
      TimeRange range,
      HistogramColumns into) {
    reserve(length);
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
    decodeCopy(length, count, range, into);
  }

  /// The same from `source[from, from + length)`.
  ///
  /// @throws CorruptChunkException if that is no chunk of `count` histograms
  public void decode(
      byte[] source, int from, int length, int count, TimeRange range, HistogramColumns into) {
    reserve(length);
    System.arraycopy(source, from, copy, 0, length);
    decodeCopy(length, count, range, into);
  }

  private void reserve(int length) {
    if (copy.length < length + Bits.SLACK) {
      copy = new byte[length + Bits.SLACK];
    }
  }

  private void decodeCopy(int length, int count, TimeRange range, HistogramColumns into) {
    if (count < 1 || count > ChunkEncoder.MAX_SAMPLES) {
      throw new CorruptChunkException(
          "a chunk of %d histograms, expected 1 to %d".formatted(count, ChunkEncoder.MAX_SAMPLES));
    }
    int before = into.size();
    boolean sound = false;
    try {
      int at = integers.decodeAt(copy, 0, length, count, times, 0);
      for (int i = 1; i < count; i++) {
        if (times[i] <= times[i - 1]) {
          throw new CorruptChunkException(
              "histogram at %d follows one at %d".formatted(times[i], times[i - 1]));
        }
      }
      HistogramLayout layout = HistogramLayout.EMPTY;
      long left = HistogramEncoder.MAX_NUMBERS;
      cursor.reset(copy, at, length);
      for (int done = 0; done < count; ) {
        int flags = cursor.readByte();
        if (flags > 31) {
          throw new CorruptChunkException("run of histograms begins with 0x%02x".formatted(flags));
        }
        int rows = cursor.readCount(count - done - 1) + 1;
        if ((flags & HistogramEncoder.SAME_LAYOUT) == 0) {
          layout = HistogramLayouts.read(cursor, layout);
        }
        left -= (long) rows * HistogramEncoder.numbers(layout);
        if (left < 0 || cursor.remaining() < layout.buckets()) {
          throw new CorruptChunkException(
              "%d histograms of %d buckets in %d bytes"
                  .formatted(rows, layout.buckets(), cursor.remaining()));
        }
        decodeRun(flags, layout, done, rows, length, range, into);
        done += rows;
      }
      if (cursor.remaining() > 0) {
        throw new CorruptChunkException(
            "chunk of %d histograms has %d bytes too many".formatted(count, cursor.remaining()));
      }
      sound = true;
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptChunkException("chunk of %d histograms is cut short".formatted(count), e);
    } finally {
      if (!sound) {
        into.truncate(before);
      }
      if (matrix.length > KEPT_NUMBERS) {
        matrix = new long[0];
      }
    }
  }

  private void decodeRun(
      int flags,
      HistogramLayout layout,
      int from,
      int rows,
      int limit,
      TimeRange range,
      HistogramColumns into) {
    boolean integer = (flags & HistogramEncoder.INTEGER) != 0;
    boolean resetsDiffer = (flags & HistogramEncoder.RESETS_DIFFER) != 0;
    if (resetsDiffer) {
      decodeColumn(limit, rows, resets, 0);
    }
    int width = HistogramEncoder.numbers(layout);
    if (matrix.length < width * rows) {
      matrix = new long[width * rows];
    }
    if (numbers.length < width) {
      numbers = new long[width];
    }
    for (int number = 0; number < width; number++) {
      if (integer && number < width - 1) {
        decodeColumn(limit, rows, matrix, number * rows);
      } else {
        decodeDoubles(rows, number * rows);
      }
    }
    for (int row = 0; row < rows; row++) {
      long time = times[from + row];
      if (!range.contains(time)) {
        continue;
      }
      long reset = resetsDiffer ? resets[row] : flags >>> HistogramEncoder.RESET_SHIFT;
      if (reset < 0 || reset > 3) {
        throw new CorruptChunkException("counter reset is " + reset);
      }
      for (int number = 0; number < width; number++) {
        numbers[number] = matrix[number * rows + row];
      }
      Histogram histogram =
          HistogramRow.build(layout, CounterReset.of((int) reset), integer, numbers);
      into.add(time, histogram);
    }
  }

  private void decodeColumn(int limit, int rows, long[] into, int at) {
    int end = integers.decodeAt(copy, cursor.position(), limit, rows, into, at);
    if (end > limit) {
      throw new CorruptChunkException("column of a histogram ends at %d".formatted(end));
    }
    cursor.reset(copy, end, limit);
  }

  private void decodeDoubles(int rows, int at) {
    int length = cursor.readLength();
    int from = cursor.position();
    cursor.skip(length);
    doubles.decode(copy, from, length, rows, values, 0);
    for (int i = 0; i < rows; i++) {
      matrix[at + i] = Double.doubleToRawLongBits(values[i]);
    }
  }
}
