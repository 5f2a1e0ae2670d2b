package barograph.ingest.forward;

import barograph.ingest.forward.RequestWriter.Named;
import barograph.ingest.relabel.Relabeling;
import barograph.storage.LogTail;
import barograph.storage.model.Labels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What series are called on their way out, by their references: external labels added where the
/// series has none of that name, then relabelled.
///
/// Keeps the names that were asked for last, in two generations: once the younger is full it
/// becomes the older, and what was in that is worked out again when it is asked for. One thread at
/// a time.
final class SeriesNames {
  private final LogTail tail;
  private final Labels external;
  private final Relabeling relabeling;
  private final RequestWriter writer;
  private final int room;
  private Map<Integer, Entry> younger = new HashMap<>();
  private Map<Integer, Entry> older = Map.of();

  /// A name, or why there is none.
  sealed interface Entry {}

  /// The series goes by this name.
  record Called(Named name) implements Entry {}

  /// Relabeling drops it, or leaves no label.
  enum Dropped implements Entry {
    BY_RULE,
    /// What it is called was in a damaged place.
    UNKNOWN
  }

  /// @param room how many names a generation has at most
  SeriesNames(
      LogTail tail, Labels external, Relabeling relabeling, RequestWriter writer, int room) {
    this.tail = tail;
    this.external = external;
    this.relabeling = relabeling;
    this.writer = writer;
    this.room = room;
  }

  Entry get(int ref) {
    Entry known = younger.get(ref);
    if (known != null) {
      return known;
    }
    known = older.get(ref);
    if (known == null) {
      known = find(ref);
    }
    if (younger.size() >= room) {
      older = younger;
      younger = new HashMap<>();
    }
    younger.put(ref, known);
    return known;
  }

  private Entry find(int ref) {
    Labels labels = tail.labels(ref);
    if (labels == null) {
      return Dropped.UNKNOWN;
    }
    @Nullable Labels left = relabeling.apply(withExternal(labels));
    return left == null || left.isEmpty() ? Dropped.BY_RULE : new Called(writer.name(left));
  }

  private Labels withExternal(Labels labels) {
    if (external.isEmpty()) {
      return labels;
    }
    var builder = labels.toBuilder();
    for (int i = 0; i < external.size(); i++) {
      if (!labels.has(external.name(i))) {
        builder.set(external.name(i), external.value(i));
      }
    }
    return builder.build();
  }
}
