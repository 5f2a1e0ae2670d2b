package barograph.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Looks at a server's data folder over and over: how many bytes it has beyond a budget, and how
/// large blocks are.
///
/// Files come and go while they are counted. A look counts only if the same files were there before
/// and after it, so that nothing is counted that was never there at once.
final class FolderWatch implements Runnable {
  private static final long PAUSE_MILLIS = 50;
  private static final long GONE = -1;

  /// The reserve, which is given up when the disk is full, and files with holes that can be made
  /// anew.
  private static final Set<Path> NOT_COUNTED = Set.of(Path.of("reserve"), Path.of("views"));

  private static final Path BLOCK = Path.of("block.bg");

  private final Path folder;
  private final long budget;
  private volatile boolean stopped;
  private long looks;
  private long beyond;
  private long most;
  private long mostBeyond;
  private long largestBlock;
  private long newestThen;
  private boolean withinABlock = true;

  FolderWatch(Path folder, long budget) {
    this.folder = folder;
    this.budget = budget;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        NavigableMap<Path, Long> before = files();
        NavigableMap<Path, Long> after = files();
        if (before.keySet().equals(after.keySet()) && !before.containsValue(GONE)) {
          look(before);
          Thread.sleep(PAUSE_MILLIS);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// The sizes of all files but the reserve, by their paths in the folder.
  private NavigableMap<Path, Long> files() throws IOException {
    var files = new HashMap<Path, Long>();
    collect(folder, files);
    return new TreeMap<>(files);
  }

  private void collect(Path inside, Map<Path, Long> into) throws IOException {
    try (var paths = Files.newDirectoryStream(inside)) {
      for (Path path : paths) {
        Path name = folder.relativize(path);
        if (NOT_COUNTED.contains(name)) {
          continue;
        }
        if (Files.isDirectory(path)) {
          collect(path, into);
        } else {
          into.put(name, Files.size(path));
        }
      }
    } catch (NoSuchFileException goneMeanwhile) {
      into.put(folder.relativize(inside), GONE);
    }
  }

  private synchronized void look(NavigableMap<Path, Long> files) {
    looks++;
    long bytes = 0;
    long newest = 0;
    for (var file : files.entrySet()) {
      bytes += file.getValue();
      if (file.getKey().endsWith(BLOCK)) {
        // Their folders' names ascend.
        newest = file.getValue();
        largestBlock = Math.max(largestBlock, newest);
      }
    }
    most = Math.max(most, bytes);
    if (bytes > budget) {
      beyond++;
    }
    if (bytes - budget > mostBeyond) {
      mostBeyond = bytes - budget;
      newestThen = newest;
    }
    withinABlock &= bytes - budget <= largestBlock;
  }

  synchronized boolean isWithinABlock() {
    return withinABlock;
  }

  @Override
  public synchronized String toString() {
    return ("%d looks, at most %.1f MiB; %d beyond the budget, by %.1f MiB at most, when the newest"
            + " block had %.1f MiB; the largest had %.1f MiB")
        .formatted(
            looks,
            most / 1048576.0,
            beyond,
            mostBeyond / 1048576.0,
            newestThen / 1048576.0,
            largestBlock / 1048576.0);
  }
}
