package barograph.ingest.discovery;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads files that list targets, and again when they change. A file that cannot be read keeps its
/// last targets; one that is gone has none.
final class FileDiscoverer implements Discoverer {
  private static final Logger LOG = System.getLogger(FileDiscoverer.class.getName());

  /// How long a file may be in the making once it has begun to change.
  private static final Duration SETTLING = Duration.ofMillis(50);

  private final DiscoveryConfig.Files config;
  private final TargetFiles reader;
  private Map<Path, List<TargetGroup>> known = new HashMap<>();

  FileDiscoverer(DiscoveryConfig.Files config, TargetFiles reader) {
    this.config = config;
    this.reader = reader;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      var watched = new TreeSet<Path>();
      while (true) {
        for (String pattern : config.patterns()) {
          Path folder = folder(pattern);
          if (Files.isDirectory(folder) && watched.add(folder)) {
            folder.register(
                watch,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
          }
        }
        found.accept(readAll());
        @Nullable WatchKey key = watch.poll(config.refresh().toMillis(), TimeUnit.MILLISECONDS);
        if (key != null) {
          Thread.sleep(SETTLING);
          key.pollEvents();
          if (!key.reset()) {
            watched.clear();
          }
        }
      }
    } catch (ClosedWatchServiceException e) {
      throw new IOException("the folders cannot be watched", e);
    }
  }

  private List<TargetGroup> readAll() throws IOException {
    var now = new HashMap<Path, List<TargetGroup>>();
    var all = new ArrayList<TargetGroup>();
    for (Path file : files()) {
      @Nullable List<TargetGroup> groups = read(file);
      if (groups != null) {
        now.put(file, groups);
        all.addAll(groups);
      }
    }
    known = now;
    return all;
  }

  private @Nullable List<TargetGroup> read(Path file) {
    try {
      var groups = new ArrayList<TargetGroup>();
      for (TargetGroup group : reader.read(file)) {
        groups.add(
            new TargetGroup(
                group.targets(), group.labels().with("__meta_filepath", file.toString())));
      }
      return groups;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "targets of {0} stay as they were: {1}", file, e.getMessage());
      return known.get(file);
    }
  }

  private Set<Path> files() throws IOException {
    var files = new TreeSet<Path>();
    for (String pattern : config.patterns()) {
      Path folder = folder(pattern);
      Path name = Path.of(pattern).getFileName();
      if (Files.isDirectory(folder) && name != null) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name.toString())) {
          found.forEach(files::add);
        }
      }
    }
    return files;
  }

  private static Path folder(String pattern) {
    @Nullable Path parent = Path.of(pattern).getParent();
    return parent == null ? Path.of(".") : parent;
  }
}
