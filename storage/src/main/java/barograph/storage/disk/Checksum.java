package barograph.storage.disk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC32C, the one checksum of every file of ours.
public final class Checksum {
  /// The longest piece that a byte buffer can show of a segment.
  private static final long PIECE = 1L << 30;

  private Checksum() {}

  public static int of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  public static int of(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /// The checksum of what remains in `bytes`, which stays as it is.
  public static int of(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  public static int of(MemorySegment segment, long from, long length) {
    var crc = new CRC32C();
    for (long at = 0; at < length; at += PIECE) {
      crc.update(segment.asSlice(from + at, Math.min(PIECE, length - at)).asByteBuffer());
    }
    return (int) crc.getValue();
  }
}
