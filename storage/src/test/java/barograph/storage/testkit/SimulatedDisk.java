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
/// unsynced came true, [#afterPowerCutKeeping], where it is the first few). Or it lets operations
/// fail, from a given one on ([#failFrom]) or a single one ([#failOnce]).
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

  /// Where recording began.
  private SimulatedFiles base = new SimulatedFiles();

  /// The files after the first `replayed` operations: going on from there is cheaper than from the
  /// base.
  private SimulatedFiles replay = new SimulatedFiles();

  private int replayed;
  private final Set<Path> locks = new HashSet<>();
  private final Set<Path> unreadable = new HashSet<>();
  private boolean recording;
  private long operations;
  private long faultFrom = Long.MAX_VALUE;
  private boolean faultHeals;
  private boolean faulted;
  private Fault fault = Fault.BROKEN;
  private long capacityBytes = 1L << 40;

  /// Most bytes that were in use at once; -1 while nobody wants to know.
  private long mostBytes = -1;

  public SimulatedDisk() {
    this(new SimulatedFiles());
  }

  private SimulatedDisk(SimulatedFiles files) {
    this.files = files;
  }

  /// A disk that remembers every operation, so that [#after] can go back.
  public static SimulatedDisk recording() {
    return new SimulatedDisk().recordingCopy();
  }

  /// A disk with the same on it that remembers every operation from now on, as its first.
  public synchronized SimulatedDisk recordingCopy() {
    var disk = new SimulatedDisk(files.copy());
    disk.recording = true;
    disk.base = files.copy();
    disk.replay = disk.base.copy();
    disk.capacityBytes = capacityBytes;
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
    this.faultHeals = false;
    this.faulted = false;
  }

  /// Lets the first operation that can fail as `fault` says, from the `operation`th on, do so, and
  /// everything after it work again.
  public synchronized void failOnce(long operation, Fault fault) {
    failFrom(operation, fault);
    faultHeals = true;
  }

  /// Lets everything work again.
  public synchronized void heal() {
    faultFrom = Long.MAX_VALUE;
  }

  /// Whether an operation has failed as [#failFrom] or [#failOnce] wanted.
  public synchronized boolean hasFaulted() {
    return faulted;
  }

  /// Whether `wanted` strikes now; it heals by that if it is to strike once.
  private boolean strikes(Fault wanted) {
    if (operations < faultFrom || fault != wanted) {
      return false;
    }
    faulted = true;
    if (faultHeals) {
      heal();
    }
    return true;
  }

  /// Lets no byte of `file` be read any more.
  public synchronized void failReads(Path file) {
    unreadable.add(file);
  }

  /// Gives the disk room for so many bytes in all.
  public synchronized void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /// Watches, from now on, how many bytes are in use after each operation.
  public synchronized void watchBytes() {
    mostBytes = files.usedBytes();
  }

  /// Most bytes that have been in use at once since [#watchBytes].
  public synchronized long mostBytes() {
    return mostBytes;
  }

  /// Turns one bit of a file over, safe part and all.
  public synchronized void flipBit(Path file, long bit) throws IOException {
    happen(all -> {
      var found = all.file(file);
      byte[] octet = found.bytes((int) (bit >> 3), 1);
      octet[0] ^= (byte) (1 << (bit & 7));
      all.write(found.id(), (int) (bit >> 3), octet);
      all.force(found.id());
    });
  }

  /// This disk after its first `count` operations.
  public synchronized SimulatedDisk after(long count) throws IOException {
    if (!recording) {
      throw new IllegalStateException("this disk does not record its operations");
    }
    if (count < replayed) {
      replay = base.copy();
      replayed = 0;
    }
    while (replayed < count) {
      trace.get(replayed++).apply(replay);
    }
    return new SimulatedDisk(replay.copy());
  }

  /// What the next process finds once this one was killed.
  public synchronized SimulatedDisk afterKill() {
    return new SimulatedDisk(files.copy());
  }

  /// What is found after a power cut; `seed` decides what of the unsynced came true.
  public synchronized SimulatedDisk afterPowerCut(long seed) {
    return new SimulatedDisk(files.afterPowerCut(new Random(seed)));
  }

  /// How many things a power cut could still undo.
  public synchronized int unsynced() {
    return files.unsynced().size();
  }

  /// What is found after a power cut if of the unsynced things the first `count` came true.
  public synchronized SimulatedDisk afterPowerCutKeeping(int count) {
    List<Long> orders = files.unsynced();
    return new SimulatedDisk(
        files.afterPowerCut(count < orders.size() ? orders.get(count) : Long.MAX_VALUE));
  }

  /// A number that disks share that hold the same, and others hardly ever do.
  public synchronized long fingerprint() {
    return files.fingerprint();
  }

  private void change(Operation operation) throws IOException {
    if (strikes(Fault.BROKEN)) {
      throw new IOException("simulated: the disk is broken");
    }
    happen(operation);
  }

  private void happen(Operation operation) throws IOException {
    operation.apply(files);
    operations++;
    if (mostBytes >= 0) {
      mostBytes = Math.max(mostBytes, files.usedBytes());
    }
    if (recording) {
      trace.add(operation);
    }
  }

  private boolean hasSpace(long more) {
    return !strikes(Fault.FULL) && files.usedBytes() + more <= capacityBytes;
  }

  private void requireSpace(Path path, long more) throws DiskFullException {
    if (!hasSpace(more)) {
      throw full(path);
    }
  }

  private static DiskFullException full(Path path) {
    return new DiskFullException("simulated: no space left for %s".formatted(path));
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

    @Override
    public void overwrite(long offset, ByteBuffer bytes) throws IOException {
      synchronized (SimulatedDisk.this) {
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        writeAt(offset, copy);
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
      throw full(path);
    }

    @Override
    public void reserve(long end) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen();
        int size = files.file(id).size();
        if (end <= size) {
          return;
        }
        if (!hasSpace(end - size)) {
          int half = (int) (end - size) / 2;
          if (half > 0) {
            change(all -> all.zero(id, size, size + half));
          }
          throw full(path);
        }
        change(all -> all.zero(id, size, (int) end));
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen();
        if (strikes(Fault.FORCE_FAILS)) {
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
