package barograph.storage.journal;

import barograph.storage.disk.Checksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The numbers of a journal's format, which `docs/format/journal.md` draws.
final class JournalFormat {
  /// "BGJ1", as a little-endian integer.
  static final int MAGIC = 0x314a4742;

  static final int MAJOR = 1;
  static final int HEADER_BYTES = 16;

  /// Length, checksum, sequence number.
  static final int RECORD_HEADER_BYTES = 16;

  /// The most that one record takes.
  static final int MAX_RECORD_BYTES = 16 << 20;

  private JournalFormat() {}

  static ByteBuffer header() {
    var bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(MAJOR).putInt(0);
    return bytes.putInt(Checksum.of(bytes.array(), 0, bytes.position())).flip();
  }

  /// Writes a record where `into` stands.
  static void put(ByteBuffer into, long sequence, byte[] record) {
    int start = into.position();
    into.putInt(record.length).putInt(0).putLong(sequence).put(record);
    into.putInt(start + 4, Checksum.of(into.slice(start + 8, Long.BYTES + record.length)));
  }

  /// The checksum of the record at `start`, over its sequence number and its bytes.
  static int checksum(byte[] bytes, int start, int length) {
    return Checksum.of(bytes, start + 8, Long.BYTES + length);
  }
}
