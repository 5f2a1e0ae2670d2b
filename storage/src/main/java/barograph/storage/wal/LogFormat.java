package barograph.storage.wal;

import barograph.storage.disk.Checksum;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The numbers of the log's format, which `docs/format/log.md` draws.
final class LogFormat {
  /// "BGL1", as a little-endian integer.
  static final int MAGIC = 0x314c4742;

  static final short MAJOR = 1;
  static final short MINOR = 0;

  static final int SEGMENT_HEADER_BYTES = 80;

  /// The header stands twice, in different sectors: a whole segment's times hang on it.
  static final int SECOND_HEADER = 512;

  static final int FIRST_FRAME = 1024;

  /// Length, checksum, sequence number, codec.
  static final int FRAME_HEADER_BYTES = 13;

  static final int CODEC_RAW = 0;
  static final int CODEC_LZ4 = 1;

  /// The codec's bits of its byte; those above are flags.
  static final int CODEC_MASK = 0x0f;

  /// The frame's note tells of the frame before.
  static final int NOTE_LAST = 0x10;

  /// The frame's note tells of several frames before.
  static final int NOTE_RECENT = 0x20;

  /// All frames before this one were synced before it was written.
  static final int FOLLOWS_SYNC = 0x80;

  /// Gathered records become one frame up to this size.
  static final int FRAME_BYTES = 1 << 16;

  /// The most that one record takes.
  static final int MAX_RECORD_BYTES = 4 << 20;

  /// The most that a frame's records take.
  static final int MAX_FRAME_BYTES = MAX_RECORD_BYTES + 2 * FRAME_BYTES;

  static final int SERIES = 1;
  static final int TARGET = 2;
  static final int LAYOUT = 3;
  static final int ROW = 4;
  static final int LOOSE = 5;
  static final int TOMBSTONE = 6;
  static final int CHECKPOINT = 7;
  static final int RUN = 8;
  static final int LATE = 9;
  static final int HISTOGRAM = 10;
  static final int EXEMPLAR = 11;
  static final int METADATA = 12;
  static final int LATE_HISTOGRAM = 13;
  static final int LATE_TOMBSTONE = 14;

  /// Numbers of series, targets and positions are smaller.
  static final int MOST_NUMBER = 1 << 30;

  /// The most samples that one row or run holds; longer ones are cut.
  static final int MAX_ROW = 4096;

  /// A row that is spread over more than this many positions a sample goes sample by sample.
  static final int MAX_SPREAD = 16;

  static final int ROW_ABSOLUTE = 1;
  static final int ROW_BITMAP = 2;
  static final int ROW_FROM_START = 4;

  /// A sample that stood on this many others is followed by one that stands on none.
  static final int MAX_CHAIN = 31;

  /// Chain numbers count up to here and start over: more rows of a target than fit into one frame.
  static final int CHAIN_MASK = (1 << 14) - 1;

  /// A value's control byte: below, it is the whole zigzag difference of two integers itself.
  static final int VALUE_INTEGER = 0x80;

  /// A value's control byte: from here on, the changed bytes of the exclusive or follow.
  static final int VALUE_XOR = 0xC0;

  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private LogFormat() {}

  /// What stands at the start of a segment.
  ///
  /// @param predecessor number of the segment before it; 0 for none
  /// @param predecessorEnd where the readable part of that one ends
  /// @param predecessorSynced how much of that is known to have been synced
  /// @param predecessorHolds what is in that part
  /// @param baseMillis the time that timestamps in this segment are told from
  record SegmentHeader(
      long number,
      long predecessor,
      long predecessorEnd,
      long predecessorSynced,
      Contents predecessorHolds,
      long baseMillis) {

    /// All that is before the first frame.
    ByteBuffer toBytes() {
      var bytes =
          ByteBuffer.allocate(FIRST_FRAME)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(MAGIC)
              .putShort(MAJOR)
              .putShort(MINOR)
              .putLong(number)
              .putLong(predecessor)
              .putLong(predecessorEnd)
              .putLong(predecessorSynced)
              .putLong(predecessorHolds.samples())
              .putLong(predecessorHolds.minMillis())
              .putLong(predecessorHolds.maxMillis())
              .putLong(baseMillis)
              .putInt(0);
      bytes.putInt(Checksum.of(bytes.array(), 0, bytes.position()));
      return bytes.put(SECOND_HEADER, bytes, 0, SEGMENT_HEADER_BYTES).clear();
    }

    /// Reads one copy of the header of the segment whose file name says `number`.
    ///
    /// @throws CorruptLogException if it is not that segment's header, or of another major version
    static SegmentHeader of(ByteBuffer found, long number) throws CorruptLogException {
      if (found.remaining() < SEGMENT_HEADER_BYTES) {
        throw new CorruptLogException(
            "segment header has %d bytes, expected %d"
                .formatted(found.remaining(), SEGMENT_HEADER_BYTES));
      }
      var bytes =
          found.slice(found.position(), SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int checksum = Checksum.of(bytes.slice(0, SEGMENT_HEADER_BYTES - Integer.BYTES));
      int stored = bytes.getInt(SEGMENT_HEADER_BYTES - Integer.BYTES);
      if (checksum != stored) {
        throw new CorruptLogException(
            "segment header's checksum is %08x, expected %08x".formatted(checksum, stored));
      }
      if (bytes.getInt() != MAGIC) {
        throw new CorruptLogException(
            "segment starts with %08x, expected %08x".formatted(bytes.getInt(0), MAGIC));
      }
      short major = bytes.getShort();
      bytes.getShort();
      if (major != MAJOR) {
        throw new CorruptLogException(
            "segment has format %d, expected %d: it is another release's".formatted(major, MAJOR));
      }
      var header =
          new SegmentHeader(
              bytes.getLong(),
              bytes.getLong(),
              bytes.getLong(),
              bytes.getLong(),
              Contents.of(bytes.getLong(), bytes.getLong(), bytes.getLong()),
              bytes.getLong());
      if (header.number != number) {
        throw new CorruptLogException(
            "segment says it is number %x, its name says %x".formatted(header.number, number));
      }
      return header;
    }
  }

  static String segmentName(long number) {
    return "%016x".formatted(number);
  }

  /// The number of a segment by its file's name; empty for files that are no segments.
  static OptionalLong segmentNumber(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.matches("[0-9a-f]{16}")) {
      return OptionalLong.empty();
    }
    long number = Long.parseUnsignedLong(name, 16);
    return number > 0 ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /// Bytes of a bitmap of so many bits.
  static int bitmapBytes(int bits) {
    return (int) ((bits + 7L) >>> 3);
  }

  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
