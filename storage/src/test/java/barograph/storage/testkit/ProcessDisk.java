package barograph.storage.testkit;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A disk as one process has it: once the process is killed, nothing of it reaches the disk any
/// more, while the next process goes on with the same one.
///
/// It also lets a test do something at the very moment at which a file is made.
public final class ProcessDisk implements Disk {
  private record Meanwhile(Predicate<Path> file, Runnable action) {}

  private final Disk disk;
  private final List<Meanwhile> meanwhile = new ArrayList<>();
  private volatile boolean killed;

  public ProcessDisk(Disk disk) {
    this.disk = disk;
  }

  /// Nothing that the process does from now on has any effect.
  public void kill() {
    killed = true;
  }

  public boolean isKilled() {
    return killed;
  }

  /// Does `action` once, on the thread that makes the next file that is one of `file`, before it is
  /// made.
  public synchronized void whenMaking(Predicate<Path> file, Runnable action) {
    meanwhile.add(new Meanwhile(file, action));
  }

  private synchronized List<Runnable> takeMeanwhile(Path file) {
    var due = new ArrayList<Runnable>();
    for (var one : List.copyOf(meanwhile)) {
      if (one.file.test(file)) {
        meanwhile.remove(one);
        due.add(one.action);
      }
    }
    return due;
  }

  private void requireAlive() throws IOException {
    if (killed) {
      throw new IOException("simulated: the process was killed");
    }
  }

  @Override
  public AppendFile create(Path file, long reservedBytes) throws IOException {
    requireAlive();
    takeMeanwhile(file).forEach(Runnable::run);
    return new ProcessFile(disk.create(file, reservedBytes));
  }

  @Override
  public AppendFile reopen(Path file, long position) throws IOException {
    requireAlive();
    return new ProcessFile(disk.reopen(file, position));
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    requireAlive();
    return disk.map(file, arena);
  }

  @Override
  public int read(Path file, long position, ByteBuffer into) throws IOException {
    requireAlive();
    return disk.read(file, position, into);
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    requireAlive();
    disk.createFolder(folder);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    requireAlive();
    disk.syncFolder(folder);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    requireAlive();
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    requireAlive();
    disk.delete(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    requireAlive();
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
    requireAlive();
    return disk.size(file);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    requireAlive();
    return disk.freeBytes(folder);
  }

  @Override
  public FolderLock lock(Path file) throws IOException {
    return disk.lock(file);
  }

  private final class ProcessFile implements AppendFile {
    private final AppendFile file;

    ProcessFile(AppendFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long position() {
      return file.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      requireAlive();
      file.write(bytes);
    }

    @Override
    public void overwrite(long offset, ByteBuffer bytes) throws IOException {
      requireAlive();
      file.overwrite(offset, bytes);
    }

    @Override
    public void reserve(long end) throws IOException {
      requireAlive();
      file.reserve(end);
    }

    @Override
    public void force() throws IOException {
      requireAlive();
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      requireAlive();
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
