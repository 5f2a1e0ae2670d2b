package barograph.storage.head;

import static barograph.storage.head.Series.BYTE;
import static barograph.storage.head.Series.INT;
import static barograph.storage.head.Series.LONG;
import static barograph.storage.head.Series.SHORT;

import barograph.storage.disk.Disk;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.PostingsResolver;
import barograph.storage.index.SeriesPairs;
import barograph.storage.index.Tombstones;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The newest hours of every live series.
///
/// Three kinds of threads meet here. Any thread looks series up and makes new ones, under a lock
/// that guards the index alone. One writer appends samples and truncates, and takes no lock for a
/// sample. Any number of readers copy a series' open stream and try again if the writer was at it
/// ([Versions]); sealed chunks never change.
///
/// A sample goes into the stream of its series' record; its time is a row of the target if it can
/// be, so that series that are sampled together share their timestamps, and else into a stream of
/// its own. A stream of 120 samples, or one that has filled its fragments, is sealed into a chunk.
public final class Head {
  /// A series that was made and is not in the log yet.
  ///
  /// @param targetName the name of the target if it is new as well
  public record NewSeries(int ref, int target, @Nullable String targetName, Labels labels) {}

  /// Before every sample; not so early that arithmetic could overflow.
  static final long EARLIEST = -(1L << 52);

  /// Samples after which a stream is sealed, unless they are all the same.
  static final int SEAL_ROWS = 120;

  /// Most samples of a chunk.
  static final int MOST_ROWS = 1024;

  /// A stream that a missed row would end sooner than this goes over to times of its own.
  private static final int FEW_ROWS = 8;

  /// Far more than a sensible series has; keeps its record in the log within bounds.
  private static final int MOST_LABEL_CHARS = 1 << 20;

  final Cells cells = new Cells();
  final SeriesTable table = new SeriesTable(cells);
  final Versions versions = new Versions();
  final StampedLock lock = new StampedLock();
  final PairDictionary pairs;
  final LabelStore labelStore = new LabelStore();
  final SealedChunks sealed;
  private final Disk disk;
  private final Path folder;
  private final Sealer sealer;
  private final KeyedHash hashes;
  private final Restoration restoration;
  private final Truncation truncation;
  final HistogramStreams histograms;
  private final Exemplars exemplars = new Exemplars();
  private final MetadataTable metadata = new MetadataTable();
  private final LateSamples late;

  private final Map<String, Integer> targetNumbers = new HashMap<>();
  private final TargetTimes nobody = new TargetTimes("");
  private volatile TargetTimes[] targets = {nobody};
  private volatile int targetCount;
  private final ConcurrentLinkedQueue<NewSeries> fresh = new ConcurrentLinkedQueue<>();

  private volatile Tombstones tombstones = Tombstones.NONE;
  private volatile long minTime = Long.MAX_VALUE;
  private volatile long maxTime = Long.MIN_VALUE;
  private volatile long floor = Long.MIN_VALUE;
  private volatile long settled = Long.MIN_VALUE;

  /// @param hashKey keys the hash of labels, so that nobody can choose labels that collide
  public Head(Disk disk, Path folder, long hashKey) {
    this.disk = disk;
    this.folder = folder;
    this.sealed = new SealedChunks(disk, folder);
    this.sealer = new Sealer(this);
    this.hashes = new KeyedHash(hashKey);
    this.pairs = new PairDictionary(hashes);
    this.restoration = new Restoration(this, disk, folder);
    this.truncation = new Truncation(this);
    this.histograms = new HistogramStreams(this);
    this.late = new LateSamples(this);
  }

  // Series: any thread.

