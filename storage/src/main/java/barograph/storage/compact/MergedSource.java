package barograph.storage.compact;

import barograph.storage.block.Block;
import barograph.storage.block.BlockSource;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.block.SeriesOrder;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Several blocks as the source of one.
///
/// All of them have their series in the same order, so a walk through them side by side finds which
/// series are the same; of each only its places are kept, a few numbers, and labels and samples are
/// read again when the writer asks. Where sources overlap, the sample written later stays.
public final class MergedSource implements BlockSource {
  private final List<Block> sources;
  private final BooleanSupplier stopped;

  /// Places of the series behind each other: which source, and which series there.
  private short[] placeSources = new short[1024];

  private int[] placeIds = new int[1024];
  private int[] starts = new int[1024];
  private int count;

  /// The order in which cursors wait; of the same series, by their sources.
  private final Comparator<Cursor> order =
      Comparator.comparing((Cursor cursor) -> cursor.labels, new SeriesOrder())
          .thenComparingInt(cursor -> cursor.source);

  private final SharedTimes times;
  private final int[] groups;

  private MergedSource(List<Block> sources, BooleanSupplier stopped) {
    this.sources = sources;
    this.stopped = stopped;
    this.times = new SharedTimes(sources);
    walk();
    this.groups = times.groups();
  }

  /// The source that `blocks` make together.
  ///
  /// @param blocks held by the caller for as long as the source is used
  /// @param stopped asked now and then: once it says yes, every method throws
  ///   [CancellationException]
  public static MergedSource of(List<Block> blocks, BooleanSupplier stopped) {
    if (blocks.size() > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d blocks to merge, expected at most %d".formatted(blocks.size(), Short.MAX_VALUE));
    }
    return new MergedSource(
        blocks.stream().sorted(Comparator.comparing(Block::id)).toList(), stopped);
  }

  /// A walk through one source.
  private final class Cursor {
    final short source;
    int id = -1;
    Labels labels = Labels.EMPTY;

    Cursor(int source) {
      this.source = (short) source;
    }

    boolean advance() {
      id++;
      if (id == sources.get(source).seriesCount()) {
        return false;
      }
      labels = labelsOf(source, id);
      return true;
    }
  }

  /// Goes through all sources side by side. Those that have more wait in the order of their next
  /// series; most series are in all of them, so all are taken at once, and go back in with little
  /// more than one comparison each.
  private void walk() {
    var waiting = new ArrayList<Cursor>(sources.size());
    for (int i = 0; i < sources.size(); i++) {
      advance(new Cursor(i), waiting);
    }
    var same = new ArrayList<Cursor>(sources.size());
    int places = 0;
    while (!waiting.isEmpty()) {
      checkStopped();
      Labels labels = waiting.getFirst().labels;
      int end = 1;
      while (end < waiting.size() && waiting.get(end).labels.equals(labels)) {
        end++;
      }
      List<Cursor> least = waiting.subList(0, end);
      same.clear();
      same.addAll(least);
      least.clear();
      begin(places);
      for (Cursor cursor : same) {
        if (places == placeIds.length) {
          placeIds = Arrays.copyOf(placeIds, places * 2);
          placeSources = Arrays.copyOf(placeSources, places * 2);
        }
        placeSources[places] = cursor.source;
        placeIds[places++] = cursor.id;
        times.add(count - 1, cursor.source, columnOf(cursor.source, cursor.id));
        advance(cursor, waiting);
      }
    }
    starts[count] = places;
  }

  /// Moves a cursor to its next series, if there is one, and puts it among those that wait.
  private void advance(Cursor cursor, List<Cursor> waiting) {
    if (cursor.advance()) {
      int place = Collections.binarySearch(waiting, cursor, order);
      waiting.add(-place - 1, cursor);
    }
  }

  private void begin(int place) {
    if (count + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    starts[count++] = place;
  }

  private void checkStopped() {
    if (stopped.getAsBoolean()) {
      throw new CancellationException("the merge was stopped");
    }
  }

  private Labels labelsOf(int source, int id) {
    try {
      return sources.get(source).labels(id);
    } catch (CorruptBlockException e) {
      throw new UnreadableSourceException(sources.get(source).id(), e);
    }
  }

  private int columnOf(int source, int id) {
    try {
      return sources.get(source).timestampColumn(id);
    } catch (CorruptBlockException e) {
      throw new UnreadableSourceException(sources.get(source).id(), e);
    }
  }

  @Override
  public int seriesCount() {
    return count;
  }

  @Override
  public Labels labels(int series) {
    return labelsOf(placeSources[starts[series]], placeIds[starts[series]]);
  }

  @Override
  public String target(int series) {
    return Integer.toString(groups[series]);
  }

  @Override
  public void read(int series, SampleColumns into) {
    read(series, into, (block, id) -> block.read(id, TimeRange.ALL, into));
  }

  @Override
  public void readTimes(int series, SampleColumns into) {
    read(series, into, (block, id) -> block.readTimes(id, into));
  }

  /// One way to read a series of a source.
  private interface Reading {
    void of(Block block, int id);
  }

  private void read(int series, SampleColumns into, Reading reading) {
    checkStopped();
    into.clear();
    for (int i = starts[series]; i < starts[series + 1]; i++) {
      Block block = sources.get(placeSources[i]);
      int before = into.size();
      int histogramsBefore = into.histogramCount();
      try {
        reading.of(block, placeIds[i]);
      } catch (CorruptBlockException e) {
        throw new UnreadableSourceException(block.id(), e);
      }
      into.mergeFrom(before, histogramsBefore);
    }
  }
}
