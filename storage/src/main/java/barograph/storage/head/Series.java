package barograph.storage.head;

import java.nio.ByteBuffer;

/// The record of one series: where its fields stand in its cell of 64 bytes.
///
/// ```
///  0 u64 last value's bits     8 i64 last mantissa        16 u64 bits not yet spilled
/// 24 u32 labels               28 u32 hash of the labels   32 u32 target
/// 36 u32 first open row       40 u32 last fragment        44 u32 newest sealed chunk
/// 48 u32 cell of own times    52 u16 open rows, holes     54 u16 length of the leading run
/// 56 u8 bits not yet spilled  57 u8 width    58 u8 exponent   59 u8 words in last fragment
/// 60 u8 XOR leading zeros     61 u8 XOR length   62 u8 fragments   63 u8 flags
/// ```
///
/// The cell of own times is laid out likewise, as far as it needs the fields: last time at 0, last
/// step at 8, first time at 24. Of the open rows' 16 bits the low 11 count all rows from the first
/// to the last, and the high 5 those among them that the series lacks, its holes. The rest of an
/// address is the slab and the offset in it; both are passed around as a pair because an object for
/// each would be garbage on the hot path.
final class Series {
  static final int LAST_BITS = 0;
  static final int MANTISSA = 8;
  static final int LABELS = 24;
  static final int HASH = 28;
  static final int TARGET = 32;
  static final int FIRST_ROW = 36;
  static final int CHUNK = 44;
  static final int OWN_TIMES = 48;
  static final int ROWS = 52;
  static final int LEAD = 54;

  /// Low bits of the field of open rows that count rows; the others count holes.
  static final int ROW_BITS = 11;

  static final int ROW_MASK = (1 << ROW_BITS) - 1;

  /// Most holes that a stream can have.
  static final int MOST_HOLES = (1 << (Short.SIZE - ROW_BITS)) - 1;

  /// The word from the bits not yet spilled to the flags.
  static final int STATE = 56;

  static final int WIDTH = 57;
  static final int EXPONENT = 58;
  static final int XOR_LEAD = 60;
  static final int XOR_LENGTH = 61;
  static final int FLAGS = 63;

  static final int LAST_TIME = 0;
  static final int LAST_STEP = 8;
  static final int FIRST_TIME = 24;

  /// The series exists.
  static final int ALIVE = 1;

  /// The series was there at the last sweep and had never had a sample.
  static final int IDLE = 2;

  /// The series has had a sample.
  static final int SAMPLED = 4;

  /// The series has, or has had, native histograms.
  static final int HISTOGRAMS = 8;

  /// In a checkpoint only: the series has times of its own.
  static final int OWN_TIMES_SAVED = 64;

  private Series() {}

  /// The open rows from the first to the last, holes included.
  static int rows(ByteBuffer cell, int at) {
    return cell.getShort(at + ROWS) & ROW_MASK;
  }

  /// How many of the open rows the series lacks.
  static int holes(ByteBuffer cell, int at) {
    return (cell.getShort(at + ROWS) & 0xffff) >>> ROW_BITS;
  }

  /// The open rows in the word that begins with [#OWN_TIMES].
  static int rowsIn(long word) {
    return (int) (word >>> 32) & ROW_MASK;
  }

  static int flags(ByteBuffer cell, int at) {
    return cell.get(at + FLAGS);
  }
}
