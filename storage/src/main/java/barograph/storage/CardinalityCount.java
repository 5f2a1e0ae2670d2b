package barograph.storage;

import barograph.storage.StoreStatus.Cardinality;
import barograph.storage.StoreStatus.Count;
import barograph.storage.index.LabelIndex;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Counts where series come from, for those who look for what takes the memory. A cold path.
final class CardinalityCount {
  private static final Comparator<Count> LARGEST_FIRST =
      Comparator.comparingLong(Count::count)
          .reversed()
          .thenComparing(Count::name, Labels.UTF8_ORDER);

  private CardinalityCount() {}

  static Cardinality of(LabelIndex index, int limit) {
    var byMetric = new ArrayList<Count>();
    var values = new ArrayList<Count>();
    var bytes = new ArrayList<Count>();
    var byPair = new ArrayList<Count>();
    for (String name : index.names()) {
      List<String> itsValues = index.values(name);
      long itsBytes = 0;
      for (String value : itsValues) {
        long series = index.postings(name, value).getLongCardinality();
        if (name.equals(Labels.METRIC_NAME)) {
          byMetric.add(new Count(value, series));
        }
        byPair.add(new Count(name + "=" + value, series));
        itsBytes += value.getBytes(StandardCharsets.UTF_8).length;
      }
      values.add(new Count(name, itsValues.size()));
      bytes.add(new Count(name, itsBytes));
    }
    return new Cardinality(
        largest(byMetric, limit),
        largest(values, limit),
        largest(bytes, limit),
        largest(byPair, limit));
  }

  private static List<Count> largest(List<Count> counts, int limit) {
    return counts.stream().sorted(LARGEST_FIRST).limit(limit).toList();
  }
}
