package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Writes blocks into one folder. One thread at a time.
///
/// The source is read twice: once for the timestamps, as series can share a column of them only
/// when all of a target's are known, and once for the values.
public final class BlockWriter {
  private static final Logger LOG = System.getLogger(BlockWriter.class.getName());

  /// The level of blocks straight from the head. They are read most, so they are written to be read
  /// fast; what a merge makes of them is written to be small.
  private static final int FRESH = 1;

  private final Disk disk;
  private final Path blocks;

  /// A writer of blocks that will stand in the folder `blocks`.
  public BlockWriter(Disk disk, Path blocks) {
    this.disk = disk;
    this.blocks = blocks;
  }

  /// Writes all of `source` as the block `id`: aside first, then synced, and only then given its
  /// name, so that a block is there in full or not at all.
  ///
  /// @param level how often its samples have been through a merge, 1 for those fresh from the head
  /// @throws IllegalArgumentException if no series of `source` has a sample
  /// @throws IOException if the disk is full or failing; nothing is left behind then but perhaps a
  ///   folder that [BlockFolders#sweep] deletes
  public BlockSummary write(BlockId id, int level, BlockSource source) throws IOException {
    BlockSummary prepared = prepare(id, level, List.of(), source);
    if (prepared == null) {
      throw new IllegalArgumentException("block %s would have no samples".formatted(id));
    }
    finish(prepared);
    return prepared;
  }

  /// Writes all of `source` aside, synced, as what [#finish] makes the block `id`, or [#discard]
  /// deletes.
  ///
  /// @param parents blocks that this one replaces: a start that finds it and any of them deletes
  ///   them
  /// @return what has been written, under the name that it will have; null if there was no sample
  ///   to write
  public @Nullable BlockSummary prepare(
      BlockId id, int level, List<BlockId> parents, BlockSource source) throws IOException {
    Plan plan = Plan.of(source);
    if (plan.samples == 0) {
      return null;
    }
    long bytes = writeAside(plan, level, parents, source, BlockFolders.unfinished(blocks, id));
    Path finished = blocks.resolve(id.text());
    return new BlockSummary(id, finished, plan.range(), plan.count, plan.samples, bytes);
  }

  /// Gives what was prepared its name: from here on it is a block, whatever happens.
  public void finish(BlockSummary prepared) throws IOException {
    disk.rename(BlockFolders.unfinished(blocks, prepared.id()), prepared.folder());
    disk.syncFolder(blocks);
  }

  /// Deletes what was prepared and is not wanted any more.
  public void discard(BlockSummary prepared) {
    discard(BlockFolders.unfinished(blocks, prepared.id()));
  }

  private long writeAside(
      Plan plan, int level, List<BlockId> parents, BlockSource source, Path folder)
      throws IOException {
    boolean done = false;
    disk.deleteTree(folder);
    disk.createFolder(folder);
    try (AppendFile file = disk.create(folder.resolve(BlockFolders.FILE), 0)) {
      var writer = new PagedWriter(file);
      writeSections(plan, level, parents, source, writer);
      disk.syncFolder(folder);
      done = true;
      return writer.position();
    } finally {
      if (!done) {
        discard(folder);
      }
    }
  }

  /// Gives back the space of what cannot be finished, so that a full disk does not get fuller with
  /// every attempt.
  private void discard(Path folder) {
    try {
      disk.deleteTree(folder);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "unfinished block {0} stays behind: {1}", folder, e.getMessage());
    }
  }

  private static void writeSections(
      Plan plan, int level, List<BlockId> parents, BlockSource source, PagedWriter writer)
      throws IOException {
    writer.write(header(plan, level));
    LabelPairs pairs = plan.pairs;
    var order = new BlockOrder(pairs);
    int[] sorted = order.sorted();
    writer.begin();
    var seriesWriter = new SeriesWriter(writer, pairs, order, level > FRESH);
    var samples = new SampleColumns();
    for (int planned : sorted) {
      source.read(plan.numbers[planned], samples);
      // Values may turn out to be unreadable although their times were not.
      var column = samples.size() == 0 ? null : plan.columnOf.get(planned);
      samples = seriesWriter.add(planned, column, samples);
    }
    seriesWriter.finish();
    var section = new ByteSink(1 << 16);
    plan.columns.writeTo(section);
    writer.section(SectionType.TIMESTAMPS, section);
    section.clear();
    pairs.writeTo(section);
    writer.section(SectionType.LABELS, section);
    section.clear();
    seriesWriter.writePostingsTo(section);
    writer.section(SectionType.POSTINGS, section);
    if (!plan.withHistograms.isEmpty()) {
      writeHistograms(plan, sorted, level > FRESH, source, writer);
    }
    if (!parents.isEmpty()) {
      section.clear();
      parents.forEach(
          parent -> section.putBytes(parent.text().getBytes(StandardCharsets.US_ASCII)));
      writer.section(SectionType.PARENTS, section);
    }
    writer.finish();
  }

  private static void writeHistograms(
      Plan plan, int[] sorted, boolean dense, BlockSource source, PagedWriter writer)
      throws IOException {
    var histograms = new HistogramWriter(writer, dense);
    var samples = new SampleColumns();
    for (int i = 0; i < sorted.length; i++) {
      if (plan.withHistograms.contains(sorted[i])) {
        source.read(plan.numbers[sorted[i]], samples);
        histograms.add(i, samples.histograms());
      }
    }
    histograms.finish();
  }

  private static ByteSink header(Plan plan, int level) {
    var header = new ByteSink(BlockFormat.HEADER_BYTES);
    header.putInt(BlockFormat.MAGIC);
    header.putInt(BlockFormat.MAJOR | BlockFormat.MINOR << 16);
    header.putInt(plan.withHistograms.isEmpty() ? 0 : BlockFormat.FEATURE_HISTOGRAMS);
    header.putInt(0);
    header.putLong(plan.minTime);
    header.putLong(plan.maxTime);
    header.putInt(plan.count);
    header.putInt(BlockFormat.ROWS_PER_GROUP);
    header.putLong(plan.samples);
    header.putInt(level);
    header.putLong(0);
    header.putInt(Checksum.of(header.buffer()));
    return header;
  }

  /// What a look at all timestamps and labels has told. Series are known by the order in which they
  /// came in; those without samples never did.
  private static final class Plan {
    private int[] numbers = new int[128];
    private int count;
    private final List<ColumnPlan.@Nullable Column> columnOf = new ArrayList<>();
    private final RoaringBitmap withHistograms = new RoaringBitmap();
    private final LabelPairs pairs = new LabelPairs();
    private final ColumnPlan columns = new ColumnPlan();
    private long samples;
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;

    static Plan of(BlockSource source) {
      var plan = new Plan();
      var samples = new SampleColumns();
      for (int i = 0; i < source.seriesCount(); i++) {
        source.readTimes(i, samples);
        if (!samples.isEmpty()) {
          plan.take(i, source, samples);
        }
      }
      plan.columns.finish();
      plan.pairs.finish();
      return plan;
    }

    private void take(int number, BlockSource source, SampleColumns read) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, count + (count >> 1));
      }
      if (read.histogramCount() > 0) {
        withHistograms.add(count);
      }
      numbers[count++] = number;
      columnOf.add(
          read.size() == 0
              ? null
              : columns.join(source.target(number), read.timestamps(), read.size()));
      pairs.add(source.labels(number));
      samples += read.size() + read.histogramCount();
      minTime = Math.min(minTime, read.firstTime());
      maxTime = Math.max(maxTime, read.lastTime());
    }

    TimeRange range() {
      return new TimeRange(minTime, maxTime);
    }
  }
}
