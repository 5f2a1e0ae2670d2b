package barograph.ingest.host;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Renders the machine's figures as a page in the Prometheus text format.
///
/// OSHI is made ready in the background, so that a server does not start later because of it; until
/// then pages lack its part. What fails is left out and logged once. Safe for any thread.
public final class HostMetrics {
  private static final Logger LOG = System.getLogger(HostMetrics.class.getName());

  private final KernelFigures kernel;
  private final FilesystemFigures filesystems;
  private final CompletableFuture<SystemFigures> system = new CompletableFuture<>();
  private volatile boolean complained;

  public HostMetrics() {
    this(Path.of("/proc"), Path.of("/proc/self/mounts"));
    Thread.ofPlatform().daemon().name("host figures").start(this::prepare);
  }

  /// The parts that are read from files, without OSHI's.
  HostMetrics(Path proc, Path mounts) {
    kernel = new KernelFigures(proc);
    filesystems = new FilesystemFigures(mounts);
  }

  private void prepare() {
    try {
      system.complete(new SystemFigures());
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "no CPU figures of this machine: {0}", e.toString());
      system.completeExceptionally(e);
    }
  }

  /// Waits until pages are whole.
  void awaitSystem() {
    system.join();
  }

  /// The page of this moment; takes a few milliseconds at most.
  public byte[] page() {
    var page = new HostPage();
    page.gauge("node_time_seconds", "The machine's clock, in unixtime.")
        .sample(System.currentTimeMillis() / 1000.0);
    @Nullable SystemFigures ready = system.isCompletedExceptionally() ? null : system.getNow(null);
    if (ready != null) {
      write(page, () -> ready.write(page, !kernel.hasMemory()));
    }
    write(page, () -> kernel.write(page));
    write(page, () -> filesystems.write(page));
    return page.bytes();
  }

  /// A part of the page.
  private interface Part {
    void write() throws IOException;
  }

  private void write(HostPage page, Part part) {
    int before = page.length();
    try {
      part.write();
    } catch (IOException | RuntimeException e) {
      page.cutTo(before);
      if (!complained) {
        complained = true;
        LOG.log(Level.WARNING, "some figures of this machine cannot be read: {0}", e.toString());
      }
    }
  }
}
