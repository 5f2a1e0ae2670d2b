package barograph.storage.head;

import barograph.storage.disk.Disk;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.PostingsResolver;
import barograph.storage.index.SeriesPairs;
import barograph.storage.index.Tombstones;
import barograph.storage.model.Allowance;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
/// This is the room's door: what series there are is [SeriesRegistry]'s, their floats are
/// [FloatStreams]'s, their native histograms [HistogramStreams]'s, and what came late is kept apart
/// in [LateSamples].
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

  final Cells cells = new Cells();
  final Versions versions = new Versions();
  final TimeBounds bounds = new TimeBounds();
  final SeriesRegistry registry;
  final SeriesTable table;
  final PairDictionary pairs;
  final LabelStore labelStore;
  final Targets targets;
  final SealedChunks sealed;
  final RecentHoles recentHoles = new RecentHoles();
  final FloatStreams floats;
  final HistogramStreams histograms;
  private final LateSamples late;
  private final Exemplars exemplars = new Exemplars();
  private final MetadataTable metadata = new MetadataTable();
  private final Disk disk;
  private final Path folder;
  private final CheckpointSize checkpointSize = new CheckpointSize(this);
  private final Restoration restoration;
  private final Truncation truncation;
  private volatile Tombstones tombstones = Tombstones.NONE;

  /// @param hashKey keys the hash of labels, so that nobody can choose labels that collide
  public Head(Disk disk, Path folder, long hashKey) {
    this.disk = disk;
    this.folder = folder;
    this.registry = new SeriesRegistry(cells, new KeyedHash(hashKey));
    this.table = registry.table;
    this.pairs = registry.pairs;
    this.labelStore = registry.labelStore;
    this.targets = registry.targets;
    this.sealed = new SealedChunks(disk, folder);
    this.floats = new FloatStreams(this);
    this.histograms = new HistogramStreams(this);
    this.late = new LateSamples(this);
    this.restoration = new Restoration(this, disk, folder, checkpointSize);
    this.truncation = new Truncation(this);
  }

  // Series: any thread.

  /// The reference of the series with these labels, or -1.
  public int find(Labels labels) {
    return registry.find(labels);
  }

  /// Finds the references of the first `count` series with these labels; those that are new are
  /// made, and put in line for the log. In place of the reference of one beyond the budget is one
  /// of [SeriesBudget]'s negative numbers.
  ///
  /// @throws IllegalArgumentException if labels are longer than any series' should be
  public void findOrMake(
      Labels[] labels, String[] targets, int[] refs, int count, SeriesBudget budget) {
    registry.findOrMake(labels, targets, refs, count, budget);
  }

  /// The reference of the series with these labels, likewise.
  public int findOrMake(Labels labels, String target, SeriesBudget budget) {
    var ref = new int[1];
    findOrMake(new Labels[] {labels}, new String[] {target}, ref, 1, budget);
    return ref[0];
  }

  /// Likewise, with a budget of so many series altogether.
  public int findOrMake(Labels labels, String target, int limit) {
    return findOrMake(labels, target, SeriesBudget.of(limit));
  }

  /// How many series the targets have, by their names.
  public Map<String, Long> seriesByTarget() {
    return registry.seriesByTarget();
  }

  /// The next series that the log does not know yet, or null. Writer only.
  public @Nullable NewSeries pollNew() {
    return registry.pollNew();
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

  /// Whether a series has, or has had, native histograms that came in order.
  boolean hasHistograms(int ref) {
    int cell = table.cell(ref);
    return cell != 0
        && (Series.flags(cells.slab(cell), Cells.offset(cell)) & Series.HISTOGRAMS) != 0;
  }

  /// Offers one sample.
  public Appended append(int ref, long timestamp, double value) {
    return floats.append(ref, timestamp, value, true);
  }

  /// Stores samples of one series as long as they are the next in order, in rows that its target
  /// has, as nearly all are; the first that is anything else is left to the caller, who offers it.
  ///
  /// @param times of the samples from place `from` up to `to`
  /// @param values theirs, at `at` and from there on `stride` apart
  /// @return how many were stored
  public int append(int ref, long[] times, int from, int to, double[] values, int at, int stride) {
    return floats.appendAll(ref, times, from, to, values, at, stride);
  }

  /// Stores samples of several series at one time, likewise, and as long as they are of one target.
  ///
  /// @param refs of the samples' series, from place `from` up to `to`
  /// @param values theirs, at the same places
  /// @return how many were stored
  public int appendRow(int[] refs, int from, int to, long timestamp, double[] values) {
    return floats.appendRow(refs, from, to, timestamp, values);
  }

  /// The number of the target that the series belongs to of which [#append] has stored a sample
  /// last, at hand for whoever asks for each sample. Writer only.
  public int lastTarget() {
    return floats.lastTarget();
  }

  /// Refuses samples before `newFloor` from now on: their block is being cut. Writer only.
  public void raiseFloor(long newFloor) {
    bounds.raiseFloor(newFloor);
  }

  /// Says that all samples before `end` are safe in blocks: [#truncate] lets go of them, and
  /// checkpoints leave them to the blocks. Refuses samples before it, too. Writer only.
  public void settle(long end) {
    bounds.settle(end);
  }

  /// Samples before it are not taken by [#append].
  public long floor() {
    return bounds.floor();
  }

  /// Time of the newest sample that is or was here, as far as is known.
  public long newestTime() {
    return bounds.newest();
  }

  /// Samples before it are in blocks.
  public long settled() {
    return bounds.settled();
  }

  /// Time of the oldest sample that may be here; [Long#MAX_VALUE] if there is none.
  public long minTime() {
    return bounds.min();
  }

  /// Time of the newest sample ever here; [Long#MIN_VALUE] if there was none.
  public long maxTime() {
    return bounds.max();
  }

  /// What is deleted of the in-order samples and not in blocks without it yet, by reference.
  public Tombstones tombstones() {
    return tombstones;
  }

  /// Deletes what those series that pass `matchers` have in `range` now: nobody is given it any
  /// more, and no block. Writer only.
  ///
  /// @return what the log has to remember
  public Burial bury(List<Matcher> matchers, TimeRange range) {
    var burial = new Burial(range);
    select(matchers)
        .forEach((int ref) -> {
          addInOrder(ref, burial);
          if (late.remove(ref, range.startMillis(), range.endMillis())) {
            burial.addLate(ref);
          }
        });
    burial
        .inOrder()
        .spans()
        .forEach(span -> tombstones = tombstones.with(span.range(), span.series()));
    return burial;
  }

  /// Whether [#bury] could end what it hides of each series at its newest sample. If not, it would
  /// hide what comes up to a second after that, or ten. Writer only.
  public boolean canBuryExactly(List<Matcher> matchers, TimeRange range) {
    var burial = new Burial(range);
    select(matchers).forEach((int ref) -> addInOrder(ref, burial));
    return burial.isExact();
  }

  /// Adds what a series has in order that is not in blocks.
  private void addInOrder(int ref, Burial burial) {
    long newest = newestTime(ref);
    if (newest >= bounds.settled()) {
      burial.add(ref, newest);
    }
  }

  /// Time of the newest sample of a series that came in order, of either kind.
  private long newestTime(int ref) {
    return Math.max(floats.lastTime(ref), histograms.lastTime(ref));
  }

  /// Takes over a deletion of what came in order that the log knows.
  public void restoreTombstone(TimeRange range, int[] refs, int count) {
    var here = new RoaringBitmap();
    for (int i = 0; i < count; i++) {
      here.add(restoration.here(refs[i]));
    }
    restoreTombstones(range, here);
  }

  /// Takes over a deletion of what had come late by then that the log knows.
  public void restoreLateTombstone(TimeRange range, int[] refs, int count) {
    for (int i = 0; i < count; i++) {
      late.remove(restoration.here(refs[i]), range.startMillis(), range.endMillis());
    }
  }

  void restoreTombstones(TimeRange range, RoaringBitmap refs) {
    tombstones = tombstones.with(range, refs);
  }

  /// Forgets deletions of nothing but what is in blocks.
  void forgetTombstones() {
    tombstones = tombstones.from(settled());
  }

  /// The name of the target that a living series belongs to.
  public String targetNameOf(int ref) {
    return targets.get(registry.targetOf(ref)).name();
  }

  TargetTimes target(int number) {
    return targets.get(number);
  }

  // Letting go: the writer, between samples.

  /// Has the series numbered from `from` up to `to` let go of what is in blocks. Those that have
  /// been silent for a while, or never had a sample, are marked for [#finishTruncation].
  public void truncate(int from, int to) {
    truncation.truncate(from, to);
  }

  /// Forgets the series that were marked, and the rows and files that nobody needs any more.
  ///
  /// @param forgetSeries false to keep the series for now, as somebody has still to read of them
  /// @return files to delete once a checkpoint does not name them any more
  public List<Path> finishTruncation(boolean forgetSeries) {
    return truncation.finish(forgetSeries);
  }

  /// Forgets the series that [#finishTruncation] has kept, except for those that have come back.
  public void forgetKeptSeries() {
    truncation.forgetKept();
  }

  void forget(RoaringBitmap gone) {
    registry.forget(gone, versions);
    gone.forEach((int ref) -> histograms.forget(ref));
  }

  /// Targets that have series or rows.
  int knownTargets() {
    return targets.known();
  }

  /// Says that there is no sample before `newMin`.
  public void raiseMinTime(long newMin) {
    bounds.raiseMin(newMin);
  }

  /// Lets the file that sealed chunks are appended to be: the next one begins another. Writer only.
  ///
  /// @return whether there was one
  public boolean finishFile() {
    return sealed.finishFile();
  }

  /// Whether there are so many sealed chunks that the oldest should become blocks, whatever their
  /// time.
  public boolean hasManyChunks() {
    return sealed.areFilesMany();
  }

  /// The number behind the highest reference given so far.
  public int referenceEnd() {
    return table.end();
  }

  /// Some of the series: those numbered from `from` up to `to`.
  public record Slice(int from, int to) {}

  /// The living series in slices of so many numbers, in order. Numbers without series are in none
  /// of them if there are many: a damaged file may name any.
  public List<Slice> slices(int numbers) {
    return look(index -> {
      var slices = new ArrayList<Slice>();
      RoaringBitmap all = index.all();
      long first = all.nextValue(0);
      while (first >= 0) {
        slices.add(new Slice((int) first, (int) first + numbers));
        first = all.nextValue((int) first + numbers);
      }
      return slices;
    });
  }

  // Checkpoints.

  /// Writes a checkpoint from which a start can go on with segment `segment` of the log. Anyone but
  /// the writer, one at a time, and not while [#truncate] is under way.
  ///
  /// @return what the checkpoint makes superfluous: delete it
  public List<Path> checkpoint(long segment) throws IOException {
    new CheckpointWriter(this, disk, folder, segment).write(checkpointSize);
    var superfluous = new ArrayList<Path>();
    for (Path file : disk.list(folder)) {
      if (Checkpoint.isCheckpoint(file) && !file.equals(Checkpoint.path(folder, segment))) {
        superfluous.add(file);
      }
    }
    return superfluous;
  }

  /// About how many bytes the next checkpoint will write: its own, and the chunks that were sealed
  /// since the last one. Whoever takes checkpoints.
  public long bytesToCheckpoint() {
    return checkpointSize.expected() + sealed.bytesToSync();
  }

  /// Fills this head, which is empty, from the newest checkpoint there is. Nothing is destroyed: a
  /// file that is no checkpoint is moved to `quarantine`.
  public Checkpoint restore(Path quarantine) throws IOException {
    return restoration.fromCheckpoint(quarantine);
  }

  void restoreSeries(int ref, int[] numbers, StreamCopy stream) {
    registry.make(ref, stream.target, numbers);
    int cell = table.cell(ref);
    stream.restore(this, cells.slab(cell), Cells.offset(cell));
    if (stream.hasOwnTimes) {
      bounds.restoreNewest(stream.lastTime);
    }
  }

  // What a log remembers: before any other thread is there.

  /// Takes over a target that the log knows.
  public void restoreTarget(int number, String name) {
    targets.restore(number, name);
  }

  /// Takes over a series that the log knows, unless it is here already, perhaps by another number.
  public void restoreSeries(int ref, int target, Labels labels) {
    restoreTarget(target, "");
    restoration.series(ref, target, labels);
  }

  /// Takes over samples of one time that the log knows, as [#appendRow] does, and leaves the rest
  /// to [#restoreSample].
  ///
  /// @return how many were stored
  public int restoreRow(int[] refs, int from, int to, long timestamp, double[] values) {
    return restoration.isLiteral() ? floats.appendRow(refs, from, to, timestamp, values) : 0;
  }

  /// Takes over a sample that the log knows; one that is here already changes nothing.
  ///
  /// @return false if its series is unknown
  public boolean restoreSample(int ref, long timestamp, double value) {
    return floats.append(restoration.here(ref), timestamp, value, false) != Appended.UNKNOWN;
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
    late.restore(here, timestamp, value, null);
    return true;
  }

  /// Takes over a late histogram that the log knows.
  ///
  /// @return false if its series is unknown
  public boolean restoreLate(int ref, long timestamp, Histogram histogram) {
    int here = restoration.here(ref);
    if (!table.isAlive(here)) {
      return false;
    }
    late.restore(here, timestamp, 0, histogram);
    return true;
  }

  // Answers: any thread.

  /// A reader for one thread at a time.
  public HeadReader reader() {
    return new HeadReader(this);
  }

  /// The series that pass all matchers.
  public RoaringBitmap select(List<Matcher> matchers) {
    return look(index -> PostingsResolver.resolve(index, matchers, Allowance.UNLIMITED));
  }

  /// The series that pass all matchers, with their label pairs.
  ///
  /// @param allowance asked for the memory that they take
  public SeriesPairs find(List<Matcher> matchers, Allowance allowance) {
    return registry.find(matchers, allowance);
  }

  /// The labels of a living series.
  public Labels labels(int ref) {
    return registry.labels(ref);
  }

  /// The labels of a series, by the number that the log has for it; null if it is not here, or no
  /// longer.
  public @Nullable Labels labelsOrNull(int ref) {
    return registry.labelsOrNull(restoration.here(ref));
  }

  /// Asks the index while it stands still; nothing of it may be kept.
  public <T> T look(Function<? super LabelIndex, T> question) {
    return registry.look(question::apply);
  }

  /// Series that are alive.
  public int seriesCount() {
    return table.count();
  }

  /// Different label pairs.
  public int pairCount() {
    return registry.look(PairDictionary::pairs);
  }

  /// Chunks sealed so far.
  public long sealedChunks() {
    return sealed.count();
  }

  /// Bytes of sealed chunks.
  public long sealedBytes() {
    return sealed.bytes();
  }

  /// Bytes of streams, sealed chunks, late samples and labels, off the heap and on it.
  public long bytes() {
    return cells.bytes() + sealed.bytes() + late.bytes() + histograms.bytes() + registry.bytes();
  }

  /// Closes the files; nothing may be appended afterwards.
  public void close() throws IOException {
    sealed.close();
  }
}
