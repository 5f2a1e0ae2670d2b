package barograph.storage.head;

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

  /// The series' chunk before this one, or 0.
  int before;

  long minTime;
  long maxTime;

  /// Row of the first sample among the target's, unless the chunk has times of its own.
  int firstRow;

  int rows;
  int valueBytes;
  int timeBytes;

  byte[] bytes = new byte[512];

  boolean hasOwnTimes() {
    return timeBytes > 0;
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
    rows = (int) INT.get(bytes, 36);
    valueBytes = (int) INT.get(bytes, 40);
    timeBytes = (int) INT.get(bytes, 44);
  }
}
