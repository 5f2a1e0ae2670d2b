package barograph.storage.testkit;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A disk in memory that fills, fails, tears and loses power on request, the same way each time.
///
/// Everything that changes it is one numbered operation. A test runs a workload once, and then asks
/// for the disk as it was after each operation ([#after]), as the next process finds it after a
/// kill ([#afterKill]) or after a power cut ([#afterPowerCut], where the seed decides what of the
/// unsynced came true). Or it lets operations fail from a given one on ([#failFrom]).
public final class SimulatedDisk implements Disk {
  /// How an operation fails.
  public enum Fault {
    /// No space: whatever needs some fails, after half of it was written.
    FULL,
    /// Nothing that changes anything works.
    BROKEN,
    /// Syncing a file fails, and what was not synced is lost with the next power cut.
    FORCE_FAILS
  }

  @FunctionalInterface
  private interface Operation {
    void apply(SimulatedFiles files) throws IOException;
  }

  private final SimulatedFiles files;
  private final List<Operation> trace = new ArrayList<>();
  private final Set<Path> locks = new HashSet<>();
  private final Set<Path> unreadable = new HashSet<>();
  private boolean recording;
  private long operations;
  private long faultFrom = Long.MAX_VALUE;
  private Fault fault = Fault.BROKEN;
  private long capacityBytes = 1L << 40;

  public SimulatedDisk() {
    this(new SimulatedFiles());
  }

  private SimulatedDisk(SimulatedFiles files) {
    this.files = files;
  }

  /// A disk that remembers every operation, so that [#after] can go back.
  public static SimulatedDisk recording() {
    var disk = new SimulatedDisk();
    disk.recording = true;
    return disk;
  }

  /// How many operations have changed the disk.
  public synchronized long operations() {
    return operations;
  }

  /// Lets every operation from the `operation`th on, counted from 0, fail as `fault` says.
  public synchronized void failFrom(long operation, Fault fault) {
    this.faultFrom = operation;
    this.fault = fault;
  }

  /// Lets everything work again.
  public synchronized void heal() {
    faultFrom = Long.MAX_VALUE;
  }

  /// Lets no byte of `file` be read any more.
  public synchronized void failReads(Path file) {
    unreadable.add(file);
  }

  /// Gives the disk room for so many bytes in all.
  public synchronized void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /// Turns one bit of a file over, safe part and all.
  public synchronized void flipBit(Path file, long bit) throws IOException {
    var found = files.file(file);
    byte[] octet = found.bytes((int) (bit >> 3), 1);
    octet[0] ^= (byte) (1 << (bit & 7));
    files.write(found.id(), (int) (bit >> 3), octet);
    files.force(found.id());
  }

  /// This disk after its first `count` operations.
  public synchronized SimulatedDisk after(long count) throws IOException {
    if (!recording) {
      throw new IllegalStateException("this disk does not record its operations");
    }
    var then = new SimulatedFiles();
    for (var operation : trace.subList(0, (int) count)) {
      operation.apply(then);
    }
    return new SimulatedDisk(then);
  }

  /// What the next process finds once this one was killed.
  public synchronized SimulatedDisk afterKill() {
    return new SimulatedDisk(files.afterKill());
  }

  /// What is found after a power cut; `seed` decides what of the unsynced came true.
  public synchronized SimulatedDisk afterPowerCut(long seed) {
    return new SimulatedDisk(files.afterPowerCut(new Random(seed)));
  }

  private void change(Operation operation) throws IOException {
    if (operations >= faultFrom && fault == Fault.BROKEN) {
      throw new IOException("simulated: the disk is broken");
    }
    operation.apply(files);
    operations++;
    if (recording) {
      trace.add(operation);
    }
  }

  private boolean hasSpace(long more) {
    return (operations < faultFrom || fault != Fault.FULL)
        && files.usedBytes() + more <= capacityBytes;
  }

