package barograph.storage.wal;

import barograph.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// Reads a log back after a stop of any kind.
public final class Replay {
  private Replay() {}

  /// Hands everything logged in segment `fromSegment` and later to `handler`.
  ///
  /// Damage costs the frame it is in, is reported to the handler and copied to `quarantine`; a torn
  /// end of the newest segment, which nobody was told is stored, is passed over in silence.
  ///
  /// @param fromSegment what [Log#rotate] answered for the checkpoint that the caller starts from;
  ///   0 for the whole log
  /// @throws IOException if the disk fails; never because of what the files hold
  public static ReplaySummary run(
      Disk disk, Path folder, Path quarantine, long fromSegment, ReplayHandler handler)
      throws IOException {
    if (fromSegment >= 0)
      throw new UnsupportedOperationException(
          disk + "" + folder + quarantine + fromSegment + handler);
    return new ReplaySummary(0, 0, 0, 0, 0, 0, 0);
  }
}
