package barograph.storage.head;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.chunk.IntColumnEncoder;
import java.nio.ByteBuffer;

/// Ends open streams: decodes them, encodes them again as chunks, which is denser, and hangs these
/// behind their series. The writer's own.
final class Sealer {
  private final Head head;
  private final ChunkEncoder values = new ChunkEncoder();
  private final IntColumnEncoder times = new IntColumnEncoder();
  private final ByteSink valueBytes = new ByteSink();
  private final ByteSink timeBytes = new ByteSink();
  private final ChunkHead chunk = new ChunkHead();
  private final long[] words = new long[BitStream.MAX_WORDS];
  private final double[] column = new double[Head.MOST_ROWS];
  private final long[] timeColumn = new long[Head.MOST_ROWS];
  private final Holes holes = new Holes();

  Sealer(Head head) {
    this.head = head;
  }

  /// Seals the open stream of a series; what its next sample is compared with stays.
  void seal(int ref, ByteBuffer record, int at, TargetTimes target) {
    int rows = Series.rows(record, at);
    BitStream.copy(head.cells, record, at, words);
    int lead = record.getShort(at + Series.LEAD);
    int present =
        ValueStream.decode(
            words, rows, lead, record.getLong(at + Series.LAST_BITS), column, 0, holes.clear());
    values.encode(column, 0, present, valueBytes.clear());
    timeBytes.clear();
    int own = record.getInt(at + Series.OWN_TIMES);
    int firstRow = record.getInt(at + Series.FIRST_ROW);
    if (own != 0) {
      ByteBuffer cell = head.cells.slab(own);
      int cellAt = Cells.offset(own);
      BitStream.copy(head.cells, cell, cellAt, words);
      TimeStream.decode(words, rows, cell.getLong(cellAt + Series.FIRST_TIME), timeColumn, 0);
      times.encode(timeColumn, 0, rows, timeBytes);
      chunk.minTime = timeColumn[0];
      chunk.maxTime = timeColumn[rows - 1];
      BitStream.clear(head.cells, cell, cellAt);
    } else {
      TargetTimes.Column shared = target.column();
      // Rows that were dropped lie below the floor, and nobody asks for them.
      chunk.minTime = shared.time(Math.max(firstRow, shared.base()));
      chunk.maxTime = shared.time(firstRow + rows - 1);
      if (present < rows) {
        holes.writeTo(timeBytes, rows);
      }
    }
    chunk.ref = ref;
    chunk.before = record.getInt(at + Series.CHUNK);
    chunk.firstRow = firstRow;
    chunk.rows = present;
    chunk.holes = rows - present;
    record.putInt(at + Series.CHUNK, head.sealed.append(chunk, valueBytes, timeBytes));
    if (own == 0) {
      record.putInt(at + Series.FIRST_ROW, firstRow + rows);
    }
    record.putShort(at + Series.ROWS, (short) 0);
    record.putShort(at + Series.LEAD, (short) 0);
    record.put(at + Series.EXPONENT, (byte) 0);
    BitStream.clear(head.cells, record, at);
  }
}
