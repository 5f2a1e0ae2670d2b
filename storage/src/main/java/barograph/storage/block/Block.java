package barograph.storage.block;

import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.disk.Disk;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.PostingsResolver;
import barograph.storage.index.SeriesPairs;
import barograph.storage.index.Tombstones;
import barograph.storage.model.Allowance;
import barograph.storage.model.Damage;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Thinning;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// A finished block, mapped and ready to be read from any number of threads.
///
/// Its series are numbered from zero in block order: by metric name, then by the labels without
/// `le`, then by `le` as a number. That is not quite label order: whoever needs that sorts.
///
/// Pages are checked on first touch, so any reading method may throw [CorruptBlockException]. The
/// block stays mapped until every holder has let go: whoever opens it holds it once, [#retain] adds
/// a holder, [#close] takes one away. Its files may be deleted while it is held.
public final class Block implements AutoCloseable {
  private final Disk disk;
  private final Path folder;
  private final Arena arena;
  private final BlockOutline outline;
  private final BlockIndex index;
  private final SeriesDirectory directory;
  private final TimestampColumns columns;
  private final PagedFile file;
  private final @Nullable BlockSection statistics;
  private final @Nullable HistogramSection histograms;
  private final List<BlockId> parents;
  private volatile Tombstones tombstones = Tombstones.NONE;

  /// What was wrong when it was opened although it can be read.
  private @Nullable String complaint;

  /// Series of which nothing is left.
  private volatile RoaringBitmap gone = new RoaringBitmap();

  /// Readers that are not in use, with their working arrays.
  private final ConcurrentLinkedQueue<SeriesReader> idle = new ConcurrentLinkedQueue<>();

  private final AtomicInteger holders = new AtomicInteger(1);

  private Block(Disk disk, Path folder, Arena arena, MemorySegment bytes) {
    this.disk = disk;
    this.folder = folder;
    this.arena = arena;
    Path path = folder.resolve(BlockFolders.FILE);
    outline = BlockOutline.read(path, bytes, () -> disk.mapPrivately(path, arena));
    file = outline.file();
    index =
        new BlockIndex(
            file,
            outline.section(SectionType.LABELS),
            outline.section(SectionType.POSTINGS),
            outline.seriesCount());
    columns =
        new TimestampColumns(file, outline.section(SectionType.TIMESTAMPS), outline.rowsPerGroup());
    directory =
        new SeriesDirectory(
            file,
            outline.section(SectionType.DIRECTORY),
            outline.section(SectionType.DATA),
            outline.section(SectionType.SERIES),
            columns,
            outline.seriesCount(),
            outline.rowsPerGroup());
    statistics = outline.optionalSection(SectionType.STATISTICS);
    BlockSection theirs = outline.optionalSection(SectionType.HISTOGRAMS);
    histograms = theirs == null ? null : new HistogramSection(file, theirs);
    parents = readParents();
  }

  private List<BlockId> readParents() {
    BlockSection section = outline.optionalSection(SectionType.PARENTS);
    var found = new ArrayList<BlockId>();
    if (section != null) {
      int count = Math.toIntExact(section.length() / BlockId.LENGTH);
      byte[] text = file.copy(section.offset(), count * BlockId.LENGTH, 0);
      for (int i = 0; i < count; i++) {
        found.add(
            new BlockId(
                new String(text, i * BlockId.LENGTH, BlockId.LENGTH, StandardCharsets.US_ASCII)));
      }
    }
    return List.copyOf(found);
  }

  /// Maps the block in `folder` and checks its outline.
  ///
  /// @throws CorruptBlockException if it is damaged there, or written by a version that this one
  ///   cannot read
  public static Block open(Disk disk, Path folder) throws IOException {
    var arena = Arena.ofShared();
    try {
      var block =
          new Block(disk, folder, arena, disk.map(folder.resolve(BlockFolders.FILE), arena));
      try {
        block.bury(TombstonesFile.read(disk, folder));
      } catch (CorruptBlockException e) {
        block.complaint = e.getMessage();
      }
      return block;
    } catch (CorruptChunkException | IllegalArgumentException e) {
      arena.close();
      throw new CorruptBlockException("%s: its outline makes no sense".formatted(folder), e);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// What the block in `folder`, which cannot be opened, says of itself; null if nothing in it can
  /// be believed.
  public static @Nullable BlockSummary summaryOf(Disk disk, Path folder) {
    try (var arena = Arena.ofConfined()) {
      Path file = folder.resolve(BlockFolders.FILE);
      return BlockOutline.summary(folder, disk.map(file, arena));
    } catch (IOException | RuntimeException unreadable) {
      return null;
    }
  }

  /// Becomes one more holder; false if the last one has let go already.
  public boolean retain() {
    int now = holders.get();
    while (now > 0) {
      if (holders.compareAndSet(now, now + 1)) {
        return true;
      }
      now = holders.get();
    }
    return false;
  }

  /// Lets go of the block, which is unmapped when nobody holds it.
  @Override
  public void close() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("%s was closed once too often".formatted(folder));
    }
    if (left == 0) {
      arena.close();
    }
  }

