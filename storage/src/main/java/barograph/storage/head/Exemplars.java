package barograph.storage.head;

import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The newest exemplars of all series together, in a ring: when it is full, the one that came first
/// goes.
///
/// One writer adds; readers walk the ring, whose entries never change, and disturb nobody.
public final class Exemplars {
  /// One exemplar in the ring.
  ///
  /// @param ref its series, which may be gone from the head
  public record Entry(int ref, Labels series, Exemplar exemplar) {}

  /// How many there are unless someone says otherwise.
  public static final int CAPACITY = 100_000;

  private AtomicReferenceArray<@Nullable Entry> ring = new AtomicReferenceArray<>(CAPACITY);
  private volatile long added;

  /// The writer's own: of each series in the ring the newest.
  private final Map<Integer, Entry> newest = new HashMap<>();

  /// Sets how many there may be, while it is empty; with 0 every one is passed over.
  public void limit(int capacity) {
    if (added > 0) {
      throw new IllegalStateException("there are %d exemplars already".formatted(added));
    }
    ring = new AtomicReferenceArray<>(capacity);
  }

  /// Whether none is kept.
  public boolean isOff() {
    return ring.length() == 0;
  }

  /// The labels of a series that has exemplars here, or null. Writer only.
  @Nullable Labels labelsOf(int ref) {
    Entry entry = newest.get(ref);
    return entry == null ? null : entry.series;
  }

  /// Offers an exemplar: one that its series has as the newest is [Appended#REPEATED], one that
  /// would not come behind it [Appended#OUT_OF_ORDER]. Writer only.
  Appended add(int ref, Labels series, Exemplar exemplar) {
    if (isOff()) {
      return Appended.REPEATED;
    }
    Entry last = newest.get(ref);
    if (last != null) {
      int order = exemplar.compareTo(last.exemplar);
      if (order <= 0) {
        return order == 0 ? Appended.REPEATED : Appended.OUT_OF_ORDER;
      }
    }
    var entry = new Entry(ref, series, exemplar);
    long before = added;
    int slot = (int) (before % ring.length());
    Entry oldest = ring.get(slot);
    if (oldest != null) {
      newest.remove(oldest.ref, oldest);
    }
    ring.set(slot, entry);
    newest.put(ref, entry);
    added = before + 1;
    return Appended.STORED;
  }

  /// Shows every exemplar that is here, those that came first first. Any thread; of what comes or
  /// goes meanwhile, some may be missing.
  public void forEach(Consumer<Entry> consumer) {
    long end = added;
    for (long i = Math.max(0, end - ring.length()); i < end; i++) {
      Entry entry = ring.get((int) (i % ring.length()));
      if (entry != null) {
        consumer.accept(entry);
      }
    }
  }

  /// All of them, in the order of [#forEach].
  List<Entry> all() {
    var all = new ArrayList<Entry>();
    forEach(all::add);
    return all;
  }
}
