package barograph.storage.wal;

import barograph.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads a log back with two threads: one finds frames, checks, unpacks and decodes them, and runs
/// ahead by a few batches; the caller's applies what they say, in the order in which it was logged.
///
/// The handler is called by the caller's thread alone, with the same calls as [Replay] makes. That
/// thread also does all writing there is, copies of damaged bytes among it, so that what is on disk
/// at any moment does not depend on how far the other has come.
public final class ReplayAhead {
  /// Batches that may be on the way: a few mebibytes.
  private static final int AHEAD = 4;

  /// What goes from the reading thread to the applying one.
  private sealed interface Message {
    record Batch(ReplayBatch batch) implements Message {}

    record End(Outcome outcome) implements Message {}
  }

  private sealed interface Outcome {
    record Done(ReplaySummary summary) implements Outcome {}

    record Unreadable(IOException cause) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
  }

  /// The caller wants no more.
  private static final class AbandonedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final BlockingQueue<Message> filled = new ArrayBlockingQueue<>(AHEAD + 1);
  private final BlockingQueue<ReplayBatch> spare = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;
  private volatile boolean abandoned;

  /// Batches made so far, by the reading thread; a short log needs one.
  private int made;

  private ReplayAhead(Disk disk, Path folder, Path quarantine, long fromSegment) {
    reader =
        Thread.ofPlatform()
            .name("log-replay")
            .daemon()
            .unstarted(() -> read(disk, folder, quarantine, fromSegment));
  }

  /// Does what [Replay#run] does.
  ///
  /// @throws IOException if the folder cannot be listed; never because of what the files hold
  public static ReplaySummary run(
      Disk disk, Path folder, Path quarantine, long fromSegment, ReplayHandler handler)
      throws IOException {
    var ahead = new ReplayAhead(disk, folder, quarantine, fromSegment);
    ahead.reader.start();
    return ahead.apply(handler);
  }

  private void read(Disk disk, Path folder, Path quarantine, long fromSegment) {
    Outcome outcome;
    try {
      var recorder = new ReplayRecorder(next(), this::exchange);
      ReplaySummary summary =
          Replay.run(disk, folder, quarantine, fromSegment, recorder, recorder::errand);
      recorder.flush();
      outcome = new Outcome.Done(summary);
    } catch (IOException e) {
      outcome = new Outcome.Unreadable(e);
    } catch (RuntimeException | Error e) {
      outcome = new Outcome.Failed(e);
    }
    filled.add(new Message.End(outcome));
  }

  private ReplayBatch exchange(ReplayBatch full) {
    filled.add(new Message.Batch(full));
    ReplayBatch next = next();
    if (abandoned) {
      throw new AbandonedException();
    }
    return next;
  }

  private ReplayBatch next() {
    ReplayBatch idle = spare.poll();
    if (idle != null) {
      return idle;
    }
    if (made == AHEAD) {
      return uninterrupted(spare::take);
    }
    made++;
    return new ReplayBatch();
  }

  private ReplaySummary apply(ReplayHandler handler) throws IOException {
    while (true) {
      switch (nextMessage()) {
        case Message.Batch(var batch) -> apply(batch, handler);
        case Message.End(Outcome.Done(var summary)) -> {
          return summary;
        }
        case Message.End(Outcome.Unreadable(var cause)) -> throw cause;
        case Message.End(Outcome.Failed(RuntimeException cause)) -> throw cause;
        case Message.End(Outcome.Failed(Error cause)) -> throw cause;
        case Message.End(Outcome.Failed(var cause)) -> throw new IllegalStateException(cause);
      }
    }
  }

  private void apply(ReplayBatch batch, ReplayHandler handler) {
    boolean applied = false;
    try {
      batch.replayTo(handler);
      applied = true;
    } finally {
      abandoned = !applied;
      spare.add(batch);
      while (abandoned && !(nextMessage() instanceof Message.End)) {
        // What the other thread has read in vain, until it has noticed.
      }
    }
  }

  /// What the other thread says next. One that could not even say how it ended, as memory was out,
  /// is not waited for.
  private Message nextMessage() {
    while (true) {
      boolean mayBeLast = !reader.isAlive();
      @Nullable Message message = uninterrupted(() -> filled.poll(1, TimeUnit.SECONDS));
      if (message != null) {
        return message;
      }
      if (mayBeLast) {
        throw new IllegalStateException("the thread that reads the log has died");
      }
    }
  }

  private interface Waiting<T extends @Nullable Object> {
    T get() throws InterruptedException;
  }

  private static <T extends @Nullable Object> T uninterrupted(Waiting<T> waiting) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return waiting.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
