package barograph.storage.block;

import barograph.storage.model.Labels;
import java.util.Comparator;

/// The order of series in a block: by metric name, then by the labels, where a histogram's bucket
/// bounds come last and count as numbers.
///
/// So a metric's series are neighbours and their numbers a run, and each bucket stands behind the
/// one below it, from which it differs least.
final class BlockOrder implements Comparator<Labels> {
  private static final String BOUND = "le";
  private static final String BUCKETS = "_bucket";

  @Override
  public int compare(Labels a, Labels b) {
    String metric = a.metricName();
    int order = Labels.UTF8_ORDER.compare(metric, b.metricName());
    if (order != 0) {
      return order;
    }
    if (!metric.endsWith(BUCKETS)) {
      return a.compareTo(b);
    }
    order = compareWithoutBound(a, b);
    if (order == 0) {
      order = Double.compare(bound(a), bound(b));
    }
    return order != 0 ? order : a.compareTo(b);
  }

  /// Whether `labels` is a bucket of the same histogram as `previous`.
  boolean sameHistogram(Labels previous, Labels labels) {
    return previous.metricName().endsWith(BUCKETS)
        && previous.has(BOUND)
        && labels.has(BOUND)
        && compareWithoutBound(previous, labels) == 0;
  }

  private static int compareWithoutBound(Labels a, Labels b) {
    int i = 0;
    int j = 0;
    while (true) {
      i = i < a.size() && a.name(i).equals(BOUND) ? i + 1 : i;
      j = j < b.size() && b.name(j).equals(BOUND) ? j + 1 : j;
      if (i == a.size() || j == b.size()) {
        return Integer.compare(a.size() - i, b.size() - j);
      }
      int order = Labels.UTF8_ORDER.compare(a.name(i), b.name(j));
      if (order == 0) {
        order = Labels.UTF8_ORDER.compare(a.value(i), b.value(j));
      }
      if (order != 0) {
        return order;
      }
      i++;
      j++;
    }
  }

  private static double bound(Labels labels) {
    String text = labels.get(BOUND);
    try {
      return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    } catch (NumberFormatException noNumber) {
      return Double.NaN;
    }
  }
}
