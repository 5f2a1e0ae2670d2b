package barograph.storage;

import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.head.Appended;
import barograph.storage.head.Head;
import barograph.storage.model.Histogram;
import barograph.storage.wal.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes batches into the head: decides of each sample whether it is taken, and records what was in
/// the log. The sequencer's own, as the head is.
final class Intake {
  /// How far a sample may be ahead of the clock.
  private static final long AHEAD_MILLIS = Duration.ofMinutes(10).toMillis();

  /// Earlier timestamps are nonsense, and arithmetic with them could overflow.
  private static final long EARLIEST = -(1L << 52);

  private final Head head;
  private final Log log;
  private final ChangeTimes changes;
  private final Gather gather;
  private final LateGather lateGather;
  private final SampleBlock block = new SampleBlock();

  private volatile long windowMillis;
  private volatile long keptMillis;

  // Of the batch at hand.
  private long now;
  private long latest;
  private long newest;
  private long oldest;
  private int accepted;
  private int stored;
  private int storedLate;
  private List<Refusal> refusals = List.of();

  /// For each sample of a block, series by series, whether it was stored in order.
  private boolean[] inOrder = new boolean[256];

  /// The target of each series in a block's rows.
  private int[] targets = new int[256];

  Intake(Head head, Log log, ChangeTimes changes) {
    this.head = head;
    this.log = log;
    this.changes = changes;
    this.gather = new Gather(log);
    this.lateGather = new LateGather(log);
  }

  /// How far behind samples may come out of order; 0 for not at all.
  void acceptOutOfOrder(long newWindowMillis) {
    windowMillis = newWindowMillis;
  }

  /// How far behind the newest sample any may lie at all; 0 for any distance.
  void keepFor(long retentionMillis) {
    keptMillis = retentionMillis;
  }

  /// Samples of the last batch that were stored, late ones too.
  int stored() {
    return stored;
  }

  /// Samples of the last batch that were stored late.
  int storedLate() {
    return storedLate;
  }

  /// Takes a batch, whose series the log knows.
  WriteResult take(SampleBatch batch, long clockMillis) {
    now = clockMillis;
    latest = now + AHEAD_MILLIS;
    newest = head.newestTime();
    oldest = oldestKept(newest);
    accepted = 0;
    stored = 0;
    storedLate = 0;
    refusals = List.of();
    changes.begin();
    int count = batch.size();
    if (batch.hasHistograms() || batch.isOnlyAhead()) {
      takeEach(batch, 0, count);
    } else {
      for (int at = 0; at < count; at += block.size()) {
        block.find(batch, at);
        takeBlock(batch);
      }
    }
    changes.end();
    flush();
    // Blocks are taken series by series.
    if (!refusals.isEmpty()) {
      refusals.sort(Comparator.comparingInt(Refusal::index));
    }
    return new WriteResult(accepted, refusals);
  }

  /// Hands on what has been gathered for the log, as far as a batch got that broke off too.
  void flush() {
    gather.flush();
    lateGather.flush();
  }

  /// The time before which nothing is taken: retention counts from the newest sample, or from the
  /// clock if that is earlier.
  private long oldestKept(long newestMillis) {
    long kept = keptMillis;
    return kept == 0 ? EARLIEST : Math.max(EARLIEST, Math.min(now, newestMillis) - kept);
  }

  private void takeEach(SampleBatch batch, int from, int count) {
    for (int i = from; i < from + count; i++) {
      Histogram histogram = batch.histogram(i);
      long time = batch.timestampMillis(i);
      if (take(batch, i, histogram)) {
        if (histogram == null) {
          gather.add(batch.series(i), head.lastTarget(), time, batch.value(i));
        } else {
          log.histogram(batch.series(i), time, histogram);
        }
      }
    }
  }

  private void takeBlock(SampleBatch batch) {
    if (block.latest() > latest
        || block.earliest() < oldestKept(Math.max(newest, block.latest()))
        || block.earliest() <= head.late().newestRestored()) {
      // Some are refused, or looked at more closely.
      takeEach(batch, block.from(), block.size());
      return;
    }
    for (int row = 0; row < block.rows(); row++) {
      changes.touch(block.times()[row]);
    }
    if (inOrder.length < block.size()) {
      inOrder = new boolean[Math.max(block.size(), 2 * inOrder.length)];
      targets = new int[inOrder.length];
    }
    Arrays.fill(inOrder, 0, block.size(), false);
    boolean whole = false;
    try {
      whole = takeSeriesBySeries(batch);
    } finally {
      // What is in the head is in the log too, even if something breaks off in between.
      record(batch, whole);
      newest = head.newestTime();
      oldest = oldestKept(newest);
    }
  }

  /// Takes the block's samples, one series after the other.
  ///
  /// @return whether all were stored in order, and are of one target
  private boolean takeSeriesBySeries(SampleBatch batch) {
    int rows = block.rows();
    if (rows == 1) {
      return takeRow(batch);
    }
    boolean whole = true;
    for (int i = 0; i < block.width(); i++) {
      int done = 0;
      while (done < rows) {
        done = takeReady(batch, i, done);
        if (done < rows) {
          boolean isInOrder = take(batch, block.from() + done * block.width() + i, null);
          targets[i] = head.lastTarget();
          inOrder[i * rows + done] = isInOrder;
          whole &= isInOrder;
          done++;
        }
      }
      whole &= targets[i] == targets[0];
    }
    return whole;
  }

