package barograph.storage.wal;

import barograph.storage.disk.Disk;
import barograph.storage.model.Damage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells of damaged pieces of the log and keeps a copy of them.
final class DamageReports {
  private static final Logger LOG = System.getLogger("barograph.log");
  private static final int COPY_BYTES = 1 << 16;

  private final Disk disk;
  private final Path quarantine;
  private final ReplayHandler handler;
  private final Consumer<Runnable> errands;
  private int count;
  private long lostSamples;

  /// @param errands runs what writes to the disk
  DamageReports(Disk disk, Path quarantine, ReplayHandler handler, Consumer<Runnable> errands) {
    this.errands = errands;
    this.disk = disk;
    this.quarantine = quarantine;
    this.handler = handler;
  }

  int count() {
    return count;
  }

  /// Samples that are known to be lost.
  long lostSamples() {
    return lostSamples;
  }

  /// @param lost what is lost with the piece; null if nobody knows
  void damaged(
      SegmentFile segment, long offset, long length, String reason, @Nullable Contents lost) {
    errands.accept(() -> copyAside(segment, offset, Math.min(length, segment.size() - offset)));
    tell(segment.file(), offset, length, reason, lost);
  }

  void missing(Path file, @Nullable Contents lost) {
    tell(file, 0, 0, "the segment is missing", lost);
  }

  private void tell(Path file, long offset, long length, String reason, @Nullable Contents lost) {
    count++;
    if (lost == null) {
      handler.damaged(Damage.of(file, offset, length, reason));
      return;
    }
    lostSamples += lost.samples();
    handler.damaged(
        new Damage(file, offset, length, reason, lost.range(), lost.samples(), lost.series()));
  }

  /// Keeps damaged bytes for whoever wants to look at them. If that fails the log is read on all
  /// the same: the segment still has them until a checkpoint drops it.
  private void copyAside(SegmentFile segment, long offset, long length) {
    Path copy = quarantine.resolve("wal-%016x-%d".formatted(segment.number(), offset));
    if (length <= 0 || disk.exists(copy)) {
      return;
    }
    try {
      disk.createFolder(quarantine);
      try (var out = disk.create(copy, 0)) {
        var window = ByteBuffer.allocate(COPY_BYTES);
        for (long at = 0; at < length; at += window.limit()) {
          window.clear().limit((int) Math.min(window.capacity(), length - at));
          if (disk.read(segment.file(), offset + at, window) <= 0) {
            break;
          }
          out.write(window.flip());
        }
        out.force();
      }
      disk.syncFolder(quarantine);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot copy damaged bytes to " + copy, e);
    }
  }
}
