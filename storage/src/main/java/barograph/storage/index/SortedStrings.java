package barograph.storage.index;

import barograph.storage.model.Labels;
import java.util.Collections;
import java.util.List;

/// Searches in lists that are in [Labels#UTF8_ORDER].
final class SortedStrings {
  private SortedStrings() {}

  /// The part of `sorted` that begins with `prefix`, as a view.
  static List<String> withPrefix(List<String> sorted, String prefix) {
    if (prefix.isEmpty()) {
      return sorted;
    }
    int found = Collections.binarySearch(sorted, prefix, Labels.UTF8_ORDER);
    int from = found >= 0 ? found : -found - 1;
    int low = from;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).startsWith(prefix)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return sorted.subList(from, low);
  }
}
