package barograph.storage.head;

import barograph.storage.model.Histogram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Samples that came when their series had a newer one already, or after their time was cut from
/// the head: kept apart, series by series, until a block takes them.
///
/// Few series have any, so the columns hang in pages of 64 of which most are not there, and pages
/// in groups of 1,024, so that a reference of any height takes no more memory than others. When a
/// block is to be written, the samples that it will take are set apart ([#settle]) and do not
/// change any more, while others of the same time may still come; once nobody asks for them here
/// they are let go ([#release]). All methods that change anything are the head's writer's; readers
/// copy within the series' version.
public final class LateSamples {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Pair[].class);
  private static final int PAGE_SHIFT = 6;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int PAGE_BYTES = 16 + 4 * PAGE;
  private static final int GROUP_SHIFT = 10;
  private static final int GROUP = 1 << GROUP_SHIFT;
  private static final int GROUP_BYTES = 16 + 4 * GROUP;
  private static final int PAIR_BYTES = 24;

  /// What one series has.
  private static final class Pair {
    /// On its way into a block.
    @Nullable LateColumn settling;

    /// Came since.
    @Nullable LateColumn fresh;
  }

  private final Head head;
  private final SampleFinder finder;
  private volatile @Nullable Pair[] @Nullable [] @Nullable [] groups = {};
  private final LongAdder samples = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /// Whether there was ever a histogram among them.
  private volatile boolean anyHistograms;

  private volatile long minTime = Long.MAX_VALUE;
  private volatile long maxTime = Long.MIN_VALUE;

  private long newestRestored = Long.MIN_VALUE;

  // What the release under way has seen so far.
  private long minLeft = Long.MAX_VALUE;
  private long maxLeft = Long.MIN_VALUE;

  LateSamples(Head head) {
    this.head = head;
    this.finder = new SampleFinder(head);
  }

  /// Offers a float that [Head#append] did not take because of its time.
  ///
  /// From the head's floor on, it is held against all that the head has of its series; before it,
  /// where the samples are in blocks, against the late ones alone.
  ///
  /// @return [Appended#LATE] if it is there now
  public Appended offer(int ref, long timestamp, double value) {
    return offer(ref, timestamp, value, null);
  }

  /// Offers a histogram that [HistogramStreams#offer] did not take because of its time, likewise.
  ///
  /// @return [Appended#LATE] if it is there now
  public Appended offer(int ref, long timestamp, Histogram histogram) {
    return offer(ref, timestamp, 0, histogram);
  }

  private Appended offer(int ref, long timestamp, double value, @Nullable Histogram histogram) {
    long bits = Double.doubleToRawLongBits(value);
    Found found = find(ref, timestamp, bits, histogram);
    boolean inHead = timestamp >= head.floor();
    if (found == Found.NOTHING && inHead) {
      found = finder.find(ref, timestamp, bits, histogram);
    }
    return switch (found) {
      case NOTHING -> {
        put(ref, timestamp, value, histogram);
        if (inHead) {
          head.bounds.tookLate(timestamp);
        }
        yield Appended.LATE;
      }
      case SAME -> Appended.REPEATED;
      case OTHER -> Appended.CONTRADICTING;
    };
  }

  /// Takes over a sample that a checkpoint or the log has kept; of two at the same time the later
  /// one stays.
  ///
  /// @param histogram null for a float
  void restore(int ref, long timestamp, double value, @Nullable Histogram histogram) {
    put(ref, timestamp, value, histogram);
    newestRestored = Math.max(newestRestored, timestamp);
    if (timestamp >= head.floor()) {
      head.bounds.tookLate(timestamp);
    }
  }

  private @Nullable Pair pair(int ref) {
    var now = groups;
    int page = ref >>> PAGE_SHIFT;
    int number = page >>> GROUP_SHIFT;
    var group = number < now.length ? now[number] : null;
    var slots = group == null ? null : group[page & (GROUP - 1)];
    return slots == null ? null : (Pair) SLOT.getAcquire(slots, ref & (PAGE - 1));
  }

  private Pair makePair(int ref) {
    Pair found = pair(ref);
    if (found != null) {
      return found;
    }
    int page = ref >>> PAGE_SHIFT;
    var now = groups;
    if (page >>> GROUP_SHIFT >= now.length) {
      now = Arrays.copyOf(now, Math.max((page >>> GROUP_SHIFT) + 1, now.length * 2));
    }
    var group = now[page >>> GROUP_SHIFT];
    if (group == null) {
      group = new Pair[GROUP][];
      now[page >>> GROUP_SHIFT] = group;
      bytes.add(GROUP_BYTES);
    }
    @Nullable Pair[] slots = group[page & (GROUP - 1)];
    if (slots == null) {
      slots = new Pair[PAGE];
      group[page & (GROUP - 1)] = slots;
      bytes.add(PAGE_BYTES);
    }
    var made = new Pair();
    bytes.add(PAIR_BYTES);
    SLOT.setRelease(slots, ref & (PAGE - 1), made);
    groups = now;
    return made;
  }

  /// Whether the series has any late samples.
  public boolean has(int ref) {
    return pair(ref) != null;
  }

  /// Whether the series has a late sample of that time.
  public boolean holds(int ref, long timestamp) {
    return find(ref, timestamp, 0, null) != Found.NOTHING;
  }

  private Found find(int ref, long timestamp, long bits, @Nullable Histogram histogram) {
    Pair pair = pair(ref);
    if (pair == null) {
      return Found.NOTHING;
    }
    Found fresh = find(pair.fresh, timestamp, bits, histogram);
    return fresh == Found.NOTHING ? find(pair.settling, timestamp, bits, histogram) : fresh;
  }

  private static Found find(
      @Nullable LateColumn column, long timestamp, long bits, @Nullable Histogram histogram) {
    int index = column == null ? -1 : column.find(timestamp);
    return column == null || index < 0 ? Found.NOTHING : column.compare(index, bits, histogram);
  }

  /// Adds a sample, in place of one of the same time.
  private void put(int ref, long timestamp, double value, @Nullable Histogram histogram) {
    Pair pair = makePair(ref);
    LateColumn column = pair.fresh;
    if (column == null) {
      column = new LateColumn();
      bytes.add(column.bytes());
      VarHandle.storeStoreFence();
      pair.fresh = column;
    }
    long before = column.bytes();
    head.versions.beginWrite(ref);
    boolean more = column.put(timestamp, value, histogram);
    head.versions.endWrite(ref);
    anyHistograms |= histogram != null;
    if (more) {
      samples.increment();
    }
    if (column.bytes() != before) {
      bytes.add(column.bytes() - before);
    }
    widen(timestamp, timestamp);
    minLeft = Math.min(minLeft, timestamp);
    maxLeft = Math.max(maxLeft, timestamp);
  }

  private void widen(long from, long to) {
    if (from < minTime) {
      minTime = from;
    }
    if (to > maxTime) {
      maxTime = to;
    }
  }

  /// Sets apart what the series numbered from `from` up to `to` have before `end`: from now on
  /// [HeadReader#readSettling] gives the same every time.
  public void settle(int from, int to, long end) {
    for (int ref = from; ref < to; ref++) {
      if (has(ref)) {
        head.versions.beginWrite(ref);
        settle(ref, end);
        head.versions.endWrite(ref);
      }
    }
  }

  private void settle(int ref, long end) {
    Pair pair = pair(ref);
    LateColumn fresh = pair == null ? null : pair.fresh;
    if (pair == null || fresh == null) {
      return;
    }
    long before = bytesOf(pair);
    int count = countOf(pair);
    LateColumn taken = fresh.splitBefore(end);
    if (taken == null) {
      return;
    }
    LateColumn settling = pair.settling;
    if (settling == null) {
      VarHandle.storeStoreFence();
      pair.settling = taken;
    } else {
      settling.putAll(taken);
    }
    if (fresh.size() == 0) {
      pair.fresh = null;
    }
    account(pair, before, count);
  }

  /// Says that a release begins, which goes through all series.
  public void beginRelease() {
    minLeft = Long.MAX_VALUE;
    maxLeft = Long.MIN_VALUE;
  }

  /// Has the series numbered from `from` up to `to` let go of what was set apart and lies before
  /// `end`, which is in a block; the rest of it is as if it had not been set apart.
  public void release(int from, int to, long end) {
    for (int ref = from; ref < to; ref++) {
      if (has(ref)) {
        head.versions.beginWrite(ref);
        release(ref, end);
        head.versions.endWrite(ref);
      }
    }
  }

  private void release(int ref, long end) {
    Pair pair = pair(ref);
    if (pair == null) {
      return;
    }
    long before = bytesOf(pair);
    int count = countOf(pair);
    LateColumn settling = pair.settling;
    if (settling != null) {
      pair.settling = null;
      settling.splitBefore(end);
      if (settling.size() > 0) {
        if (pair.fresh != null) {
          settling.putAll(pair.fresh);
        }
        pair.fresh = settling;
      }
    }
    account(pair, before, count);
    dropIfEmpty(ref, pair);
    if (pair.fresh != null) {
      minLeft = Math.min(minLeft, pair.fresh.time(0));
      maxLeft = Math.max(maxLeft, pair.fresh.time(pair.fresh.size() - 1));
    }
  }

  /// Says that a release has gone through all series.
  public void endRelease() {
    minTime = minLeft;
    maxTime = maxLeft;
  }

  /// Takes out what the series has from `from` to `to`, both included.
  ///
  /// @return whether there was any of it
  public boolean remove(int ref, long from, long to) {
    Pair pair = pair(ref);
    if (pair == null) {
      return false;
    }
    int before = countOf(pair);
    head.versions.beginWrite(ref);
    remove(ref, pair, from, to);
    head.versions.endWrite(ref);
    return countOf(pair) < before;
  }

  private void remove(int ref, Pair pair, long from, long to) {
    long before = bytesOf(pair);
    int count = countOf(pair);
    pair.settling = without(pair.settling, from, to);
    pair.fresh = without(pair.fresh, from, to);
    account(pair, before, count);
    dropIfEmpty(ref, pair);
  }

  private static @Nullable LateColumn without(@Nullable LateColumn column, long from, long to) {
    if (column == null) {
      return null;
    }
    column.removeRange(from, to);
    return column.size() == 0 ? null : column;
  }

  private static long bytesOf(Pair pair) {
    return (pair.settling == null ? 0 : pair.settling.bytes())
        + (pair.fresh == null ? 0 : pair.fresh.bytes());
  }

  private static int countOf(Pair pair) {
    return (pair.settling == null ? 0 : pair.settling.size())
        + (pair.fresh == null ? 0 : pair.fresh.size());
  }

  private void account(Pair pair, long bytesBefore, int countBefore) {
    bytes.add(bytesOf(pair) - bytesBefore);
    samples.add(countOf(pair) - countBefore);
  }

  private void dropIfEmpty(int ref, Pair pair) {
    if (pair.settling != null || pair.fresh != null) {
      return;
    }
    var now = groups;
    int page = ref >>> PAGE_SHIFT;
    var group = now[page >>> GROUP_SHIFT];
    var slots = group == null ? null : group[page & (GROUP - 1)];
    if (group == null || slots == null) {
      return;
    }
    SLOT.setRelease(slots, ref & (PAGE - 1), null);
    bytes.add(-PAIR_BYTES);
    for (Pair other : slots) {
      if (other != null) {
        return;
      }
    }
    group[page & (GROUP - 1)] = null;
    bytes.add(-PAGE_BYTES);
    groups = now;
  }

  /// Copies what the series has. Any thread, within the series' version.
  void copy(int ref, LateCopy into) {
    into.clear();
    Pair pair = pair(ref);
    if (pair == null) {
      return;
    }
    LateColumn settling = pair.settling;
    if (settling != null) {
      settling.copyTo(into);
    }
    into.endSettling();
    LateColumn fresh = pair.fresh;
    if (fresh != null) {
      fresh.copyTo(into);
    }
  }

  /// Whether there may be a histogram among them.
  boolean mayHaveHistograms() {
    return anyHistograms;
  }

  /// Late samples that are here.
  public long samples() {
    return samples.sum();
  }

  /// Time of the earliest, or earlier; [Long#MAX_VALUE] if there is none.
  public long minTime() {
    return minTime;
  }

  /// Time of the latest, or later; [Long#MIN_VALUE] if there is none.
  public long maxTime() {
    return maxTime;
  }

  /// Time of the latest that a checkpoint or the log had kept: only up to there can a series have a
  /// late sample at which it has not arrived in order, as a cut that broke off had raised the floor
  /// before the last stop. [Long#MIN_VALUE] if there was none. Writer only.
  public long newestRestored() {
    return newestRestored;
  }

  /// Bytes on the heap.
  public long bytes() {
    return bytes.sum() + 4L * groups.length;
  }
}
