package barograph.storage.wal;

import barograph.storage.disk.Disk;
import barograph.storage.disk.UnknownFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// The format that a log was written in, looked at before anything else is.
public final class LogVersion {
  private LogVersion() {}

  /// Refuses a log of which a segment has another major version. Both copies of its header must say
  /// so, lest a damaged bit keep the store from starting.
  ///
  /// @throws UnknownFormatException if there is such a segment
  public static void requireKnown(Disk disk, Path folder) throws IOException {
    for (Path file : disk.list(folder)) {
      if (LogFormat.segmentNumber(file).isEmpty()) {
        continue;
      }
      var start = ByteBuffer.allocate(LogFormat.FIRST_FRAME).order(ByteOrder.LITTLE_ENDIAN);
      try {
        disk.read(file, 0, start);
      } catch (IOException unreadable) {
        // That is damage, for the replay to tell.
        continue;
      }
      int major = major(start, 0);
      if (major != LogFormat.MAJOR
          && major >= 0
          && major == major(start, LogFormat.SECOND_HEADER)) {
        throw new UnknownFormatException(
            "%s has format %d, expected %d: another release wrote it; start that one, or use another folder"
                .formatted(file, major, LogFormat.MAJOR));
      }
    }
  }

  private static int major(ByteBuffer start, int at) {
    return start.getInt(at) == LogFormat.MAGIC ? start.getShort(at + Integer.BYTES) : -1;
  }
}
