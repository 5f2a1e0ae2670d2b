package barograph.storage;

import barograph.storage.disk.DiskFullException;
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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What was accepted, in order, for whoever sends it on: from where it stopped reading, after a
/// restart too, up to what is synced now.
///
/// [#read] hands over what follows; [#release] says that all that was handed over so far need not
/// come again, and makes that durable. After a stop in between it comes a second time. Parts of the
/// log that were not released are kept for it beyond the checkpoints, up to a number of bytes; if
/// that is passed, the oldest go, and the next reading tells what was in them: after a restart too,
/// and a second time if the restart came before the next release.
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

    /// A sample that came late: its series had a newer one, or blocks had its time.
    default void late(int ref, long timestampMillis, double value) {
      sample(ref, timestampMillis, value);
    }

    /// A native histogram that came late.
    default void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
      histogram(ref, timestampMillis, histogram);
    }

    /// An exemplar of a series; passed over by whoever does not want any.
    default void exemplar(int ref, Exemplar exemplar) {}

    /// Something could not be read, or was deleted before it was.
    default void lost(Damage damage) {}
  }

  /// A place in the log, as [#mark] tells it; good after a restart too.
  ///
  /// @param segment the number of a part of the log
  /// @param offset where in it
  public record Mark(long segment, long offset) {
    private LogPosition position() {
      return new LogPosition(segment, offset);
    }
  }

  /// What a tail's journal says.
  ///
  /// @param capBytes how much of the log is kept for it at most
  /// @param lost what was deleted before it was read, and nobody was told yet
  /// @param note what its reader wants to know again
  record Place(LogPosition position, long capBytes, Contents lost, byte[] note) {
    private static final int BYTES = 56;

    byte[] encoded() {
      return ByteBuffer.allocate(BYTES + note.length)
          .putLong(position.segment())
          .putLong(position.offset())
          .putLong(capBytes)
          .putLong(lost.samples())
          .putLong(lost.series())
          .putLong(lost.minMillis())
          .putLong(lost.maxMillis())
          .put(note)
          .array();
    }

    static Place of(byte[] record) {
      var bytes = ByteBuffer.wrap(record);
      return new Place(
          new LogPosition(bytes.getLong(), bytes.getLong()),
          bytes.getLong(),
          new Contents(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()),
          Arrays.copyOfRange(record, BYTES, record.length));
    }

    /// The same once what is before `first` is lost: that is not handed over any more, whether it
    /// came to be deleted or not.
    Place losing(LogPosition first, Contents unreleased) {
      return new Place(position.orLater(first), capBytes, unreleased, note);
    }
  }

  private final String name;
  private final Head head;
  private final Log log;
  private final LogHold hold;
  private final Journal journal;
  private TailReader reader;

  /// What the journal has safely.
  private Place place;

  private final ReentrantLock noting = new ReentrantLock();

  /// What the journal was given last, also by the thread that deletes segments. Under the lock.
  private Place noted;

  LogTail(String name, Head head, Log log, Place place, Journal journal) {
    this.name = name;
    this.head = head;
    this.log = log;
    this.reader = log.readFrom(place.position());
    this.hold = new LogHold(place.position(), place.capBytes(), place.lost(), this::noteLoss);
    this.journal = journal;
    this.place = place;
    this.noted = place;
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
    return read(bytes, log.synced(), receiver);
  }

  /// The same, but nothing that is behind `end`.
  ///
  /// @param end what [#mark] answered once, here or before a restart
  public boolean read(int bytes, Mark end, Receiver receiver) throws IOException {
    return read(bytes, end.position(), receiver);
  }

  private boolean read(int bytes, LogPosition end, Receiver receiver) throws IOException {
    Contents dropped = hold.takeLost();
    if (!dropped.isNothing()) {
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
    return reader.read(end, bytes, new Handing(receiver));
  }

  /// Goes back to where it was released last, as after a restart.
  public void rewind() {
    reader = log.readFrom(place.position());
  }

  /// Behind all that was handed over so far.
  public Mark mark() {
    LogPosition position = reader.position();
    return new Mark(position.segment(), position.offset());
  }

  /// About how many bytes of the log are still to be read.
  ///
  /// @throws IOException if the log's folder cannot be listed
  public long waitingBytes() throws IOException {
    return log.bytesAfter(reader.position());
  }

  /// What was noted with the last [#release(Mark, byte[])]; empty if nothing was.
  public byte[] note() {
    return place.note.clone();
  }

  /// The labels of a series that [#read] has handed over; null if they were in a damaged place. No
  /// series is forgotten before all tails have released what there is of it.
  public @Nullable Labels labels(int ref) {
    return head.labelsOrNull(ref);
  }

  /// Says that all that was handed over need not come again. Returns when that is safe.
  ///
  /// @throws IOException if it cannot be made so
  public void release() throws IOException {
    release(mark(), new byte[0]);
  }

  /// Says that what was handed over before `mark` need not come again, and keeps a note with it: of
  /// both or of neither will be known after a stop. Returns when that is safe.
  ///
  /// @param mark what [#mark] answered once
  /// @param ownNote a few bytes, for [#note]
  /// @throws IOException if it cannot be made so
  public void release(Mark mark, byte[] ownNote) throws IOException {
    CompletableFuture<?> safe;
    Place next;
    noting.lock();
    try {
      hold.released();
      LogPosition released = mark.position().orLater(noted.position());
      next = new Place(released, hold.capBytes(), hold.lost(), ownNote.clone());
      safe = note(next);
    } finally {
      noting.unlock();
    }
    await(safe);
    place = next;
    hold.moveTo(next.position());
  }

  /// Keeps what is about to be lost for whoever reads next, in this life or in another.
  private void noteLoss(LogPosition first) throws IOException {
    CompletableFuture<?> safe;
    Place before;
    Place losing;
    noting.lock();
    try {
      before = noted;
      losing = before.losing(first, hold.unreleased());
      safe = note(losing);
    } finally {
      noting.unlock();
    }
    try {
      await(safe);
    } catch (IOException | RuntimeException e) {
      noting.lock();
      try {
        noted = noted.equals(losing) ? before : noted;
      } finally {
        noting.unlock();
      }
      throw e;
    }
  }

  private CompletableFuture<?> note(Place next) {
    noted = next;
    byte[] record = next.encoded();
    return journal.bytes() > REWRITE_BYTES
        ? journal.rewrite(List.of(record))
        : journal.append(record);
  }

  private void await(CompletableFuture<?> safe) throws IOException {
    try {
      safe.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof JournalException why) {
        String what = "cannot keep the position of " + name;
        throw why.getCause() instanceof DiskFullException
            ? new DiskFullException(what, why)
            : new IOException(what, why);
      }
      throw e;
    }
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
      receiver.late(ref, timestampMillis, value);
    }

    @Override
    public void tombstone(TimeRange range, int[] refs, int count) {}

    @Override
    public void lateTombstone(TimeRange range, int[] refs, int count) {}

    @Override
    public void histogram(int ref, long timestampMillis, Histogram histogram) {
      receiver.histogram(ref, timestampMillis, histogram);
    }

    @Override
    public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
      receiver.lateHistogram(ref, timestampMillis, histogram);
    }

    @Override
    public void exemplar(int ref, Exemplar exemplar) {
      receiver.exemplar(ref, exemplar);
    }

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
