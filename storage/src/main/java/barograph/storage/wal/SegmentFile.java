package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FIRST_FRAME;

import barograph.storage.disk.Disk;
import barograph.storage.wal.LogFormat.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A segment's file as a start finds it.
///
/// @param header its header if one of the two copies can be read
/// @param flaw what is wrong with a copy of the header; empty if nothing is
record SegmentFile(long number, Path file, long size, @Nullable SegmentHeader header, String flaw) {
  private static final int WINDOW_BYTES = 1 << 16;

  /// What others know of a segment.
  ///
  /// @param end where it ends; [Long#MAX_VALUE] if nobody says
  /// @param synced how much of it is known to have been synced
  /// @param holds what is in it up to there; null if nobody knows
  record Known(long end, long synced, @Nullable Contents holds) {
    static final Known NOTHING = new Known(Long.MAX_VALUE, 0, null);
  }

  /// Reads both copies of a segment's header.
  static SegmentFile open(Disk disk, long number, Path file) throws IOException {
    var start = ByteBuffer.allocate(FIRST_FRAME);
    try {
      disk.read(file, 0, start);
    } catch (IOException e) {
      return new SegmentFile(number, file, disk.size(file), null, String.valueOf(e.getMessage()));
    }
    start.flip();
    SegmentHeader header = null;
    String flaw = "";
    for (int at : new int[] {0, LogFormat.SECOND_HEADER}) {
      try {
        header = SegmentHeader.of(start.position(Math.min(at, start.limit())), number);
      } catch (CorruptLogException e) {
        flaw = String.valueOf(e.getMessage());
      }
    }
    return new SegmentFile(number, file, disk.size(file), header, flaw);
  }

  /// Whether there are nothing but zeros between two places.
  boolean isZero(Disk disk, long from, long to) throws IOException {
    var window = ByteBuffer.allocate(WINDOW_BYTES);
    for (long at = from; at < to; at += window.limit()) {
      window.clear().limit((int) Math.min(window.capacity(), to - at));
      disk.read(file, at, window);
      window.flip();
      while (window.hasRemaining()) {
        if (window.get() != 0) {
          return false;
        }
      }
      if (window.limit() == 0) {
        return true;
      }
    }
    return true;
  }
}
