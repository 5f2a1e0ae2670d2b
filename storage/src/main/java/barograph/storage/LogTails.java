package barograph.storage;

import barograph.storage.disk.Disk;
import barograph.storage.head.Head;
import barograph.storage.journal.Journal;
import barograph.storage.wal.Contents;
import barograph.storage.wal.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The store's tails by name. Those of an earlier life are opened with the store, before any
/// checkpoint could delete what they have still to read.
final class LogTails implements AutoCloseable {
  private static final String SUFFIX = ".journal";

  private final Disk disk;
  private final Path folder;
  private final Head head;
  private final Log log;
  private final Map<String, LogTail> tails = new HashMap<>();

  LogTails(Disk disk, Path folder, Head head, Log log) throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.head = head;
    this.log = log;
    for (Path file : disk.list(folder)) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(SUFFIX)) {
        var _ = tail(name.substring(0, name.length() - SUFFIX.length()), 0);
      }
    }
  }

  /// The tail called `name`; one that is new begins with what is accepted from now on.
  ///
  /// @param capBytes see [Store#tail]; 0 for what was said before
  synchronized LogTail tail(String name, long capBytes) throws IOException {
    LogTail known = tails.get(name);
    if (known == null) {
      known = open(name, capBytes);
      tails.put(name, known);
    } else if (capBytes > 0) {
      known.cap(capBytes);
    }
    return known;
  }

  private LogTail open(String name, long capBytes) throws IOException {
    var records = new ArrayList<byte[]>();
    Journal journal = Journal.open(disk, folder, name, records::add);
    LogTail.Place place =
        records.isEmpty()
            ? new LogTail.Place(log.synced(), capBytes, Contents.NONE, new byte[0])
            : LogTail.Place.of(records.getLast());
    var tail = new LogTail(name, head, log, place, journal);
    if (capBytes > 0) {
      tail.cap(capBytes);
    }
    if (records.isEmpty()) {
      tail.release();
    }
    return tail;
  }

  /// Whether there are tails of an earlier life in `folder`.
  static boolean anyIn(Disk disk, Path folder) throws IOException {
    return disk.list(folder).stream().anyMatch(file -> file.toString().endsWith(SUFFIX));
  }

  synchronized Set<String> names() {
    return Set.copyOf(tails.keySet());
  }

  /// Ends a tail for good.
  synchronized void forget(String name) throws IOException {
    LogTail tail = tails.remove(name);
    if (tail != null) {
      tail.end();
      disk.delete(folder.resolve(name + SUFFIX));
      disk.syncFolder(folder);
    }
  }

  @Override
  public synchronized void close() {
    List.copyOf(tails.values()).forEach(LogTail::close);
  }
}
