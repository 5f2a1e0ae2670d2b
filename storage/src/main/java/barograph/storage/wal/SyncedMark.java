package barograph.storage.wal;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A small file beside the log's folder that says which segment is the newest and how far it is
/// synced: so that a newest segment that is missing, cut short or damaged at its end is not taken
/// for one that was just being written.
///
/// It is synced when a segment begins; then it is written over after each sync of the log and left
/// to the system to bring to disk. So after a kill it is exact, and after a power cut it says less
/// than was synced, never more. It has two places that take turns, in different sectors.
final class SyncedMark implements AutoCloseable {
  /// "BGS1", as a little-endian integer.
  private static final int MAGIC = 0x31534742;

  private static final int BYTES = 72;
  private static final int PLACE_BYTES = 512;
  private static final int PLACES = 2;

  /// What the mark says.
  ///
  /// @param segment the newest segment
  /// @param end where it is synced up to
  /// @param holds what is in it up to there
  record Synced(long segment, long end, Contents holds) {}

  private final Disk disk;
  private final Path path;
  private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private @Nullable AppendFile file;
  private long turn;

  SyncedMark(Disk disk, Path logFolder) {
    this.disk = disk;
    this.path = path(logFolder);
  }

  static Path path(Path logFolder) {
    return logFolder.resolveSibling(logFolder.getFileName() + "-synced");
  }

  /// Makes the file if there is none: the one step that needs space.
  void open() throws IOException {
    if (file != null) {
      return;
    }
    turn = Math.max(turn, lastTurn(disk, path));
    long size = PLACES * (long) PLACE_BYTES;
    if (disk.exists(path) && disk.size(path) < size) {
      disk.delete(path);
    }
    if (disk.exists(path)) {
      file = disk.reopen(path, size);
      return;
    }
    file = disk.create(path, size);
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      disk.syncFolder(folder);
    }
  }

  /// Says how far the newest segment is synced, without syncing that itself.
  void write(Synced synced) throws IOException {
    var out = Objects.requireNonNull(file, "the mark is not open");
    turn++;
    bytes.clear();
    bytes.putInt(MAGIC).putInt(0).putLong(turn).putLong(synced.segment).putLong(synced.end);
    bytes.putLong(synced.holds.samples()).putLong(synced.holds.series());
    bytes.putLong(synced.holds.minMillis()).putLong(synced.holds.maxMillis()).putLong(0);
    bytes.putInt(4, Checksum.of(bytes.array(), 8, BYTES - 8));
    try {
      out.overwrite(turn % PLACES * PLACE_BYTES, bytes.flip());
    } catch (DiskFullException e) {
      // Where writing over needs space: what it said before is still true.
      turn--;
    }
  }

  /// Makes what was written safe.
  void force() throws IOException {
    if (file != null) {
      file.force();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  /// What the mark of the log in `logFolder` says; null if there is none, or none intact.
  static @Nullable Synced read(Disk disk, Path logFolder) {
    try {
      ByteBuffer newest = newest(disk, path(logFolder));
      return newest == null
          ? null
          : new Synced(
              newest.getLong(16),
              newest.getLong(24),
              new Contents(
                  newest.getLong(32), newest.getLong(40), newest.getLong(48), newest.getLong(56)));
    } catch (IOException unreadable) {
      // The log itself says all that matters.
      return null;
    }
  }

  private static long lastTurn(Disk disk, Path path) throws IOException {
    ByteBuffer newest = newest(disk, path);
    return newest == null ? 0 : newest.getLong(8);
  }

  private static @Nullable ByteBuffer newest(Disk disk, Path path) throws IOException {
    if (!disk.exists(path)) {
      return null;
    }
    ByteBuffer newest = null;
    for (int place = 0; place < PLACES; place++) {
      var found = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (disk.read(path, (long) place * PLACE_BYTES, found) == BYTES
          && found.getInt(0) == MAGIC
          && found.getInt(4) == Checksum.of(found.array(), 8, BYTES - 8)
          && (newest == null || newest.getLong(8) < found.getLong(8))) {
        newest = found;
      }
    }
    return newest;
  }
}
