package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.head.CorruptHeadException;
import barograph.storage.head.HeadReader;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Series of all blocks and the head in label order, each read piece after piece.
final class MergedSelection implements Selection {
  /// A series in one place: a block by its number in the view, or the head behind the last of them.
  private record Place(Labels labels, int source, int id) {}

  private final Store store;
  private final StoreView view;

  /// All places, sorted by labels and for the same labels by time.
  private final List<Place> places;

  /// Where the places of each series begin, and the end.
  private final int[] starts;

  private final int size;
  private final ConcurrentLinkedQueue<String> warnings = new ConcurrentLinkedQueue<>();
  private boolean closed;

  private MergedSelection(Store store, StoreView view, Gathering gathering) {
    this.store = store;
    this.view = view;
    this.places = gathering.places;
    this.warnings.addAll(gathering.warnings);
    places.sort(Comparator.comparing(Place::labels).thenComparingInt(Place::source));
    this.starts = new int[places.size() + 1];
    int found = 0;
    for (int i = 0; i < places.size(); i++) {
      if (i == 0 || !places.get(i).labels.equals(places.get(i - 1).labels)) {
        starts[found++] = i;
      }
    }
    starts[found] = places.size();
    this.size = found;
  }

  /// Collects series of the sources in any order.
  static final class Gathering {
    private final List<Place> places = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void add(Labels labels, int source, int id) {
      places.add(new Place(labels, source, id));
    }

    void warn(String warning) {
      warnings.add(warning);
    }

    /// @param view held on behalf of the selection, which lets go of it when it is closed
    MergedSelection select(Store store, StoreView view) {
      return new MergedSelection(store, view, this);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Labels labels(int series) {
    return places.get(starts[series]).labels;
  }

  @Override
  public void read(int series, TimeRange range, SampleColumns into) {
    into.clear();
    for (int i = starts[series]; i < starts[series + 1]; i++) {
      int before = into.size();
      int histogramsBefore = into.histogramCount();
      readPlace(places.get(i), range, into);
      into.mergeFrom(before, histogramsBefore);
    }
  }

  private void readPlace(Place place, TimeRange range, SampleColumns into) {
    List<Block> blocks = view.inReadingOrder();
    int before = into.size();
    int histogramsBefore = into.histogramCount();
    if (place.source < blocks.size()) {
      Block block = blocks.get(place.source);
      try {
        block.read(place.id, range, into);
      } catch (CorruptBlockException e) {
        into.truncate(before, histogramsBefore);
        warn(e.getMessage());
      }
      return;
    }
    long from = Math.max(range.startMillis(), view.floor());
    if (from > range.endMillis()) {
      return;
    }
    HeadReader reader = store.borrowReader();
    try {
      reader.read(place.id, from, range.endMillis(), into);
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
