package barograph.storage.block;

import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.disk.Disk;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.PostingsResolver;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
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
  private final Path folder;
  private final Arena arena;
  private final BlockOutline outline;
  private final BlockIndex index;
  private final SeriesDirectory directory;
  private final TimestampColumns columns;
  private final PagedFile file;
  private final @Nullable HistogramSection histograms;

  /// Readers that are not in use, with their working arrays.
  private final ConcurrentLinkedQueue<SeriesReader> idle = new ConcurrentLinkedQueue<>();

  private final AtomicInteger holders = new AtomicInteger(1);

  private Block(Path folder, Arena arena, MemorySegment bytes) {
    this.folder = folder;
    this.arena = arena;
    outline = BlockOutline.read(folder.resolve(BlockFolders.FILE), bytes);
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
    BlockSection theirs = outline.optionalSection(SectionType.HISTOGRAMS);
    histograms = theirs == null ? null : new HistogramSection(file, theirs);
  }

  /// Maps the block in `folder` and checks its outline.
  ///
  /// @throws CorruptBlockException if it is damaged there, or written by a version that this one
  ///   cannot read
  public static Block open(Disk disk, Path folder) throws IOException {
    var arena = Arena.ofShared();
    try {
      return new Block(folder, arena, disk.map(folder.resolve(BlockFolders.FILE), arena));
    } catch (CorruptChunkException e) {
      arena.close();
      throw new CorruptBlockException("%s: its outline makes no sense".formatted(folder), e);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
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
    return PostingsResolver.resolve(index, matchers);
  }

  /// Its labels turned round: names, values, and which series have them.
  public LabelIndex index() {
    return index;
  }

  public Labels labels(int series) {
    Objects.checkIndex(series, seriesCount());
    try {
      int[] pairs = directory.pairs(series, new int[32]);
      return index.labels(pairs);
    } catch (CorruptChunkException | IndexOutOfBoundsException e) {
      throw senseless("labels of series " + series, e);
    }
  }

  /// Adds the samples of `series` that lie in `range` behind those that `into` holds.
  public void read(int series, TimeRange range, SampleColumns into) {
    Objects.checkIndex(series, seriesCount());
    SeriesReader reader = idle.poll();
    if (reader == null) {
      reader = new SeriesReader(file, directory, columns, outline.rowsPerGroup(), histograms);
    }
    try {
      reader.read(series, range, into);
    } catch (CorruptChunkException | IndexOutOfBoundsException e) {
      throw senseless("samples of series " + series, e);
    } catch (InternalError e) {
      // What the machine says when the disk cannot give a mapped page that was given before.
      throw new CorruptBlockException("%s: cannot be read any more".formatted(file.path()), e);
    } finally {
      idle.add(reader);
    }
  }

  /// Checks every byte of the block.
  ///
  /// @throws CorruptBlockException at the first page that is not what was written
  public void verify() {
    file.check(0, outline.checkedBytes());
  }

  private CorruptBlockException senseless(String what, RuntimeException cause) {
    return new CorruptBlockException(
        "%s: %s make no sense although their checksum is right: %s"
            .formatted(file.path(), what, cause.getMessage()),
        cause);
  }
}