  /// Takes a block that is one row; only what takes a closer look is looked at alone.
  ///
  /// @return whether all were stored in order, and are of one target
  private boolean takeRow(SampleBatch batch) {
    int from = block.from();
    int width = block.width();
    long time = block.times()[0];
    boolean whole = true;
    int done = 0;
    while (done < width) {
      int ready = head.appendRow(batch.refs(), from + done, from + width, time, batch.values());
      if (ready > 0) {
        Arrays.fill(targets, done, done + ready, head.lastTarget());
        Arrays.fill(inOrder, done, done + ready, true);
        accepted += ready;
        stored += ready;
        done += ready;
      }
      if (done < width) {
        inOrder[done] = take(batch, from + done, null);
        targets[done] = head.lastTarget();
        whole &= inOrder[done];
        done++;
      }
    }
    return whole && isOne(targets, width);
  }

  private static boolean isOne(int[] numbers, int count) {
    return Arrays.mismatch(numbers, 0, count - 1, numbers, 1, count) < 0;
  }

  /// Takes a series' samples from row `row` on, up to the first that takes a closer look.
  ///
  /// @return its row
  private int takeReady(SampleBatch batch, int series, int row) {
    int rows = block.rows();
    int width = block.width();
    int at = block.from() + row * width + series;
    int ready = head.append(batch.series(at), block.times(), row, rows, batch.values(), at, width);
    targets[series] = head.lastTarget();
    Arrays.fill(inOrder, series * rows + row, series * rows + row + ready, true);
    accepted += ready;
    stored += ready;
    return row + ready;
  }

  /// Tells the log, row by row, what was stored of the block.
  private void record(SampleBatch batch, boolean whole) {
    int width = block.width();
    int rows = block.rows();
    for (int row = 0; row < rows; row++) {
      int from = block.from() + row * width;
      long time = block.times()[row];
      if (whole && width > 1) {
        gather.flush();
        log.row(targets[0], time, batch.refs(), batch.values(), from, width);
        continue;
      }
      for (int i = 0; i < width; i++) {
        if (inOrder[i * rows + row]) {
          gather.add(batch.series(from + i), targets[i], time, batch.value(from + i));
        }
      }
    }
  }

  /// Takes one sample.
  ///
  /// @param histogram null for a float
  /// @return whether it came in order and was stored: then the caller records it in the log
  private boolean take(SampleBatch batch, int i, @Nullable Histogram histogram) {
    int ref = batch.series(i);
    long time = batch.timestampMillis(i);
    if (time > latest) {
      refuse(batch, i, Reason.TOO_FAR_AHEAD);
      return false;
    }
    if (time < oldest) {
      refuse(batch, i, Reason.TOO_OLD);
      return false;
    }
    changes.touch(time);
    switch (offer(ref, time, batch.value(i), histogram, batch.isOnlyAhead())) {
      case STORED -> {
        stored++;
        accepted++;
        if (time > newest) {
          newest = time;
          oldest = oldestKept(newest);
        }
        return true;
      }
      case LATE -> {
        if (histogram == null) {
          lateGather.add(ref, time, batch.value(i));
        } else {
          log.lateHistogram(ref, time, histogram);
        }
        stored++;
        storedLate++;
        accepted++;
      }
      case REPEATED -> accepted++;
      case OUT_OF_ORDER -> refuse(batch, i, Reason.OUT_OF_ORDER);
      case CONTRADICTING -> refuse(batch, i, Reason.DUPLICATE_TIMESTAMP);
      case TOO_OLD -> refuse(batch, i, Reason.TOO_OLD);
      case UNKNOWN -> refuse(batch, i, Reason.UNKNOWN_SERIES);
    }
    return false;
  }

  private void refuse(SampleBatch batch, int i, Reason reason) {
    if (batch.isOnlyAhead()) {
      return;
    }
    if (refusals.isEmpty()) {
      refusals = new ArrayList<>();
    }
    refusals.add(new Refusal(i, reason));
  }

  /// @param histogram null for a float
  /// @param onlyAhead whether nothing is taken late
  private Appended offer(
      int ref, long time, double value, @Nullable Histogram histogram, boolean onlyAhead) {
    // A cut that a full disk has stopped raises the floor until the next start: what came late
    // meanwhile may be ahead of what came in order.
    boolean isHeldLate =
        time <= head.late().newestRestored()
            && time >= head.floor()
            && head.late().holds(ref, time);
    Appended inOrderOutcome =
        isHeldLate
            ? Appended.OUT_OF_ORDER
            : histogram == null
                ? head.append(ref, time, value)
                : head.histograms().offer(ref, time, histogram);
    long window = windowMillis;
    boolean isLate =
        switch (inOrderOutcome) {
          case OUT_OF_ORDER, TOO_OLD -> true;
          case REPEATED, CONTRADICTING -> head.tombstones().covers(ref, time);
          case STORED, LATE, UNKNOWN -> false;
        };
    if (!isLate || window == 0 || onlyAhead) {
      return inOrderOutcome;
    }
    if (time < Math.min(now, head.newestTime()) - window) {
      return Appended.TOO_OLD;
    }
    return histogram == null
        ? head.late().offer(ref, time, value)
        : head.late().offer(ref, time, histogram);
  }
}
