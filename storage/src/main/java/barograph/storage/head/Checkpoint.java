package barograph.storage.head;

import java.nio.file.Path;
import java.util.List;

/// A checkpoint of the head: what a start needs so that it replays the log only from there on.
///
/// The file is a header and frames, each with a checksum of its own, so that damage costs the
/// series in one frame. It is drawn in `docs/format/head.md`.
///
/// @param segment the log's segment that replay begins with
/// @param settled samples before it are in blocks
/// @param damages what could not be read
/// @param lostSeries how many series it says it has and has not any more; -1 if nobody knows
public record Checkpoint(long segment, long settled, List<String> damages, int lostSeries) {
  static final int MAGIC = 0x31434742;
  static final int MAJOR = 1;
  static final int HEADER_BYTES = 16;
  static final int FRAME_HEADER_BYTES = 8;

  /// A frame is ended once it is that long.
  static final int FRAME_BYTES = 1 << 17;

  /// Far more than any frame is, and little enough to be allocated on a wrong number's word.
  static final int MAX_FRAME_BYTES = 64 << 20;

  // Kinds of frames.
  static final int SERIES = 1;
  static final int PAIRS = 2;
  static final int TARGETS = 3;
  static final int FILES = 4;
  static final int END = 5;
  static final int LATE = 6;
  static final int TOMBSTONES = 8;

  static final int HISTOGRAMS = 7;
  static final int EXEMPLARS = 9;
  static final int METADATA = 10;
  static final int LATE_HISTOGRAMS = 11;

  private static final String PREFIX = "checkpoint-";

  /// There is none: everything is in the log.
  static final Checkpoint NONE = new Checkpoint(0, Long.MIN_VALUE, List.of(), 0);

  public Checkpoint {
    damages = List.copyOf(damages);
  }

  static Path path(Path folder, long segment) {
    return folder.resolve(PREFIX + "%016x".formatted(segment));
  }

  /// The segment that the file's name says; -1 if it says none.
  static long segment(Path file) {
    try {
      return Long.parseUnsignedLong(file.getFileName().toString().substring(PREFIX.length()), 16);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  static Path unfinished(Path folder, long segment) {
    return folder.resolve(PREFIX + "%016x.tmp".formatted(segment));
  }

  static boolean isCheckpoint(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(PREFIX) && !isUnfinished(path);
  }

  static boolean isUnfinished(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(PREFIX) && name.endsWith(".tmp");
  }
}
