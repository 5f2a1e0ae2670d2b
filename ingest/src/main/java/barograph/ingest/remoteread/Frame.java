package barograph.ingest.remoteread;

import barograph.ingest.wire.WireWriter;
import java.util.zip.CRC32C;

/// A message in a stream of several: its length as a varint, the CRC32C of its bytes, the highest
/// byte first, and they themselves.
final class Frame {
  static final int CHECKSUM_BYTES = 4;

  private Frame() {}

  static void write(WireWriter message, WireWriter into) {
    int checksum = checksum(message.bytes(), 0, message.size());
    byte[] bytes = {
      (byte) (checksum >>> 24), (byte) (checksum >>> 16), (byte) (checksum >>> 8), (byte) checksum
    };
    into.raw(message.size()).append(bytes, CHECKSUM_BYTES).append(message.bytes(), message.size());
  }

  static int checksum(byte[] bytes, int from, int length) {
    var sum = new CRC32C();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