  public BlockId id() {
    return new BlockId(folder.getFileName().toString());
  }

  public Path folder() {
    return folder;
  }

  /// From its first sample to its last, both in it.
  public TimeRange range() {
    return outline.range();
  }

  /// How often its samples have been through a merge, 1 for those fresh from the head.
  public int level() {
    return outline.level();
  }

  /// The blocks that this one was made of and replaces.
  public List<BlockId> parents() {
    return parents;
  }

  public int seriesCount() {
    return outline.seriesCount();
  }

  public long sampleCount() {
    return outline.sampleCount();
  }

  /// The length of its file.
  public long bytes() {
    return outline.bytes();
  }

  /// The numbers of the series that pass all `matchers`; the bitmap is the caller's own.
  public RoaringBitmap select(List<Matcher> matchers) {
    RoaringBitmap found = PostingsResolver.resolve(index, matchers, Allowance.UNLIMITED);
    found.andNot(gone);
    return found;
  }

  /// What is deleted here, in series' numbers.
  public Tombstones tombstones() {
    return tombstones;
  }

  /// What was wrong with its tombstones when it was opened, if anything: then none is in force.
  public @Nullable String complaint() {
    return complaint;
  }

  /// The file of tombstones, which need not be there.
  public Path tombstonesFile() {
    return folder.resolve(TombstonesFile.NAME);
  }

  /// Deletes the samples of `series` that lie in `range`: nobody is given them any more, now or
  /// after a restart; a merge leaves them out. One thread at a time.
  public void delete(TimeRange range, RoaringBitmap series) throws IOException {
    Tombstones more = tombstones.with(range, series);
    TombstonesFile.write(disk, folder, more);
    bury(more);
  }

  private void bury(Tombstones what) {
    gone = what.goneFrom(range());
    tombstones = what;
  }

  /// Which of the block's timestamp columns a series uses: those of one target mostly use one.
  public int timestampColumn(int series) {
    Objects.checkIndex(series, seriesCount());
    SeriesReader reader = borrow();
    try {
      return reader.column(series);
    } catch (CorruptChunkException | IndexOutOfBoundsException | ArithmeticException e) {
      throw senseless("rows of series " + series, e);
    } finally {
      idle.add(reader);
    }
  }

  /// The series that pass all `matchers`, with their label pairs.
  ///
  /// @param allowance asked for the memory that they take, and whether to go on
  public SeriesPairs find(List<Matcher> matchers, Allowance allowance) {
    var trials = new ArrayList<PairTrial>();
    RoaringBitmap numbers = PairTrial.resolve(index, matchers, allowance, trials);
    numbers.andNot(gone);
    var found = new SeriesPairs(allowance);
    if (trials.isEmpty()) {
      found.reserve(numbers.getCardinality());
    }
    var walk = directory.walkPairs();
    try {
      numbers.forEach((int series) -> {
        int count = walk.moveTo(series);
        if (PairTrial.allPass(trials, walk.pairs(), count)) {
          found.add(series, walk.pairs(), 0, count);
        }
      });
      found.resolve(index);
    } catch (CorruptChunkException | IndexOutOfBoundsException | ArithmeticException e) {
      throw senseless("labels", e);
    }
    return found;
  }

  /// Its labels turned round: names, values, and which series have them.
  public LabelIndex index() {
    return index;
  }

  public Labels labels(int series) {
    Objects.checkIndex(series, seriesCount());
    try {
      var walk = directory.walkPairs();
      int count = walk.moveTo(series);
      return index.labels(walk.pairs(), count);
    } catch (CorruptChunkException | IndexOutOfBoundsException | ArithmeticException e) {
      throw senseless("labels of series " + series, e);
    }
  }

  /// Adds the samples of `series` that lie in `range` behind those that `into` holds.
  public void read(int series, TimeRange range, SampleColumns into) {
    readThinned(series, range, Thinning.NONE, into);
  }

