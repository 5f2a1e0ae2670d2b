package barograph.storage.journal;

import static barograph.storage.journal.JournalFormat.HEADER_BYTES;
import static barograph.storage.journal.JournalFormat.MAX_RECORD_BYTES;
import static barograph.storage.journal.JournalFormat.RECORD_HEADER_BYTES;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.disk.FileDisk;
import barograph.storage.model.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file of records, each safe from a power cut once its future is done, and all handed back in
/// their order when the journal is opened again.
///
/// For small things that matter: what alerts are doing, silences, who did what. It needs no store
/// and belongs to one process. Whoever keeps state in it writes what changes with [#append] and now
/// and then all that is left of it with [#rewrite], which takes the place of everything before.
///
/// Any thread may call it. One thread of its own writes whatever has gathered and syncs it in one
/// go; futures are done on that thread, so whatever hangs on them must be quick or go elsewhere.
///
/// A full disk fails the records of that moment, and later ones may succeed; any other failure ends
/// the journal, since what the system still shows of the file may differ from what is on the disk.
public final class Journal implements RecordLog {
  /// The most that may wait for the disk.
  private static final long MAX_WAITING_BYTES = 2L * MAX_RECORD_BYTES;

  private sealed interface Work {
    CompletableFuture<@Nullable Void> done();
  }

  private record Append(byte[] record, CompletableFuture<@Nullable Void> done) implements Work {}

  private record Rewrite(List<byte[]> records, CompletableFuture<@Nullable Void> done)
      implements Work {}

  private final Disk disk;
  private final Path folder;
  private final Path path;
  private final List<Damage> damages;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  // Under the lock.
  private List<Work> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean closing;
  private @Nullable JournalException failure;

  // The journal's own thread.
  private AppendFile file;
  private long sequence;
  private volatile long bytes;

  private Journal(
      Disk disk, Path folder, Path path, AppendFile file, long sequence, List<Damage> damages) {
    this.disk = disk;
    this.folder = folder;
    this.path = path;
    this.file = file;
    this.sequence = sequence;
    this.damages = List.copyOf(damages);
    this.bytes = file.position();
    this.thread =
        Thread.ofPlatform().name("journal-" + path.getFileName()).daemon().unstarted(this::run);
  }

  /// Opens the journal called `name` in `folder`, both made if they are not there.
  ///
  /// What a stop in the middle of writing has left at the end is cut off. A damaged record is
  /// copied to the folder `quarantine` beside, told by [#damages], and passed over.
  ///
  /// @param records takes every record there is, in order, before this returns
  /// @throws IOException if the disk fails, or the file is another release's
  public static Journal open(Path folder, String name, Consumer<byte[]> records)
      throws IOException {
    return open(new FileDisk(), folder, name, records);
  }

  /// The same on any disk, for the store's own rooms.
  @SuppressWarnings("exports")
  public static Journal open(Disk disk, Path folder, String name, Consumer<byte[]> records)
      throws IOException {
    disk.createFolder(folder);
    Path path = folder.resolve(name + ".journal");
    disk.delete(unfinished(path));
    Journal journal =
        disk.exists(path) ? existing(disk, folder, path, records) : fresh(disk, folder, path);
    journal.thread.start();
    return journal;
  }

