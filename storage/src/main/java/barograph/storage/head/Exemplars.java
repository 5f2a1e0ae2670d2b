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

  private volatile AtomicReferenceArray<@Nullable Entry> ring =
      new AtomicReferenceArray<>(CAPACITY);
  private volatile long added;

  /// The writer's own: of each series in the ring the newest.
  private final Map<Integer, Entry> newest = new HashMap<>();

  /// Sets how many there may be from now on; of those that are here, the newest stay. With 0 every
  /// one is passed over. Writer only.
  public void limit(int capacity) {
    AtomicReferenceArray<@Nullable Entry> before = ring;
    if (capacity == before.length()) {
      return;
    }
    var after = new AtomicReferenceArray<@Nullable Entry>(capacity);
    for (long i = Math.max(0, added - before.length()); i < added; i++) {
      Entry entry = before.get((int) (i % before.length()));
      if (entry != null && i >= added - capacity) {
        after.set((int) (i % capacity), entry);
      } else if (entry != null) {
        newest.remove(entry.ref, entry);
      }
    }
    ring = after;
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
    AtomicReferenceArray<@Nullable Entry> now = ring;
    if (now.length() == 0) {
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
    int slot = (int) (before % now.length());
    Entry oldest = now.get(slot);
    if (oldest != null) {
      newest.remove(oldest.ref, oldest);
    }
    now.set(slot, entry);
    newest.put(ref, entry);
    added = before + 1;
    return Appended.STORED;
  }

  /// Shows every exemplar that is here, those that came first first. Any thread; of what comes or
  /// goes meanwhile, some may be missing.
  public void forEach(Consumer<Entry> consumer) {
    long end = added;
    AtomicReferenceArray<@Nullable Entry> now = ring;
    for (long i = Math.max(0, end - now.length()); i < end; i++) {
      Entry entry = now.get((int) (i % now.length()));
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
