package barograph.storage.head;

import barograph.storage.head.Head.NewSeries;
import barograph.storage.index.PostingsResolver;
import barograph.storage.index.SeriesPairs;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Which series there are: their labels, their targets, and the index that finds them.
///
/// Any thread looks series up and makes new ones, under a lock that guards all of this and nothing
/// of their samples.
final class SeriesRegistry {
  /// Far more than a sensible series has; keeps its record in the log within bounds.
  private static final int MOST_LABEL_CHARS = 1 << 20;

  /// How many are made before others may have the lock.
  private static final int MOST_AT_ONCE = 128;

  final SeriesTable table;
  final PairDictionary pairs;
  final LabelStore labelStore = new LabelStore();
  final Targets targets = new Targets();
  private final Cells cells;
  private final KeyedHash hashes;
  private final StampedLock lock = new StampedLock();

  private final SeriesMaker maker;

  /// Series that were made while the lock was held once, and that the log does not know yet.
  private final ConcurrentLinkedQueue<List<NewSeries>> fresh = new ConcurrentLinkedQueue<>();

  /// Those that the writer gives to the log now. Writer only.
  private Iterator<NewSeries> polled = Collections.emptyIterator();

  SeriesRegistry(Cells cells, KeyedHash hashes) {
    this.cells = cells;
    this.hashes = hashes;
    this.table = new SeriesTable(cells);
    this.pairs = new PairDictionary(hashes);
    this.maker = new SeriesMaker(hashes, pairs, labelStore, table);
  }

