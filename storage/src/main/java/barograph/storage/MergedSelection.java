package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.head.CorruptHeadException;
import barograph.storage.head.HeadReader;
import barograph.storage.head.LateSamples;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Thinning;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Series of all blocks and the head in label order, each read piece after piece.
final class MergedSelection implements Selection {
  private final Store store;
  private final StoreView view;

  /// By source: blocks by their number in the view, and the head behind the last of them.
  private final FoundSeries found;

  private final ConcurrentLinkedQueue<String> warnings = new ConcurrentLinkedQueue<>();
  private boolean closed;

  /// @param view held on behalf of the selection, which lets go of it when it is closed
  /// @param complaints warnings that there are already
  MergedSelection(Store store, StoreView view, FoundSeries found, List<String> complaints) {
    this.store = store;
    this.view = view;
    this.found = found;
    this.warnings.addAll(complaints);
  }

  @Override
  public int size() {
    return found.size();
  }

  @Override
  public Labels labels(int series) {
    return found.labels(series);
  }

  @Override
  public Labels labels(int series, Set<String> only) {
    return found.labels(series, only);
  }

  @Override
  public long place(int series) {
    return (long) found.source(series, 0) << 32 | found.number(series, 0);
  }

  @Override
  public void read(int series, TimeRange range, SampleColumns into) {
    into.clear();
    for (int i = 0; i < found.placeCount(series); i++) {
      int before = into.size();
      int histogramsBefore = into.histogramCount();
      readPlace(found.source(series, i), found.number(series, i), range, Thinning.NONE, into);
      // The head's reader may have merged its late samples in already, and dropped some of before.
      into.mergeFrom(
          Math.min(before, into.size()), Math.min(histogramsBefore, into.histogramCount()));
    }
  }

  @Override
  public long readThinned(int series, TimeRange range, Thinning thinning, SampleColumns into) {
    into.clear();
    int places = found.placeCount(series);
    long leftOut = 0;
    boolean follow = true;
    for (int i = 0; i < places; i++) {
      int before = into.size();
      int histogramsBefore = into.histogramCount();
      long last = into.lastTime();
      Thinning allowed = places == 1 ? thinning : new Alone(thinning, series, i);
      leftOut += readPlace(found.source(series, i), found.number(series, i), range, allowed, into);
      follow &= into.firstTime(before, histogramsBefore) > last;
      // The head's reader may have merged its late samples in already, and dropped some of before.
      into.mergeFrom(
          Math.min(before, into.size()), Math.min(histogramsBefore, into.histogramCount()));
    }
    if (leftOut > 0 && !follow) {
      // A late sample may have come in between, and nobody knows whether among those left out.
      read(series, range, into);
      return 0;
    }
    return leftOut;
  }

  /// Leaves out only where no other place of the series may have samples.
  private final class Alone implements Thinning {
    private final Thinning thinning;
    private final int series;
    private final int place;

    private Alone(Thinning thinning, int series, int place) {
      this.thinning = thinning;
      this.series = series;
      this.place = place;
    }

    @Override
    public boolean allows(long firstMillis, long lastMillis) {
      if (!thinning.allows(firstMillis, lastMillis)) {
        return false;
      }
      for (int i = 0; i < found.placeCount(series); i++) {
        if (i != place && reaches(found.source(series, i), firstMillis, lastMillis)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean onlyRising() {
      return thinning.onlyRising();
    }

    @Override
    public boolean sparesAnything() {
      return thinning.sparesAnything();
    }
  }

  /// Whether a source may have samples from `first` to `last`.
  private boolean reaches(int source, long first, long last) {
    List<Block> blocks = view.inReadingOrder();
    if (source < blocks.size()) {
      TimeRange range = blocks.get(source).range();
      return range.startMillis() <= last && range.endMillis() >= first;
    }
    LateSamples late = store.head().late();
    return last >= view.floor() || (late.minTime() <= last && late.maxTime() >= first);
  }

  private long readPlace(
      int source, int number, TimeRange range, Thinning thinning, SampleColumns into) {
    List<Block> blocks = view.inReadingOrder();
    int before = into.size();
    int histogramsBefore = into.histogramCount();
    if (source < blocks.size()) {
      Block block = blocks.get(source);
      try {
        return block.readThinned(number, range, thinning, into);
      } catch (CorruptBlockException e) {
        into.truncate(before, histogramsBefore);
        if (warn(e.getMessage())) {
          store.damaged(block.damage(e));
        }
        // It may be no more than what the block tells of its chunks.
        return thinning.sparesAnything()
            ? readPlace(source, number, range, Thinning.NONE, into)
            : 0;
      }
    }
    HeadReader reader = store.borrowReader();
    try {
      reader.read(number, view.floor(), range.startMillis(), range.endMillis(), into);
    } catch (CorruptHeadException e) {
      if (warn(e.getMessage())) {
        store.damaged(e);
      }
    } finally {
      store.giveBack(reader);
    }
    return 0;
  }

  /// @return whether it was not told yet
  private boolean warn(@Nullable String what) {
    String warning = String.valueOf(what);
    return !warnings.contains(warning) && warnings.add(warning);
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      found.close();
      view.release();
    }
  }
}
