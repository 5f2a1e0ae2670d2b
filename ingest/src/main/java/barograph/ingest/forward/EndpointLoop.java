package barograph.ingest.forward;

import barograph.ingest.forward.EndpointFigures.Gauges;
import barograph.ingest.forward.EndpointFigures.Kind;
import barograph.ingest.forward.EndpointFigures.Reason;
import barograph.storage.LogTail;
import barograph.storage.model.Damage;
import barograph.storage.model.MetricMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Passes on what the store accepts to one endpoint, round by round.
///
/// A round is a stretch of the log: what has gathered in `batch_send_deadline`, or as much as fills
/// the shards. Before it is sent, its end and the number of shards are noted in the tail's journal,
/// together with the release of the round before. So a round is either released or will be read
/// again, up to the same end, and be sent in the same requests; and nothing is sent of the next one
/// before. A change of the number of shards falls between two rounds, so that a series' samples
/// stay in order.
final class EndpointLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EndpointLoop.class.getName());
  private static final int PIECE_BYTES = 4096;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration RESHARD_INTERVAL = Duration.ofSeconds(10);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  /// Names of series that all shards of an endpoint together may remember, twice.
  private static final int KNOWN_NAMES = 1 << 15;

  private final Shard.Place place;
  private final LogTail tail;
  private final Supplier<Map<String, MetricMetadata>> metadata;
  private final EndpointFigures figures;
  private final ShardCount count;
  private final Round round = new Round(this::lost);
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();

  // Under the lock.
  private boolean stopped;
  private List<Thread> sending = List.of();

  // The loop's own.
  private List<Shard> shards = List.of();

  /// Behind all rounds that were taken.
  private LogTail.Mark taken;

  /// Whether something of a round was sent that is not taken yet.
  private boolean underWay;

  private long decidedAt;
  private long sentMillis;
  private double samplesAByte = 1;

  /// What a tail notes of the round that is being sent.
  ///
  /// @param end where it ends
  /// @param shards how many send it
  /// @param most samples in a request
  record Intent(LogTail.Mark end, int shards, int most) {
    private static final int BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    byte[] encoded() {
      return ByteBuffer.allocate(BYTES)
          .putLong(end.segment())
          .putLong(end.offset())
          .putInt(shards)
          .putInt(most)
          .array();
    }

    /// What a note says; null if there is none.
    static @Nullable Intent of(byte[] note) {
      if (note.length != BYTES) {
        return null;
      }
      var bytes = ByteBuffer.wrap(note);
      return new Intent(
          new LogTail.Mark(bytes.getLong(), bytes.getLong()),
          Math.max(1, bytes.getInt()),
          Math.max(1, bytes.getInt()));
    }
  }

  EndpointLoop(Shard.Place place, LogTail tail, Supplier<Map<String, MetricMetadata>> metadata) {
    this.place = place;
    this.tail = tail;
    this.metadata = metadata;
    this.figures = place.figures();
    this.taken = tail.mark();
    this.decidedAt = place.pace().nanoTime();
    this.count = new ShardCount(place.endpoint().queue().shards(), decidedAt);
    this.thread =
        Thread.ofPlatform()
            .name("forward-" + place.endpoint().shownName())
            .daemon()
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Stops, and waits until nothing is under way any more. What was not taken is sent by whoever
  /// goes on with the tail.
  @Override
  public void close() {
    lock.lock();
    try {
      stopped = true;
      told.signalAll();
      sending.forEach(Thread::interrupt);
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

  private void run() {
    try {
      resume();
      while (!isStopped()) {
        gather();
        if (!round.isEmpty() && !isStopped()) {
          forward(new Intent(tail.mark(), count.shards(), most()), false);
        }
      }
      if (!underWay) {
        release(taken, new byte[0]);
      }
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "remote write to " + place.endpoint().shownName() + " ended; reload to start it again",
          e);
    }
  }

  private int most() {
    return place.endpoint().queue().batch().most();
  }

  /// Sends once more what an earlier life may have sent a part of.
  private void resume() {
    Intent intent = Intent.of(tail.note());
    if (intent == null) {
      return;
    }
    while (readPiece(intent.end) && !isStopped()) {
      // A piece more.
    }
    if (!isStopped()) {
      forward(intent, true);
    }
  }

  /// Reads until there is enough to be sent, or what there is has waited for long enough.
  private void gather() {
    var queue = place.endpoint().queue();
    long begun = 0;
    while (!isStopped()) {
      boolean more = readPiece(null);
      int full = count.shards() * (more ? queue.capacity() : queue.batch().most());
      if (round.size() >= full) {
        return;
      }
      if (more) {
        continue;
      }
      long now = place.pace().nanoTime();
      if (round.isEmpty()) {
        passOver();
      } else if (begun == 0) {
        begun = now;
      } else if (now - begun >= queue.batch().deadline().toNanos()) {
        return;
      }
      pause(POLL);
    }
  }

  /// While nothing comes, all that was sent is let go of.
  private void passOver() {
    if (!tail.mark().equals(taken) || tail.note().length > 0) {
      release(tail.mark(), new byte[0]);
    }
    gauge();
  }

  /// @return whether there may be more at once
  private boolean readPiece(LogTail.@Nullable Mark end) {
    int before = round.size();
    try {
      boolean more =
          end == null ? tail.read(PIECE_BYTES, round) : tail.read(PIECE_BYTES, end, round);
      for (int i = before; i < round.size(); i++) {
        figures.addRead(
            round.histogram(i) != null
                ? Kind.HISTOGRAMS
                : round.exemplar(i) != null ? Kind.EXEMPLARS : Kind.SAMPLES);
      }
      return more;
    } catch (IOException e) {
      complain("cannot read the log", e);
      return false;
    }
  }

  /// Sends a round until all of it is taken or refused for good, or this is stopped.
  ///
  /// @param again whether an earlier life may have sent some of it
  private void forward(Intent intent, boolean again) {
    if (!again && !release(taken, intent.encoded())) {
      return;
    }
    underWay = true;
    gauge();
    boolean repeated = again;
    while (!send(intent, repeated)) {
      if (isStopped()) {
        return;
      }
      pause(PAUSE_AFTER_FAILURE);
      repeated = true;
    }
    if (taken.segment() == intent.end.segment() && taken.offset() < intent.end.offset()) {
      samplesAByte = (double) round.size() / (intent.end.offset() - taken.offset());
    }
    sentMillis = Math.max(sentMillis, round.newestMillis());
    round.clear();
    taken = tail.mark();
    underWay = false;
    decide();
  }

  /// @return false if stopped in the middle of it
  private boolean send(Intent intent, boolean again) {
    if (shards.size() != intent.shards) {
      shards = new ArrayList<>();
      for (int i = 0; i < intent.shards; i++) {
        shards.add(new Shard(place, tail, Math.max(64, KNOWN_NAMES / intent.shards)));
      }
    }
    var order = new Shard.Order(round, intent.most, again, metadata.get());
    int[][][] split = round.split(intent.shards);
    var whole = new AtomicBoolean(true);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < intent.shards; i++) {
      Shard shard = shards.get(i);
      int[][] part = split[i];
      if (part[0].length + part[1].length > 0) {
        threads.add(
            Thread.ofVirtual()
                .name("forward " + place.endpoint().shownName() + " " + i)
                .unstarted(() -> send(shard, order, part, whole)));
      }
    }
    if (!startAll(threads)) {
      return false;
    }
    long begun = place.pace().nanoTime();
    for (Thread each : threads) {
      join(each);
    }
    count.sent(round.size(), (place.pace().nanoTime() - begun) * threads.size());
    return whole.get();
  }

  private static void send(Shard shard, Shard.Order order, int[][] part, AtomicBoolean whole) {
    try {
      for (int[] entries : part) {
        shard.send(order, entries);
      }
    } catch (InterruptedException e) {
      whole.set(false);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "remote write broke off", e);
      whole.set(false);
    }
  }

  private boolean startAll(List<Thread> threads) {
    lock.lock();
    try {
      if (stopped) {
        return false;
      }
      sending = threads;
      threads.forEach(Thread::start);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Nobody interrupts this loop's thread: it reads files, which an interrupt would close.
  private static void join(Thread thread) {
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        thread.interrupt();
      }
    }
  }

  /// Lets go of what is before `mark`, however often that has to be tried.
  ///
  /// @return false if stopped before it was safe
  private boolean release(LogTail.Mark mark, byte[] note) {
    while (true) {
      try {
        tail.release(mark, note);
        taken = mark;
        return true;
      } catch (IOException e) {
        complain("cannot keep its place in the log", e);
        if (isStopped()) {
          return false;
        }
      }
    }
  }

  private void complain(String what, IOException e) {
    LOG.log(
        System.Logger.Level.WARNING,
        "remote write to {0} {1}: {2}",
        place.endpoint().shownName(),
        what,
        e.getMessage());
    pause(PAUSE_AFTER_FAILURE);
  }

  private void lost(Damage damage) {
    LOG.log(
        System.Logger.Level.ERROR,
        "remote write to {0} has lost samples: {1}",
        place.endpoint().shownName(),
        damage);
    figures.addDropped(Reason.LOG_GIVEN_UP, Math.max(0, damage.samples()));
  }

  private void decide() {
    long now = place.pace().nanoTime();
    gauge();
    if (now - decidedAt >= RESHARD_INTERVAL.toNanos()) {
      decidedAt = now;
      int before = count.shards();
      count.decide(now, figures.gauges().waiting());
      if (count.shards() != before) {
        LOG.log(
            System.Logger.Level.INFO,
            "remote write to {0} goes from {1} to {2} shards",
            place.endpoint().shownName(),
            Integer.toString(before),
            Integer.toString(count.shards()));
      }
    }
  }

  private void gauge() {
    long waiting = round.size();
    try {
      waiting += (long) (tail.waitingBytes() * samplesAByte);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the log cannot be looked at", e);
    }
    long highest = figures.gauges().highestMillis();
    figures.gauges(
        new Gauges(
            count.shards(),
            count.desired(),
            waiting,
            Math.max(highest, Math.max(0, round.newestMillis())),
            sentMillis));
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for so long, or until stopped.
  private void pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (!stopped && left > 0) {
        left = told.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, the pause is over.
      LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting", e);
    } finally {
      lock.unlock();
    }
  }
}