  /// The reference of the series with these labels, or -1.
  int find(Labels labels) {
    long stamp = lock.writeLock();
    try {
      return maker.find(labels);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// Finds the references of the first `count` series with these labels; those that are new are
  /// made, and put in line for the log. In place of the reference of one beyond the budget is one
  /// of [SeriesBudget]'s negative numbers.
  ///
  /// @throws IllegalArgumentException if labels are longer than any series' should be
  void findOrMake(
      Labels[] labels, String[] targetNames, int[] refs, int count, SeriesBudget budget) {
    for (int from = 0; from < count; from += MOST_AT_ONCE) {
      findOrMake(labels, targetNames, refs, from, Math.min(count, from + MOST_AT_ONCE), budget);
    }
  }

  private void findOrMake(
      Labels[] labels, String[] targetNames, int[] refs, int from, int to, SeriesBudget budget) {
    var made = new ArrayList<NewSeries>(to - from);
    long stamp = lock.writeLock();
    try {
      try {
        for (int i = from; i < to; i++) {
          int found = maker.find(labels[i]);
          refs[i] = found >= 0 ? found : make(labels[i], targetNames[i], budget, made);
        }
      } finally {
        maker.flush();
        if (!made.isEmpty()) {
          fresh.add(made);
        }
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private int make(Labels labels, String targetName, SeriesBudget budget, List<NewSeries> made) {
    int known = targets.find(targetName);
    int refusal = refusal(labels, known, budget);
    if (refusal < 0) {
      return refusal;
    }
    checkLength(labels);
    int target = known < 0 ? targets.add(targetName) : known;
    int ref = table.end();
    maker.make(ref, target);
    targets.get(target).series++;
    made.add(new NewSeries(ref, target, known < 0 ? targetName : null, labels));
    return ref;
  }

  /// What a new series is refused by, 0 for nothing.
  ///
  /// @param target its target's number, negative if there is none of that name yet
  private int refusal(Labels labels, int target, SeriesBudget budget) {
    boolean numbersTaken =
        table.end() >= SeriesTable.MOST || (target < 0 && targets.end() >= Targets.MOST);
    if (numbersTaken || table.count() >= budget.total()) {
      return SeriesBudget.TOTAL_TAKEN;
    }
    if (cells.bytes() + pairs.textBytes() >= budget.bytes()) {
      return SeriesBudget.MEMORY_TAKEN;
    }
    if (target >= 0 && targets.get(target).series >= budget.perTarget()) {
      return SeriesBudget.TARGET_TAKEN;
    }
    return ofJob(labels, budget) >= budget.perJob() ? SeriesBudget.JOB_TAKEN : 0;
  }

  /// How many series have the same job, 0 if it has none or nobody wants to know.
  private long ofJob(Labels labels, SeriesBudget budget) {
    String job = budget.perJob() == Integer.MAX_VALUE ? "" : labels.get(SeriesBudget.JOB);
    if (job.isEmpty()) {
      return 0;
    }
    maker.flush();
    return pairs.postings(SeriesBudget.JOB, job).getLongCardinality();
  }

  /// How many series the targets have, by their names.
  Map<String, Long> seriesByTarget() {
    var found = new HashMap<String, Long>();
    long stamp = lock.readLock();
    try {
      for (int i = targets.next(0); i >= 0; i = targets.next(i + 1)) {
        TargetTimes target = targets.get(i);
        if (target.series > 0) {
          found.merge(target.name(), (long) target.series, Long::sum);
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
    return found;
  }

  private static void checkLength(Labels labels) {
    long length = 0;
    for (int i = 0; i < labels.size(); i++) {
      length += labels.name(i).length() + labels.value(i).length();
    }
    if (length > MOST_LABEL_CHARS || labels.size() > LabelStore.MAX_LABELS) {
      throw new IllegalArgumentException(
          "a series with %d labels of %d characters, expected at most %d of %d"
              .formatted(labels.size(), length, LabelStore.MAX_LABELS, MOST_LABEL_CHARS));
    }
  }

  /// Takes over a series that has the number `ref` in the log, before any other thread is there.
  ///
  /// @return the number that it goes by here: another if its labels were here before; `ref` also if
  ///   that is a series with other labels, which then stays
  int restore(int ref, int target, Labels labels) {
    int known = maker.find(labels);
    table.skipTo(ref + 1);
    if (known >= 0) {
      return known;
    }
    if (!table.isAlive(ref)) {
      maker.make(ref, target);
      maker.flush();
      targets.get(target).series++;
    }
    return ref;
  }

  /// Makes a series whose number and pairs are known already, before any other thread is there.
  void make(int ref, int target, int[] numbers) {
    var pairHashes = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      pairHashes[i] = pairs.hash(numbers[i]);
    }
    int entry = labelStore.add(numbers, numbers.length);
    pairs.addSeries(ref, ref + 1);
    for (int pair : numbers) {
      pairs.add(pair, ref, ref + 1);
    }
    table.add(ref, hashes.of(pairHashes, pairHashes.length), entry, target);
    targets.get(target).series++;
  }

  /// The next series that the log does not know yet, or null. Writer only.
  @Nullable NewSeries pollNew() {
    if (!polled.hasNext()) {
      List<NewSeries> next = fresh.poll();
      if (next == null) {
        return null;
      }
      polled = next.iterator();
    }
    return polled.next();
  }

  /// The number of the target that a living series belongs to.
  int targetOf(int ref) {
    int cell = table.cell(ref);
    return cells.slab(cell).getInt(Cells.offset(cell) + Series.TARGET);
  }

  /// Forgets series whose records the writer has cleared of their streams.
  void forget(RoaringBitmap gone, Versions versions) {
    BitSet theirs = pairsOf(gone);
    long stamp = lock.writeLock();
    try {
      maker.forget();
      pairs.remove(gone, theirs);
      gone.forEach((int ref) -> {
        labelStore.remove(table.labels(ref));
        targets.get(targetOf(ref)).series--;
        versions.beginWrite(ref);
        table.remove(ref);
        versions.endWrite(ref);
      });
      table.shrink();
      labelStore.shrink();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// The pairs that any of the living series `refs` has.
  private BitSet pairsOf(RoaringBitmap refs) {
    var found = new BitSet();
    long stamp = lock.readLock();
    try {
      refs.forEach((int ref) -> {
        for (int pair : labelStore.pairs(table.labels(ref))) {
          found.set(pair);
        }
      });
    } finally {
      lock.unlockRead(stamp);
    }
    return found;
  }

  /// Forgets the targets that have neither series nor rows any more.
  void forgetTargets() {
    long stamp = lock.writeLock();
    try {
      targets.forgetEmpty();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// The series that pass all matchers, with their label pairs.
  ///
  /// @param allowance asked for the memory that they take, and whether to go on
  SeriesPairs find(List<Matcher> matchers, Allowance allowance) {
    var found = new SeriesPairs(allowance);
    long stamp = lock.readLock();
    try {
      RoaringBitmap passing = PostingsResolver.resolve(pairs, matchers, allowance);
      allowance.take(2L * Integer.BYTES * passing.getCardinality());
      int[] refs = passing.toArray();
      // Apart from the decoding, so that the memory's latencies overlap.
      var entries = new int[refs.length];
      int count = 0;
      for (int i = 0; i < refs.length; i++) {
        entries[i] = table.labels(refs[i]);
        count += labelStore.count(entries[i]);
      }
      found.reserve(refs.length, count);
      for (int i = 0; i < refs.length; i++) {
        labelStore.addPairs(entries[i], refs[i], found);
      }
      found.resolve(pairs.texts());
      return found;
    } catch (RuntimeException e) {
      found.close();
      throw e;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// The labels of a living series.
  Labels labels(int ref) {
    long stamp = lock.readLock();
    try {
      return labelStore.labels(table.labels(ref), pairs);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// The labels of a series; null if it is not here, or no longer.
  @Nullable Labels labelsOrNull(int ref) {
    long stamp = lock.readLock();
    try {
      return table.isAlive(ref) ? labelStore.labels(table.labels(ref), pairs) : null;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// The pairs of those of `refs` from `from` up to `to`, all of them alive.
  int[][] pairsOf(int[] refs, int from, int to) {
    int[][] found = new int[to - from][];
    long stamp = lock.readLock();
    try {
      for (int i = from; i < to; i++) {
        found[i - from] = labelStore.pairs(table.labels(refs[i]));
      }
      return found;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// Asks the index while it stands still; nothing of it may be kept.
  <T> T look(Function<PairDictionary, T> question) {
    long stamp = lock.readLock();
    try {
      return question.apply(pairs);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// Bytes on the heap.
  long bytes() {
    return table.bytes() + labelStore.bytes() + look(PairDictionary::textBytes);
  }
}
