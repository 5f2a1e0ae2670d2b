package barograph.storage.block;

import barograph.storage.model.Labels;
import java.util.Comparator;

/// The order in which blocks have their series, told from labels: the same as [BlockOrder]'s, which
/// knows pairs by number.
///
/// Several blocks can so be walked through side by side, as each is in this order already.
public final class SeriesOrder implements Comparator<Labels> {
  @Override
  public int compare(Labels a, Labels b) {
    String metric = a.metricName();
    int order = Labels.UTF8_ORDER.compare(metric, b.metricName());
    if (order != 0) {
      return order;
    }
    if (metric.endsWith(BlockOrder.BUCKETS)) {
      order = compareWithoutBound(a, b);
      order = order != 0 ? order : Double.compare(bound(a), bound(b));
    }
    return order != 0 ? order : a.compareTo(b);
  }

  private static double bound(Labels labels) {
    return labels.has(BlockOrder.BOUND)
        ? BlockOrder.bound(labels.get(BlockOrder.BOUND))
        : Double.NEGATIVE_INFINITY;
  }

  private static int compareWithoutBound(Labels a, Labels b) {
    int i = 0;
    int j = 0;
    while (true) {
      i = i < a.size() && a.name(i).equals(BlockOrder.BOUND) ? i + 1 : i;
      j = j < b.size() && b.name(j).equals(BlockOrder.BOUND) ? j + 1 : j;
      if (i == a.size() || j == b.size()) {
        return Integer.compare(a.size() - i, b.size() - j);
      }
      int order = Labels.UTF8_ORDER.compare(a.name(i), b.name(j));
      order = order != 0 ? order : Labels.UTF8_ORDER.compare(a.value(i), b.value(j));
      if (order != 0) {
        return order;
      }
      i++;
      j++;
    }
  }
}
