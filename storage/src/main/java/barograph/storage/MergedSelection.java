package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.head.CorruptHeadException;
import barograph.storage.head.HeadReader;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.List;
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
  public void read(int series, TimeRange range, SampleColumns into) {
    into.clear();
    for (int i = 0; i < found.placeCount(series); i++) {
      int before = into.size();
      int histogramsBefore = into.histogramCount();
      readPlace(found.source(series, i), found.number(series, i), range, into);
      into.mergeFrom(before, histogramsBefore);
    }
  }

  private void readPlace(int source, int number, TimeRange range, SampleColumns into) {
    List<Block> blocks = view.inReadingOrder();
    int before = into.size();
    int histogramsBefore = into.histogramCount();
    if (source < blocks.size()) {
      Block block = blocks.get(source);
      try {
        block.read(number, range, into);
      } catch (CorruptBlockException e) {
        into.truncate(before, histogramsBefore);
        warn(e.getMessage());
      }
      return;
    }
    HeadReader reader = store.borrowReader();
    try {
      reader.read(number, view.floor(), range.startMillis(), range.endMillis(), into);
    } catch (CorruptHeadException e) {
      warn(e.getMessage());
    } finally {
      store.giveBack(reader);
    }
  }

  private void warn(@Nullable String what) {
    String warning = String.valueOf(what);
    if (!warnings.contains(warning)) {
      warnings.add(warning);
      store.damaged(warning);
    }
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      view.release();
    }
  }
}
