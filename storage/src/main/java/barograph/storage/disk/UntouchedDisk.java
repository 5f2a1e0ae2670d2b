package barograph.storage.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A disk that is only read: whatever would change it seems to be done and is not.
///
/// So the same code that recovers a folder can be run to tell what it would find.
public final class UntouchedDisk implements Disk {
  private final Disk disk;

  public UntouchedDisk(Disk disk) {
    this.disk = disk;
  }

  @Override
  public AppendFile create(Path file, long reservedBytes) {
    return new Nowhere(file, 0);
  }

  @Override
  public AppendFile reopen(Path file, long position) {
    return new Nowhere(file, position);
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    return disk.map(file, arena);
  }

  @Override
  public int read(Path file, long position, ByteBuffer into) throws IOException {
    return disk.read(file, position, into);
  }

  @Override
  public void createFolder(Path folder) {}

  @Override
  public void syncFolder(Path folder) {}

  @Override
  public void link(Path file, Path second) {}

  @Override
  public void rename(Path from, Path to) {}

  @Override
  public void delete(Path path) {}

  @Override
  public List<Path> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public boolean isFolder(Path path) {
    return disk.isFolder(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return disk.size(file);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return disk.freeBytes(folder);
  }

  @Override
  public FolderLock lock(Path file) throws IOException {
    return disk.lock(file);
  }

  /// A file that swallows what is written to it.
  private static final class Nowhere implements AppendFile {
    private final Path path;
    private long position;

    Nowhere(Path path, long position) {
      this.path = path;
      this.position = position;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public void write(ByteBuffer bytes) {
      position += bytes.remaining();
      bytes.position(bytes.limit());
    }

    @Override
    public void overwrite(long at, ByteBuffer bytes) {
      bytes.position(bytes.limit());
    }

    @Override
    public void reserve(long end) {}

    @Override
    public void force() {}

    @Override
    public void truncate(long size) {
      position = Math.min(position, size);
    }

    @Override
    public void close() {}
  }
}
