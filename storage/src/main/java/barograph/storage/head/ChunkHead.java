package barograph.storage.head;

import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.disk.Checksum;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What stands before the bytes of a sealed chunk, and those bytes: a reader's own, used again and
/// again.
final class ChunkHead {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  int ref;

  /// Where it is among all chunks: later ones lie behind it.
  long place;

  /// The series' chunk before this one, or 0.
  int before;

  long minTime;
  long maxTime;

  /// Row of the first sample among the target's, unless the chunk has times of its own.
  int firstRow;

  /// Samples.
  int rows;

  /// Rows of the target between the first and the last sample that the series lacks.
  int holes;

  int valueBytes;

  /// Bytes of the times, or of the bitmap of holes if there are any.
  int timeBytes;

  byte[] bytes = new byte[512];

  boolean hasOwnTimes() {
    return timeBytes > 0 && holes == 0;
  }

  /// Rows of the target from the first sample to the last.
  int span() {
    return rows + holes;
  }

  /// Both counts in the 32 bits that they are stored as.
  int packedRows() {
    return holes << 16 | rows;
  }

  void takeRows(int packed) {
    rows = packed & 0xffff;
    holes = packed >>> 16;
  }

  /// Throws [CorruptChunkException] if there are more or fewer samples than a chunk can have.
  void checkRows() {
    if (rows < 1 || span() > Head.MOST_ROWS) {
      throw new CorruptChunkException(
          "%d samples in %d rows, expected 1 to %d".formatted(rows, span(), Head.MOST_ROWS));
    }
  }

  /// Takes the holes of a chunk that has any and whose rows were checked.
  ///
  /// @throws CorruptChunkException if they make no sense
  void readHoles(Holes into) {
    int bytesExpected = Holes.byteCount(span());
    if (timeBytes != bytesExpected) {
      throw new CorruptChunkException(
          "%d bytes of holes in %d rows, expected %d".formatted(timeBytes, span(), bytesExpected));
    }
    into.readFrom(bytes, SealedChunks.HEADER_BYTES + valueBytes, span());
    if (into.count() != holes) {
      throw new CorruptChunkException("%d holes, expected %d".formatted(into.count(), holes));
    }
  }

  void hold(int length) {
    if (bytes.length < length) {
      bytes = new byte[length + (length >> 1)];
    }
  }

  int checksum(int length) {
    return Checksum.of(bytes, 4, length - 4);
  }

  void take() {
    ref = (int) INT.get(bytes, 8);
    before = (int) INT.get(bytes, 12);
    minTime = (long) LONG.get(bytes, 16);
    maxTime = (long) LONG.get(bytes, 24);
    firstRow = (int) INT.get(bytes, 32);
    takeRows((int) INT.get(bytes, 36));
    valueBytes = (int) INT.get(bytes, 40);
    timeBytes = (int) INT.get(bytes, 44);
  }
}