  private static Journal existing(Disk disk, Path folder, Path path, Consumer<byte[]> records)
      throws IOException {
    var reader = new JournalReader(disk, path, folder.resolve("quarantine"));
    reader.read(records);
    long end = reader.end();
    AppendFile file = disk.reopen(path, end);
    try {
      if (disk.size(path) < HEADER_BYTES) {
        file.truncate(0);
        file.write(JournalFormat.header());
      } else {
        file.truncate(end);
      }
      // What was read is acted upon, so it must not vanish in a power cut to come.
      file.force();
      disk.syncFolder(folder);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    return new Journal(disk, folder, path, file, reader.sequence(), reader.damages());
  }

  private static Journal fresh(Disk disk, Path folder, Path path) throws IOException {
    AppendFile file = write(disk, folder, path, List.of());
    return new Journal(disk, folder, path, file, 0, List.of());
  }

  /// Writes a whole journal aside and puts it in place, all of it safe on return.
  private static AppendFile write(Disk disk, Path folder, Path path, List<byte[]> records)
      throws IOException {
    Path unfinished = unfinished(path);
    disk.delete(unfinished);
    AppendFile file = disk.create(unfinished, 0);
    try {
      file.write(JournalFormat.header());
      long number = 0;
      for (byte[] record : records) {
        file.write(encoded(record, number++));
      }
      file.force();
      disk.rename(unfinished, path);
      disk.syncFolder(folder);
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static ByteBuffer encoded(byte[] record, long number) {
    var bytes =
        ByteBuffer.allocate(RECORD_HEADER_BYTES + record.length).order(ByteOrder.LITTLE_ENDIAN);
    JournalFormat.put(bytes, number, record);
    return bytes.flip();
  }

  private static Path unfinished(Path path) {
    return path.resolveSibling(path.getFileName() + ".tmp");
  }

  /// What could not be read when the journal was opened.
  public List<Damage> damages() {
    return damages;
  }

  /// How long the file is: grows with every record, and shrinks with [#rewrite].
  @Override
  public long bytes() {
    return bytes;
  }

  /// Adds a record, whose bytes nobody changes from now on.
  ///
  /// @return done when the record is safe; fails with [JournalException] if it is not known to be
  /// @throws IllegalArgumentException if it is longer than 16 MiB
  @Override
  public CompletableFuture<@Nullable Void> append(byte[] record) {
    requireShort(record);
    return add(new Append(record, new CompletableFuture<>()), record.length);
  }

  /// Replaces all records, those included that were added before this call, by `records`, in one
  /// step: a stop at any moment leaves either the old ones or the new ones.
  ///
  /// @return done when the new ones are safe; if it fails, the old ones still are
  /// @throws IllegalArgumentException if one is longer than 16 MiB
  @Override
  public CompletableFuture<@Nullable Void> rewrite(List<byte[]> records) {
    records.forEach(Journal::requireShort);
    return add(new Rewrite(List.copyOf(records), new CompletableFuture<>()), 0);
  }

  private static void requireShort(byte[] record) {
    if (record.length > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException(
          "a record of %d bytes, expected at most %d".formatted(record.length, MAX_RECORD_BYTES));
    }
  }

  private CompletableFuture<@Nullable Void> add(Work work, int length) {
    lock.lock();
    try {
      JournalException why = failure;
      if (why == null && closing) {
        why = new JournalException("%s is closed".formatted(path));
      }
      if (why == null && waitingBytes > 0 && waitingBytes + length > MAX_WAITING_BYTES) {
        why = new JournalException("%s: %d bytes wait for the disk".formatted(path, waitingBytes));
      }
      if (why != null) {
        return CompletableFuture.failedFuture(why);
      }
      waiting.add(work);
      waitingBytes += length;
      arrived.signal();
      return work.done();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (List<Work> group = take(); !group.isEmpty(); group = take()) {
      int appends = 0;
      for (int i = 0; i < group.size(); i++) {
        if (group.get(i) instanceof Rewrite rewrite) {
          // Whatever came before it is replaced by it.
          perform(group.subList(appends, i + 1), () -> replace(rewrite.records()));
          appends = i + 1;
        }
      }
      List<Work> rest = group.subList(appends, group.size());
      perform(rest, () -> append(rest));
    }
    try {
      file.close();
    } catch (IOException allSafe) {
      // Every record that was promised is synced.
    }
  }

  private List<Work> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing) {
        arrived.awaitUninterruptibly();
      }
      List<Work> taken = waiting;
      waiting = new ArrayList<>();
      waitingBytes = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /// Takes a step on behalf of `group`, and tells it.
  private void perform(List<Work> group, Step step) {
    JournalException why = null;
    try {
      requireWorking();
      step.run();
    } catch (DiskFullException e) {
      why = new JournalException("the disk is full: " + e.getMessage(), e);
    } catch (JournalException e) {
      why = e;
    } catch (IOException | RuntimeException | Error e) {
      why = new JournalException("%s has failed: %s".formatted(path, e.getMessage()), e);
      fail(why);
    }
    tell(group, why);
  }

  private void replace(List<byte[]> records) throws IOException {
    AppendFile before = file;
    file = write(disk, folder, path, records);
    before.close();
    sequence = records.size();
    bytes = file.position();
  }

  private void requireWorking() {
    lock.lock();
    try {
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(List<Work> group) throws IOException {
    int length = 0;
    for (Work work : group) {
      length += RECORD_HEADER_BYTES + ((Append) work).record().length;
    }
    if (length == 0) {
      return;
    }
    var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    long number = sequence;
    for (Work work : group) {
      JournalFormat.put(buffer, number++, ((Append) work).record());
    }
    try {
      file.write(buffer.flip());
    } catch (DiskFullException e) {
      // Whole records of these could else be found behind shorter ones to come.
      file.truncate(file.position());
      throw e;
    }
    file.force();
    sequence = number;
    bytes = file.position();
  }

  private void fail(JournalException why) {
    lock.lock();
    try {
      failure = why;
    } finally {
      lock.unlock();
    }
  }

  private static void tell(List<Work> group, @Nullable JournalException why) {
    for (Work work : group) {
      if (why == null) {
        work.done().complete(null);
      } else {
        work.done().completeExceptionally(why);
      }
    }
  }

  /// Writes what waits and ends the thread.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