  /// The same, with stand-ins for the samples of whole chunks where `thinning` allows it and the
  /// block knows enough of them; of a series that has lost or mixed samples, none.
  ///
  /// @return how many samples were left out
  public long readThinned(int series, TimeRange range, Thinning thinning, SampleColumns into) {
    return read(series, range, thinning, false, into);
  }

  /// Adds the times of all samples of `series` that are not deleted, and its histograms, behind
  /// those that `into` holds; the values beside the times mean nothing.
  public void readTimes(int series, SampleColumns into) {
    read(series, TimeRange.ALL, Thinning.NONE, true, into);
  }

  /// @param timesAlone of all samples, whatever the range and the thinning
  private long read(
      int series, TimeRange range, Thinning thinning, boolean timesAlone, SampleColumns into) {
    Objects.checkIndex(series, seriesCount());
    SeriesReader reader = borrow();
    int before = into.size();
    int histogramsBefore = into.histogramCount();
    try {
      Tombstones lost = tombstones;
      long leftOut = 0;
      if (timesAlone) {
        reader.readTimes(series, into);
      } else {
        Thinning allowed = lost.touches(series) ? Thinning.NONE : thinning;
        leftOut = reader.read(series, range, allowed, into);
      }
      lost.apply(series, into, before, histogramsBefore);
      return leftOut;
    } catch (CorruptChunkException | IndexOutOfBoundsException | ArithmeticException e) {
      throw senseless((timesAlone ? "times" : "samples") + " of series " + series, e);
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      idle.add(reader);
    }
  }

  private SeriesReader borrow() {
    SeriesReader reader = idle.poll();
    return reader == null
        ? new SeriesReader(file, directory, columns, outline.rowsPerGroup(), statistics, histograms)
        : reader;
  }

  /// Checks every byte of the block.
  ///
  /// @throws CorruptBlockException at the first page that is not what was written
  public void verify() {
    file.check(0, outline.checkedBytes());
  }

  /// Checks some pages anew, read from the disk and not through the map: it shall not fill memory.
  ///
  /// @param position where they begin: 0, or what this answered for the one before
  /// @return where the next ones begin; -1 behind the last
  /// @throws CorruptBlockException if it is not what was written; [#scrubbedAfter] tells where to
  ///   go on
  public long scrub(long position) {
    if (position == outline.checkedBytes()) {
      file.checkParity(outline.section(SectionType.PARITY).checksum());
      return -1;
    }
    try {
      file.recheck(disk, position);
    } catch (NoSuchFileException mergedMeanwhile) {
      return -1;
    }
    return scrubbedAfter(position);
  }

  /// Where [#scrub] goes on behind what begins at `position`; -1 behind the parity, which comes
  /// last.
  public long scrubbedAfter(long position) {
    long pagesEnd = outline.checkedBytes();
    return position == pagesEnd ? -1 : Math.min(position + BlockFormat.PIECE_BYTES, pagesEnd);
  }

  /// What `found`, which a method of this block has thrown, costs at most: of damaged chunks what
  /// the directory says, of anything else all that the block has, or nothing if it can do without.
  public Damage damage(CorruptBlockException found) {
    long from = found.offset();
    long to = from + found.length();
    String message = String.valueOf(found.getMessage());
    String prefix = file.path() + ": ";
    String reason = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    long samples = sampleCount();
    long series = seriesCount();
    if (found.isMended() || (found.length() > 0 && isWithin(statistics, from, to))) {
      samples = 0;
      series = 0;
    } else if (found.length() > 0 && isWithin(outline.section(SectionType.DATA), from, to)) {
      var extent = DamageExtent.of(directory, seriesCount(), from, to);
      if (extent != null) {
        samples = histograms == null ? extent.samples() : samples;
        series = extent.series();
      }
    }
    return new Damage(
        file.path(), from, found.length(), reason, samples == 0 ? null : range(), samples, series);
  }

  private static boolean isWithin(@Nullable BlockSection section, long from, long to) {
    return section != null && from >= section.offset() && to <= section.end();
  }

  /// What the machine says when the disk cannot give a mapped page that was given before.
  private CorruptBlockException unreadable(InternalError cause) {
    return new CorruptBlockException("%s: cannot be read any more".formatted(file.path()), cause);
  }

  private CorruptBlockException senseless(String what, RuntimeException cause) {
    return new CorruptBlockException(
        "%s: %s make no sense although their checksum is right: %s"
            .formatted(file.path(), what, cause.getMessage()),
        cause);
  }
}
