package barograph.alerting.beat;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The beat of the real clock, on one thread of its own.
public final class ThreadBeat implements Beat, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ThreadBeat.class.getName());

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor thread;

  public ThreadBeat(InstantSource clock) {
    this.clock = clock;
    thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("alerting-beat").daemon().factory());
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public Call at(Instant when, Runnable action) {
    long nanos = Math.max(0, Duration.between(clock.instant(), when).toNanos());
    var scheduled = thread.schedule(() -> run(action), nanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a timed call failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