  /// The reference of the series with these labels, or -1.
  public int find(Labels labels) {
    int hash = hashes.of(labels);
    long stamp = lock.readLock();
    try {
      return find(labels, hash);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private int find(Labels labels, int hash) {
    for (int slot = table.firstSlot(hash); !table.isEnd(slot); slot = table.nextSlot(slot)) {
      int ref = table.candidate(slot, hash);
      if (ref >= 0 && labelStore.equal(labelEntry(ref), labels, pairs)) {
        return ref;
      }
    }
    return -1;
  }

  /// The reference of the series with these labels, which is made, and put in line for the log, if
  /// it is new; -1 if it is new and there are `limit` series already.
  ///
  /// @throws IllegalArgumentException if the labels are longer than any series' should be
  public int findOrMake(Labels labels, String target, int limit) {
    int hash = hashes.of(labels);
    long stamp = lock.writeLock();
    try {
      int found = find(labels, hash);
      if (found >= 0) {
        return found;
      }
      if (table.count() >= limit) {
        return -1;
      }
      checkLength(labels);
      Integer known = targetNumbers.get(target);
      int number = known == null ? makeTarget(target) : known;
      int ref = table.end();
      make(ref, number, labels, hash);
      fresh.add(new NewSeries(ref, number, known == null ? target : null, labels));
      return ref;
    } finally {
      lock.unlockWrite(stamp);
    }
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

  /// Makes a series whose number is settled already.
  void make(int ref, int target, Labels labels) {
    make(ref, target, labels, hashes.of(labels));
  }

  private void make(int ref, int target, Labels labels, int hash) {
    int[] numbers = new int[labels.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = pairs.pair(labels.name(i), labels.value(i));
    }
    index(ref, numbers);
    table.add(ref, hash, labelStore.add(numbers, numbers.length), target);
    targets[target].series++;
  }

  private void index(int ref, int[] numbers) {
    pairs.addSeries(ref);
    for (int pair : numbers) {
      pairs.add(pair, ref);
    }
  }

  private int makeTarget(String name) {
    int number = targetCount;
    putTarget(number, name);
    return number;
  }

  private void putTarget(int number, String name) {
    TargetTimes[] now = targets;
    if (number >= now.length) {
      int known = now.length;
      now = Arrays.copyOf(now, Math.max(number + 1, known * 2));
      Arrays.fill(now, known, now.length, nobody);
    }
    if (now[number] == nobody) {
      now[number] = new TargetTimes(name);
    } else {
      now[number].rename(name);
    }
    targets = now;
    targetCount = Math.max(targetCount, number + 1);
    targetNumbers.put(name, number);
  }

  /// The next series that the log does not know yet, or null. Writer only.
  public @Nullable NewSeries pollNew() {
    return fresh.poll();
  }

  private int labelEntry(int ref) {
    int cell = table.cell(ref);
    return cells.slab(cell).get(INT, Cells.offset(cell) + Series.LABELS);
  }

  // Samples: the writer.

  /// The samples that came too late for [#append].
  public LateSamples late() {
    return late;
  }

  /// The native histograms.
  public HistogramStreams histograms() {
    return histograms;
  }

  /// The exemplars.
  public Exemplars exemplars() {
    return exemplars;
  }

  /// What is known of metrics.
  public MetadataTable metadata() {
    return metadata;
  }

  /// Time of the newest float of a living series that came in order; [Long#MIN_VALUE] if it has
  /// none.
  long lastFloatTime(int ref) {
    int cell = table.cell(ref);
    MemorySegment record = cells.slab(cell);
    long at = Cells.offset(cell);
    return (Series.flags(record, at) & Series.SAMPLED) == 0
        ? Long.MIN_VALUE
        : lastTime(
            record,
            at,
            record.get(INT, at + Series.OWN_TIMES),
            targets[record.get(INT, at + Series.TARGET)]);
  }

  /// Notes that a living series has a histogram.
  void tookHistogram(int ref, long timestamp) {
    int cell = table.cell(ref);
    MemorySegment record = cells.slab(cell);
    long flagsAt = Cells.offset(cell) + Series.FLAGS;
    int flags = record.get(BYTE, flagsAt);
    record.set(BYTE, flagsAt, (byte) ((flags | Series.HISTOGRAMS) & ~Series.IDLE));
    maxTime = Math.max(maxTime, timestamp);
    minTime = Math.min(minTime, timestamp);
  }

  /// Whether a series has, or has had, native histograms: then it takes samples in order only.
  public boolean hasHistograms(int ref) {
    int cell = table.cell(ref);
    return cell != 0
        && (Series.flags(cells.slab(cell), Cells.offset(cell)) & Series.HISTOGRAMS) != 0;
  }

  /// Offers one sample.
  public Appended append(int ref, long timestamp, double value) {
    return append(ref, timestamp, value, true);
  }

  private Appended append(int ref, long timestamp, double value, boolean besideHistograms) {
    if (ref < 0) {
      return Appended.UNKNOWN;
    }
    int cell = table.cell(ref);
    if (cell == 0) {
      return Appended.UNKNOWN;
    }
    MemorySegment record = cells.slab(cell);
    long at = Cells.offset(cell);
    int flags = Series.flags(record, at);
    if ((flags & Series.ALIVE) == 0) {
      return Appended.UNKNOWN;
    }
    if ((flags & Series.HISTOGRAMS) != 0 && besideHistograms) {
      Appended refusal = histograms.inTheWayOf(ref, timestamp);
      if (refusal != null) {
        return refusal;
      }
    }
    TargetTimes times = targets[record.get(INT, at + Series.TARGET)];
    if (appendNext(ref, record, at, times, timestamp, value)) {
      return Appended.STORED;
    }
    int own = record.get(INT, at + Series.OWN_TIMES);
    if ((flags & Series.SAMPLED) != 0) {
      long last = lastTime(record, at, own, times);
      if (timestamp <= last) {
        return timestamp < last
            ? Appended.OUT_OF_ORDER
            : record.get(LONG, at + Series.LAST_BITS) == Double.doubleToRawLongBits(value)
                ? Appended.REPEATED
                : Appended.CONTRADICTING;
      }
    }
    if (timestamp < floor) {
      return Appended.TOO_OLD;
    }
    versions.beginWrite(ref);
    try {
      store(ref, record, at, times, timestamp, value);
    } finally {
      versions.endWrite(ref);
    }
    if (timestamp > maxTime) {
      maxTime = timestamp;
    }
    if (timestamp < minTime) {
      minTime = timestamp;
    }
    return Appended.STORED;
  }

  /// The way that nearly all samples go, short: the next row of an open stream in its target's
  /// rows, which another series of the target has begun, with room left.
  ///
  /// It looks at the record in words of eight bytes, a third of the loads.
  ///
  /// @return false if anything is different: nothing has been done then
  private boolean appendNext(
      int ref, MemorySegment record, long at, TargetTimes times, long timestamp, double value) {
    long state = record.get(LONG, at + Series.STATE);
    long stream = record.get(LONG, at + Series.OWN_TIMES);
    int rows = Series.rowsIn(stream);
    if (state >>> 56 != (Series.ALIVE | Series.SAMPLED)
        || ((state >>> 48) & 0xff) >= BitStream.MAX_FRAGMENTS - 1
        || (int) stream != 0
        || rows == 0) {
      return false;
    }
    int row = record.get(INT, at + Series.FIRST_ROW) + rows;
    TargetTimes.Column column = times.column();
    if (row >= times.end()
        || row <= column.base()
        || column.time(row) != timestamp
        || timestamp < floor) {
      return false;
    }
    boolean running =
        stream >>> 48 != 0
            && record.get(LONG, at + Series.LAST_BITS) == Double.doubleToRawLongBits(value);
    if (rows >= (running ? MOST_ROWS : SEAL_ROWS)) {
      return false;
    }
    versions.beginWrite(ref);
    try {
      if (running) {
        // One row more, all of them alike.
        record.set(LONG, at + Series.OWN_TIMES, (long) (rows + 1) << 32 | (long) (rows + 1) << 48);
      } else {
        ValueStream.append(cells, record, at, value);
      }
    } finally {
      versions.endWrite(ref);
    }
    if (timestamp > maxTime) {
      maxTime = timestamp;
    }
    if (timestamp < minTime) {
      minTime = timestamp;
    }
    return true;
  }

  /// Time of the newest sample, or less than the floor if it is no longer known.
  long lastTime(MemorySegment record, long at, int own, TargetTimes times) {
    if (own != 0) {
      return cells.slab(own).get(LONG, Cells.offset(own) + Series.LAST_TIME);
    }
    int row = record.get(INT, at + Series.FIRST_ROW) + Series.rows(record, at) - 1;
    TargetTimes.Column column = times.column();
    return row < column.base() ? Long.MIN_VALUE : column.time(row);
  }

  private void store(
      int ref, MemorySegment record, long at, TargetTimes times, long timestamp, double value) {
    int rows = Series.rows(record, at);
    if ((rows >= SEAL_ROWS && mustSeal(record, at, rows, value))
        || BitStream.isNearlyFull(record, at, ValueStream.MOST_BITS)) {
      sealer.seal(ref, record, at, times);
      rows = 0;
    }
    int own = record.get(INT, at + Series.OWN_TIMES);
    if (own == 0 || rows == 0) {
      int row = placeInRows(record, at, times, timestamp, rows, own);
      if (row >= 0) {
        int expected = record.get(INT, at + Series.FIRST_ROW) + rows;
        if (row != expected && rows > 0) {
          sealer.seal(ref, record, at, times);
          rows = 0;
        }
        if (rows == 0) {
          record.set(INT, at + Series.FIRST_ROW, row);
        }
        if (own != 0) {
          giveBackOwnTimes(record, at, own);
        }
      } else {
        appendOwnTime(ref, record, at, times, timestamp);
      }
    } else {
      appendOwnTime(ref, record, at, times, timestamp);
    }
    ValueStream.append(cells, record, at, value);
    int kept = Series.flags(record, at) & Series.HISTOGRAMS;
    record.set(BYTE, at + Series.FLAGS, (byte) (kept | Series.ALIVE | Series.SAMPLED));
  }

  private static boolean mustSeal(MemorySegment record, long at, int rows, double value) {
    return rows >= MOST_ROWS
        || record.get(SHORT, at + Series.LEAD) == 0
        || record.get(LONG, at + Series.LAST_BITS) != Double.doubleToRawLongBits(value);
  }

  /// The row of the target that the sample goes into, or -1 if it needs a time of its own.
  private static int placeInRows(
      MemorySegment record, long at, TargetTimes times, long timestamp, int rows, int own) {
    int expected = record.get(INT, at + Series.FIRST_ROW) + rows;
    if (own == 0 && expected < times.end() && times.isRow(expected, timestamp)) {
      return expected;
    }
    int row = times.find(timestamp);
    if (row < 0 || (rows > 0 && rows < FEW_ROWS && row != expected)) {
      return -1;
    }
    if (row == times.end()) {
      times.append(timestamp);
    }
    return row;
  }

  void giveBackOwnTimes(MemorySegment record, long at, int own) {
    BitStream.clear(cells, cells.slab(own), Cells.offset(own));
    cells.free(own);
    record.set(INT, at + Series.OWN_TIMES, 0);
  }

  private void appendOwnTime(
      int ref, MemorySegment record, long at, TargetTimes times, long timestamp) {
    int own = record.get(INT, at + Series.OWN_TIMES);
    int rows = Series.rows(record, at);
    if (own == 0) {
      if (rows >= FEW_ROWS || (rows > 0 && record.get(INT, at + Series.FIRST_ROW) < times.base())) {
        sealer.seal(ref, record, at, times);
        rows = 0;
      }
      own = moveToOwnTimes(record, at, times);
    }
    MemorySegment cell = cells.slab(own);
    long cellAt = Cells.offset(own);
    if (rows > 0 && BitStream.isNearlyFull(cell, cellAt, TimeStream.MOST_BITS)) {
      sealer.seal(ref, record, at, times);
      rows = 0;
    }
    TimeStream.append(cells, cell, cellAt, rows, timestamp);
  }

  /// Gives the series a cell for times of its own, with those of its open rows in it.
  private int moveToOwnTimes(MemorySegment record, long at, TargetTimes times) {
    int own = cells.allocate();
    MemorySegment cell = cells.slab(own);
    long cellAt = Cells.offset(own);
    cell.asSlice(cellAt, Cells.BYTES).fill((byte) 0);
    int rows = Series.rows(record, at);
    int first = record.get(INT, at + Series.FIRST_ROW);
    TargetTimes.Column column = times.column();
    for (int i = 0; i < rows; i++) {
      TimeStream.append(cells, cell, cellAt, i, column.time(first + i));
    }
    record.set(INT, at + Series.OWN_TIMES, own);
    return own;
  }

  /// Refuses samples before `newFloor` from now on: their block is being cut. Writer only.
  public void raiseFloor(long newFloor) {
    floor = Math.max(floor, newFloor);
  }

  /// Says that all samples before `end` are safe in blocks: [#truncate] lets go of them, and
  /// checkpoints leave them to the blocks. Refuses samples before it, too. Writer only.
  public void settle(long end) {
    settled = Math.max(settled, end);
    raiseFloor(end);
  }

  /// Samples before it are not taken by [#append].
  public long floor() {
    return floor;
  }

  /// Time of the newest sample that is or was here, as far as is known.
  public long newestTime() {
    return Math.max(maxTime, newestSettled());
  }

  /// The latest time that [#append] does not take any more.
  private long newestSettled() {
    return Math.max(floor, EARLIEST) - 1;
  }

  void lowerMinTime(long timestamp) {
    if (timestamp < minTime) {
      minTime = timestamp;
    }
  }

  /// Samples before it are in blocks.
  public long settled() {
    return settled;
  }

  /// Time of the oldest sample that may be here; [Long#MAX_VALUE] if there is none.
  public long minTime() {
    return minTime;
  }

  /// Time of the newest sample ever here; [Long#MIN_VALUE] if there was none.
  public long maxTime() {
    return maxTime;
  }

  /// What is deleted of the in-order samples and not in blocks without it yet, by reference.
  public Tombstones tombstones() {
    return tombstones;
  }

  /// Deletes what those series that pass `matchers` have in `range` now: nobody is given it any
  /// more, and no block. Writer only.
  ///
  /// @return what the log has to remember
  public Tombstones bury(List<Matcher> matchers, TimeRange range) {
    var burial = new Burial(range);
    select(matchers)
        .forEach((int ref) -> {
          // What comes in order later is not before the floor.
          burial.add(ref, Math.max(newestTime(ref), newestSettled()));
          late.remove(ref, range.startMillis(), range.endMillis());
        });
    Tombstones more = burial.tombstones();
    more.spans().forEach(span -> tombstones = tombstones.with(span.range(), span.series()));
    return more;
  }

  /// Takes over a deletion that a checkpoint or the log knows.
  public void restoreTombstone(TimeRange range, int[] refs, int count) {
    var here = new RoaringBitmap();
    for (int i = 0; i < count; i++) {
      int ref = restoration.here(refs[i]);
      here.add(ref);
      late.remove(ref, range.startMillis(), range.endMillis());
    }
    restoreTombstones(range, here);
  }

  void restoreTombstones(TimeRange range, RoaringBitmap refs) {
    tombstones = tombstones.with(range, refs);
  }

  /// Forgets deletions of nothing but what is in blocks.
  void forgetTombstones() {
    tombstones = tombstones.from(settled);
  }

  /// Time of the newest sample of a series, or [Long#MIN_VALUE] if none is known.
  private long newestTime(int ref) {
    int cell = table.cell(ref);
    if (cell == 0) {
      return Long.MIN_VALUE;
    }
    MemorySegment record = cells.slab(cell);
    long at = Cells.offset(cell);
    int own = record.get(INT, at + Series.OWN_TIMES);
    return (Series.flags(record, at) & Series.SAMPLED) == 0
        ? Long.MIN_VALUE
        : lastTime(record, at, own, targets[record.get(INT, at + Series.TARGET)]);
  }

  /// The number of the target that a living series belongs to.
  public int targetOf(int ref) {
    int cell = table.cell(ref);
    return cells.slab(cell).get(INT, Cells.offset(cell) + Series.TARGET);
  }

  /// The name of the target that a living series belongs to.
  public String targetNameOf(int ref) {
    return targets[targetOf(ref)].name();
  }

  TargetTimes target(int number) {
    return targets[number];
  }

  // Letting go: the writer, between samples.

  /// Has the series numbered from `from` up to `to` let go of what is in blocks. Those that have
  /// been silent for a while, or never had a sample, are marked for [#finishTruncation].
  public void truncate(int from, int to) {
    truncation.truncate(from, to);
  }

  /// Forgets the series that were marked, and the rows and files that nobody needs any more.
  ///
  /// @return files to delete once a checkpoint does not name them any more
  public List<Path> finishTruncation() {
    return truncation.finish();
  }

  void forget(RoaringBitmap gone) {
    long stamp = lock.writeLock();
    try {
      pairs.remove(gone);
      gone.forEach((int ref) -> {
        labelStore.remove(labelEntry(ref));
        targets[targetOf(ref)].series--;
        versions.beginWrite(ref);
        table.remove(ref);
        versions.endWrite(ref);
        histograms.forget(ref);
      });
      table.shrink();
      labelStore.shrink();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// Forgets the targets that have neither series nor rows any more. Their numbers are not given
  /// again before the next start, as the log goes by them.
  void forgetTargets() {
    long stamp = lock.writeLock();
    try {
      TargetTimes[] now = targets;
      for (int number = 0; number < targetCount; number++) {
        TargetTimes times = now[number];
        if (times != nobody && times.series == 0 && times.end() == times.base()) {
          targetNumbers.remove(times.name(), number);
          now[number] = nobody;
        }
      }
      targets = now;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// Whether there is a target of that number.
  boolean isTarget(int number) {
    return targets[number] != nobody;
  }

  /// Targets that have series or rows.
  int knownTargets() {
    int known = 0;
    for (int number = 0; number < targetCount; number++) {
      known += isTarget(number) ? 1 : 0;
    }
    return known;
  }

  /// Says that there is no sample before `newMin`.
  public void raiseMinTime(long newMin) {
    minTime = maxTime < newMin ? Long.MAX_VALUE : Math.max(minTime, newMin);
  }

  /// Lets the file that sealed chunks are appended to be: the next one begins another. Writer only.
  ///
  /// @return whether there was one
  public boolean finishFile() {
    return sealed.finishFile();
  }

  /// The number behind the highest reference given so far.
  public int referenceEnd() {
    return table.end();
  }

  int targetCount() {
    return targetCount;
  }

  /// The pairs of a living series. Under the lock.
  int[] pairsOf(int ref) {
    return labelStore.pairs(labelEntry(ref));
  }

  // Checkpoints.

  /// Writes a checkpoint from which a start can go on with segment `segment` of the log. Anyone but
  /// the writer, one at a time, and not while [#truncate] is under way.
  ///
  /// @return what the checkpoint makes superfluous: delete it
  public List<Path> checkpoint(long segment) throws IOException {
    new CheckpointWriter(this, disk, folder, segment).write();
    var superfluous = new ArrayList<Path>();
    for (Path file : disk.list(folder)) {
      if (Checkpoint.isCheckpoint(file) && !file.equals(Checkpoint.path(folder, segment))) {
        superfluous.add(file);
      }
    }
    return superfluous;
  }

  /// Fills this head, which is empty, from the newest checkpoint there is. Nothing is destroyed: a
  /// file that is no checkpoint is moved to `quarantine`.
  public Checkpoint restore(Path quarantine) throws IOException {
    return restoration.fromCheckpoint(quarantine);
  }

  void restoreSeries(int ref, int[] numbers, StreamCopy stream) {
    int entry = labelStore.add(numbers, numbers.length);
    index(ref, numbers);
    table.add(ref, hashes.of(labelStore.labels(entry, pairs)), entry, stream.target);
    targets[stream.target].series++;
    int cell = table.cell(ref);
    stream.restore(this, cells.slab(cell), Cells.offset(cell));
    if (stream.hasOwnTimes) {
      maxTime = Math.max(maxTime, stream.lastTime);
    }
  }

  /// Time of the newest row of all targets.
  long newestRow() {
    long newest = Long.MIN_VALUE;
    for (int i = 0; i < targetCount; i++) {
      TargetTimes times = targets[i];
      if (times.end() > times.base()) {
        newest = Math.max(newest, times.column().time(times.end() - 1));
      }
    }
    return newest;
  }

  void restoreTimes(long min, long max) {
    minTime = min;
    maxTime = max;
  }

  // What a log remembers: before any other thread is there.

  /// Takes over a target that the log knows.
  public void restoreTarget(int number, String name) {
    if (number >= targetCount || targets[number].name().isEmpty()) {
      putTarget(number, name);
    }
  }

  /// Takes over a series that the log knows, unless it is here already, perhaps by another number.
  public void restoreSeries(int ref, int target, Labels labels) {
    restoreTarget(target, "");
    restoration.series(ref, target, labels);
  }

  /// Takes over a sample that the log knows; one that is here already changes nothing.
  ///
  /// @return false if its series is unknown
  public boolean restoreSample(int ref, long timestamp, double value) {
    return append(restoration.here(ref), timestamp, value, false) != Appended.UNKNOWN;
  }

  /// Takes over a histogram that the log knows; one that is here already changes nothing.
  ///
  /// @return false if its series is unknown
  public boolean restoreHistogram(int ref, long timestamp, Histogram histogram) {
    return histograms.restore(restoration.here(ref), timestamp, histogram);
  }

  /// Takes over an exemplar that the log knows.
  ///
  /// @return false if its series is unknown
  public boolean restoreExemplar(int ref, Exemplar exemplar) {
    return offer(restoration.here(ref), exemplar) != Appended.UNKNOWN;
  }

  /// Offers one exemplar. Writer only.
  public Appended offer(int ref, Exemplar exemplar) {
    Labels known = exemplars.labelsOf(ref);
    if (known == null && !table.isAlive(ref)) {
      return Appended.UNKNOWN;
    }
    return exemplars.add(ref, known == null ? labels(ref) : known, exemplar);
  }

  /// Takes over a late sample that the log knows.
  ///
  /// @return false if its series is unknown
  public boolean restoreLate(int ref, long timestamp, double value) {
    int here = restoration.here(ref);
    if (!table.isAlive(here)) {
      return false;
    }
    late.restore(here, timestamp, value);
    return true;
  }

  // Answers: any thread.

  /// A reader for one thread at a time.
  public HeadReader reader() {
    return new HeadReader(this);
  }

  /// The series that pass all matchers.
  public RoaringBitmap select(List<Matcher> matchers) {
    return look(index -> PostingsResolver.resolve(index, matchers));
  }

  /// The series that pass all matchers, with their label pairs.
  public SeriesPairs find(List<Matcher> matchers) {
    var found = new SeriesPairs();
    long stamp = lock.readLock();
    try {
      int[] refs = PostingsResolver.resolve(pairs, matchers).toArray();
      // Apart from the decoding, so that the memory's latencies overlap.
      var entries = new int[refs.length];
      for (int i = 0; i < refs.length; i++) {
        entries[i] = labelEntry(refs[i]);
      }
      found.reserve(refs.length);
      for (int i = 0; i < refs.length; i++) {
        labelStore.addPairs(entries[i], refs[i], found);
      }
      found.resolve(pairs::name, pairs::value);
      return found;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// The labels of a living series.
  public Labels labels(int ref) {
    long stamp = lock.readLock();
    try {
      return labelStore.labels(labelEntry(ref), pairs);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// The labels of a series; null if it is not here, or no longer.
  public @Nullable Labels labelsOrNull(int ref) {
    long stamp = lock.readLock();
    try {
      return table.isAlive(ref) ? labelStore.labels(labelEntry(ref), pairs) : null;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// Asks the index while it stands still; nothing of it may be kept.
  public <T> T look(Function<? super LabelIndex, T> question) {
    return lookAtPairs(question::apply);
  }

  <T> T lookAtPairs(Function<PairDictionary, T> question) {
    long stamp = lock.readLock();
    try {
      return question.apply(pairs);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// Series that are alive.
  public int seriesCount() {
    return table.count();
  }

  /// Different label pairs.
  public int pairCount() {
    return lookAtPairs(PairDictionary::pairs);
  }

  /// Chunks sealed so far.
  public long sealedChunks() {
    return sealed.count();
  }

  /// Bytes of streams, sealed chunks, late samples and labels, off the heap and on it.
  public long bytes() {
    return cells.bytes()
        + sealed.bytes()
        + late.bytes()
        + histograms.bytes()
        + table.bytes()
        + labelStore.bytes();
  }

  /// Closes the files; nothing may be appended afterwards.
  public void close() throws IOException {
    sealed.close();
  }
}
