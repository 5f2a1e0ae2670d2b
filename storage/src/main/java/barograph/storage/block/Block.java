package barograph.storage.block;

import barograph.storage.disk.Disk;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.PostingsResolver;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
  private final LabelIndex index;

  private Block(Path folder, LabelIndex index) {
    this.folder = folder;
    this.index = index;
  }

  /// Maps the block in `folder` and checks its outline.
  ///
  /// @throws CorruptBlockException if it is damaged there, or written by a version that this one
  ///   cannot read
  public static Block open(Disk disk, Path folder) throws IOException {
    if (disk.exists(folder)) {
      throw new IOException("%s cannot be opened".formatted(folder));
    }
    return new Block(folder, new NoLabels());
  }

  /// Becomes one more holder; false if the last one has let go already.
  public boolean retain() {
    return false;
  }

  /// Lets go of the block, which is unmapped when nobody holds it.
  @Override
  public void close() {}

  public BlockId id() {
    return new BlockId(folder.getFileName().toString());
  }

  public Path folder() {
    return folder;
  }

  /// From its first sample to its last, both in it.
  public TimeRange range() {
    return TimeRange.ALL;
  }

  /// How often its samples have been through a merge, 1 for those fresh from the head.
  public int level() {
    return 1;
  }

  public int seriesCount() {
    return 0;
  }

  public long sampleCount() {
    return 0;
  }

  /// The length of its file.
  public long bytes() {
    return 0;
  }

  /// The numbers of the series that pass all `matchers`; the bitmap is the caller's own.
  public RoaringBitmap select(List<Matcher> matchers) {
    return PostingsResolver.resolve(index(), matchers);
  }

  /// Its labels turned round: names, values, and which series have them.
  public LabelIndex index() {
    return index;
  }

  public Labels labels(int series) {
    return Labels.EMPTY;
  }

  /// Adds the samples of `series` that lie in `range` behind those that `into` holds.
  public void read(int series, TimeRange range, SampleColumns into) {
    into.reserve(0);
  }

  private record NoLabels() implements LabelIndex {
    @Override
    public RoaringBitmap all() {
      return new RoaringBitmap();
    }

    @Override
    public RoaringBitmap postings(String name, String value) {
      return new RoaringBitmap();
    }

    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public List<String> values(String name) {
      return List.of();
    }
  }
}
