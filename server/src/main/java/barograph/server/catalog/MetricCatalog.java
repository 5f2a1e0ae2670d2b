package barograph.server.catalog;

import barograph.server.usage.MetricUsage;
import barograph.storage.model.MetricMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is known of metrics, from a view on disk that follows the truth.
///
/// The view is opened by a thread of its own, a while after the start or when it is first asked
/// for. All that touches it happens on that thread, and nobody waits for long: while it is not
/// open, after it has failed, and of what it has no row for, the truth answers. Before each answer
/// the view takes over what has changed, so that both answers are the same.
///
/// It is closed in order or thrown away: see [ViewFile]. Safe for any thread.
public final class MetricCatalog implements AutoCloseable {
  /// Most metrics in the view: as many as the store has descriptions of.
  public static final int MOST_METRICS = 1 << 16;

  private static final System.Logger LOG = System.getLogger(MetricCatalog.class.getName());

  /// When the view is opened if nobody asks: after the start has had the processors to itself.
  private static final Duration DELAY = Duration.ofSeconds(10);

  /// How long an answer may take before it is given without the view.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LONGEST_CLOSING = Duration.ofSeconds(5);

  private final MetricTruth truth;
  private final MetricUsage usage;
  private final ViewFile file;
  private final int mostMetrics;
  private final ScheduledExecutorService thread;

  private volatile State state = State.SHUT;

  /// The view, once it is open; touched by its own thread alone.
  private @Nullable MappedRows view;

  private enum State {
    SHUT,
    OPEN,
    /// It has failed, or the catalog is closed: the truth answers from now on.
    GIVEN_UP
  }

  /// Returns at once.
  ///
  /// @param metadata what was told of metrics, by their names
  /// @param folder for the view's files alone
  public MetricCatalog(
      Supplier<Map<String, MetricMetadata>> metadata, MetricUsage usage, Path folder) {
    this(metadata, usage, folder, MOST_METRICS, thread());
  }

  /// The same with a view of `mostMetrics`, touched by `thread`, which must be one.
  MetricCatalog(
      Supplier<Map<String, MetricMetadata>> metadata,
      MetricUsage usage,
      Path folder,
      int mostMetrics,
      ScheduledExecutorService thread) {
    this.truth = new MetricTruth(metadata, usage);
    this.usage = usage;
    this.file = new ViewFile(folder);
    this.mostMetrics = mostMetrics;
    this.thread = thread;
    var _ = thread.schedule(this::open, DELAY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService thread() {
    var thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("metric catalog").factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return thread;
  }

  /// Whether the view answers.
  boolean isOpen() {
    return state == State.OPEN;
  }

  /// What is known of each of `metrics`, in their order.
  public List<MetricRow> of(List<String> metrics) {
    var expressions = usage.byExpression();
    @Nullable List<@Nullable MetricRow> seen = view(metrics);
    MetricTruth.@Nullable Rows known = null;
    var found = new ArrayList<MetricRow>(metrics.size());
    for (int i = 0; i < metrics.size(); i++) {
      String metric = metrics.get(i);
      @Nullable MetricRow row = seen == null ? null : seen.get(i);
      if (row == null) {
        known = known == null ? truth.now() : known;
        row = known.of(metric);
      }
      found.add(row.plus(expressions.of(metric)));
    }
    return found;
  }

  /// What the view has of each of `metrics`, or nothing if it is not open.
  private @Nullable List<@Nullable MetricRow> view(List<String> metrics) {
    try {
      switch (state) {
        case SHUT -> thread.execute(this::open);
        case OPEN -> {
          Future<@Nullable List<@Nullable MetricRow>> answer = thread.submit(() -> read(metrics));
          return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
        case GIVEN_UP -> {}
      }
    } catch (TimeoutException e) {
      giveUp(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException | CancellationException | ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "the view of metrics is closed", e);
    }
    return null;
  }

  private void open() {
    if (state != State.SHUT) {
      return;
    }
    try {
      boolean left = file.unseal();
      var rows = MappedRows.open(file.map(), mostMetrics);
      view = rows;
      if (left) {
        write(rows.metrics(), rows);
      }
      write(truth.takeChanged(), rows);
      state = State.OPEN;
    } catch (IOException | RuntimeException | Error e) {
      giveUp(e);
    }
  }

  private @Nullable List<@Nullable MetricRow> read(List<String> metrics) {
    var rows = view;
    if (rows == null || state != State.OPEN) {
      return null;
    }
    try {
      write(truth.takeChanged(), rows);
      var found = new ArrayList<@Nullable MetricRow>(metrics.size());
      for (String metric : metrics) {
        found.add(rows.get(metric));
      }
      return found;
    } catch (RuntimeException | Error e) {
      giveUp(e);
      return null;
    }
  }

  /// Writes what the truth knows of each of `metrics`.
  private void write(Collection<String> metrics, MappedRows rows) {
    var known = truth.now();
    for (String metric : metrics) {
      if (known.knows(metric)) {
        rows.put(metric, known.of(metric));
      } else {
        rows.remove(metric);
      }
    }
  }

  /// Goes on without the view; told once.
  private synchronized void giveUp(Throwable cause) {
    if (state != State.GIVEN_UP) {
      state = State.GIVEN_UP;
      LOG.log(
          System.Logger.Level.WARNING,
          file.map() + " is not used until the next start; what it had is answered from memory",
          cause);
    }
  }

  /// Closes the view in order, unless it has failed or takes too long.
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    try {
      thread.execute(this::seal);
      thread.shutdown();
      if (!thread.awaitTermination(LONGEST_CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "{0} did not close in time", file.map());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void seal() {
    var rows = view;
    boolean whole = state == State.OPEN;
    try {
      if (rows != null) {
        if (whole) {
          write(truth.takeChanged(), rows);
        }
        rows.close();
        if (whole) {
          file.set();
        }
      }
      state = State.GIVEN_UP;
    } catch (IOException | RuntimeException | Error e) {
      giveUp(e);
    }
  }
}
