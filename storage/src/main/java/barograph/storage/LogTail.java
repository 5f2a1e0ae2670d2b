package barograph.storage;

import barograph.storage.head.Head;
import barograph.storage.journal.Journal;
import barograph.storage.journal.JournalException;
import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.Contents;
import barograph.storage.wal.Log;
import barograph.storage.wal.LogHold;
import barograph.storage.wal.LogPosition;
import barograph.storage.wal.ReplayHandler;
import barograph.storage.wal.TailReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What was accepted, in order, for whoever sends it on: from where it stopped reading, after a
/// restart too, up to what is synced now.
///
/// [#read] hands over what follows; [#release] says that all that was handed over so far need not
/// come again, and makes that durable. After a stop in between it comes a second time. Parts of the
/// log that were not released are kept for it beyond the checkpoints, up to a number of bytes; if
/// that is passed, the oldest go, and the next reading tells what was in them.
///
/// One thread at a time.
public final class LogTail {
  private static final int REWRITE_BYTES = 1 << 16;

  /// Takes what a tail reads.
  public interface Receiver {
    /// A sample of a series, of which [LogTail#labels] knows more.
    void sample(int ref, long timestampMillis, double value);

    /// A native histogram of a series; passed over by whoever knows none.
    default void histogram(int ref, long timestampMillis, Histogram histogram) {}

    /// Something could not be read, or was deleted before it was.
    default void lost(Damage damage) {}
  }

  /// What a tail's journal says.
  ///
  /// @param capBytes how much of the log is kept for it at most
  record Place(LogPosition position, long capBytes) {
    byte[] encoded() {
      return ByteBuffer.allocate(24)
          .putLong(position.segment())
          .putLong(position.offset())
          .putLong(capBytes)
          .array();
    }

    static Place of(byte[] record) {
      var bytes = ByteBuffer.wrap(record);
      return new Place(new LogPosition(bytes.getLong(), bytes.getLong()), bytes.getLong());
    }
  }

  private final String name;
  private final Head head;
  private final Log log;
  private final TailReader reader;
  private final LogHold hold;
  private final Journal journal;

  LogTail(String name, Head head, Log log, TailReader reader, LogHold hold, Journal journal) {
    this.name = name;
    this.head = head;
    this.log = log;
    this.reader = reader;
    this.hold = hold;
    this.journal = journal;
    log.hold(hold);
  }

  /// The name that it goes on by after a restart.
  public String name() {
    return name;
  }

  /// Hands over what follows, about so many bytes of the log at most.
  ///
  /// @return whether there may be more at once
  /// @throws IOException if the log cannot be read
  public boolean read(int bytes, Receiver receiver) throws IOException {
    Contents dropped = hold.takeLost();
    if (dropped.samples() > 0) {
      receiver.lost(
          new Damage(
              log.folder(),
              0,
              0,
              "deleted before \"%s\" had read it, as more waited than may".formatted(name),
              dropped.range(),
              dropped.samples(),
              dropped.series()));
    }
    return reader.read(log.synced(), bytes, new Handing(receiver));
  }

  /// The labels of a series that [#read] has handed over; null if the head has forgotten it, since
  /// it has been silent for long.
  public @Nullable Labels labels(int ref) {
    return head.labelsOrNull(ref);
  }

  /// Says that all that was handed over need not come again. Returns when that is safe.
  ///
  /// @throws IOException if it cannot be made so
  public void release() throws IOException {
    LogPosition position = reader.position();
    byte[] record = new Place(position, hold.capBytes()).encoded();
    try {
      if (journal.bytes() > REWRITE_BYTES) {
        journal.rewrite(List.of(record)).join();
      } else {
        journal.append(record).join();
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof JournalException) {
        throw new IOException("cannot keep the position of " + name, e.getCause());
      }
      throw e;
    }
    hold.moveTo(position.segment());
  }

  /// Keeps so many bytes of the log from now on.
  void cap(long bytes) {
    hold.cap(bytes);
  }

  /// Lets go of everything.
  void end() {
    log.release(hold);
    close();
  }

  void close() {
    journal.close();
  }

  /// Hands samples on and nothing else.
  private record Handing(Receiver receiver) implements ReplayHandler {
    @Override
    public void target(int target, String name) {}

    @Override
    public void series(int ref, int target, Labels labels) {}

    @Override
    public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {
      for (int i = 0; i < count; i++) {
        receiver.sample(refs[i], timestampMillis, values[i]);
      }
    }

    @Override
    public void sample(int ref, long timestampMillis, double value) {
      receiver.sample(ref, timestampMillis, value);
    }

    @Override
    public void late(int ref, long timestampMillis, double value) {
      receiver.sample(ref, timestampMillis, value);
    }

    @Override
    public void tombstone(TimeRange range, int[] refs, int count) {}

    @Override
    public void histogram(int ref, long timestampMillis, Histogram histogram) {
      receiver.histogram(ref, timestampMillis, histogram);
    }

    @Override
    public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
      receiver.histogram(ref, timestampMillis, histogram);
    }

    @Override
    public void exemplar(int ref, Exemplar exemplar) {}

    @Override
    public void metadata(String metric, MetricMetadata metadata) {}

    @Override
    public void checkpoint(byte[] payload) {}

    @Override
    public void damaged(Damage damage) {
      receiver.lost(damage);
    }
  }
}
