package barograph.storage;

import barograph.storage.model.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Series that are looked up together, and what became of each: its reference, or why it was
/// refused.
///
/// Series that stand beside each other in a page or a request mostly share most of their labels,
/// and in the order in which they stand there they cost much less together than one by one. Best
/// where the same strings are used for labels that are the same. Reused; one thread at a time.
public final class SeriesLookup {
  private static final int LEAST = 16;

  Labels[] labels = new Labels[LEAST];
  String[] targets = new String[LEAST];
  int[] refs = new int[LEAST];

  /// Made when the first is refused.
  private @Nullable SeriesLimitException[] refusals = {};

  private int size;

  /// Forgets all of them.
  public void clear() {
    Arrays.fill(labels, 0, size, null);
    Arrays.fill(targets, 0, size, null);
    refusals = new SeriesLimitException[0];
    size = 0;
  }

  /// Adds a series; `target` as [Appender#seriesFor(Labels, String)] has it.
  public void add(Labels labels, String target) {
    if (size == refs.length) {
      this.labels = Arrays.copyOf(this.labels, 2 * size);
      this.targets = Arrays.copyOf(this.targets, 2 * size);
      this.refs = Arrays.copyOf(this.refs, 2 * size);
    }
    this.labels[size] = labels;
    this.targets[size++] = target;
  }

  /// How many series have been added.
  public int size() {
    return size;
  }

  public Labels labels(int series) {
    return labels[series];
  }

  public String target(int series) {
    return targets[series];
  }

  /// What the store calls a series that it has not refused.
  public int ref(int series) {
    return refs[series];
  }

  /// Why a series was refused, or null if it was not.
  public @Nullable SeriesLimitException refusal(int series) {
    return series < refusals.length ? refusals[series] : null;
  }

  /// Says what the store calls a series.
  public void found(int series, int ref) {
    refs[series] = ref;
  }

  /// Says that a series was refused.
  public void refused(int series, SeriesLimitException why) {
    if (refusals.length < size) {
      refusals = Arrays.copyOf(refusals, size);
    }
    refusals[series] = why;
  }
}