  private void requireSpace(Path path, long more) throws DiskFullException {
    if (!hasSpace(more)) {
      throw new DiskFullException("simulated: no space left for %s".formatted(path));
    }
  }

  @Override
  public synchronized AppendFile create(Path file, long reservedBytes) throws IOException {
    requireSpace(file, reservedBytes);
    change(all -> all.create(file));
    var opened = new OpenFile(file, files.file(file).id(), 0);
    try {
      opened.reserve(reservedBytes);
      return opened;
    } catch (IOException e) {
      change(all -> all.delete(file));
      throw e;
    }
  }

  @Override
  public synchronized AppendFile reopen(Path file, long position) throws IOException {
    return new OpenFile(file, files.file(file).id(), position);
  }

  @Override
  public synchronized MemorySegment map(Path file, Arena arena) throws IOException {
    byte[] bytes = readAll(file);
    var mapped = arena.allocate(Math.max(1, bytes.length), Long.BYTES);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, mapped, 0, bytes.length);
    return mapped.asSlice(0, bytes.length).asReadOnly();
  }

  @Override
  public synchronized int read(Path file, long position, ByteBuffer into) throws IOException {
    if (unreadable.contains(file)) {
      throw new IOException("simulated: cannot read %s".formatted(file));
    }
    byte[] found = files.file(file).bytes((int) position, into.remaining());
    into.put(found);
    return found.length;
  }

  @Override
  public synchronized void createFolder(Path folder) throws IOException {
    if (!files.isFolder(folder)) {
      requireSpace(folder, 0);
      change(all -> all.createFolder(folder));
    }
  }

  @Override
  public synchronized void syncFolder(Path folder) throws IOException {
    change(all -> all.syncFolder(folder));
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    change(all -> all.rename(from, to));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    if (files.exists(path)) {
      change(all -> all.delete(path));
    }
  }

  @Override
  public synchronized List<Path> list(Path folder) {
    return files.list(folder);
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.exists(path);
  }

  @Override
  public synchronized boolean isFolder(Path path) {
    return files.isFolder(path);
  }

  @Override
  public synchronized long size(Path file) throws IOException {
    return files.file(file).size();
  }

  @Override
  public synchronized long freeBytes(Path folder) {
    return capacityBytes - files.usedBytes();
  }

  @Override
  public synchronized FolderLock lock(Path file) throws IOException {
    if (!locks.add(file)) {
      throw new IOException(file + " is locked");
    }
    return () -> unlock(file);
  }

  private synchronized void unlock(Path file) {
    locks.remove(file);
  }

  private final class OpenFile implements AppendFile {
    private final Path path;
    private final int id;
    private long position;
    private boolean closed;

    OpenFile(Path path, int id, long position) {
      this.path = path;
      this.id = id;
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
    public void write(ByteBuffer bytes) throws IOException {
      synchronized (SimulatedDisk.this) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        writeAt(position, copy);
        position += copy.length;
        bytes.position(bytes.limit());
      }
    }

    private void writeAt(long offset, byte[] bytes) throws IOException {
      requireOpen();
      long growth = Math.max(0, offset + bytes.length - files.file(id).size());
      if (growth == 0 || hasSpace(growth)) {
        change(all -> all.write(id, (int) offset, bytes));
        return;
      }
      byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
      if (half.length > 0) {
        change(all -> all.write(id, (int) offset, half));
      }
      requireSpace(path, growth);
    }

    @Override
    public void reserve(long end) throws IOException {
      synchronized (SimulatedDisk.this) {
        int size = files.file(id).size();
        if (end > size) {
          writeAt(size, new byte[(int) end - size]);
        }
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen();
        if (operations >= faultFrom && fault == Fault.FORCE_FAILS) {
          files.dropPages(id);
          throw new IOException("simulated: cannot sync %s".formatted(path));
        }
        change(all -> all.force(id));
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen();
        change(all -> all.truncate(id, (int) size));
        position = Math.min(position, size);
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException(path + " is closed");
      }
    }
  }
}
