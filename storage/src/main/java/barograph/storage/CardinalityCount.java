package barograph.storage;

import barograph.storage.StoreStatus.Cardinality;
import barograph.storage.StoreStatus.Count;
import barograph.storage.StoreStatus.Sources;
import barograph.storage.head.SeriesBudget;
import barograph.storage.index.LabelIndex;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Counts where series come from, for those who look for what takes the memory. A cold path.
final class CardinalityCount {
  private static final Comparator<Count> LARGEST_FIRST =
      Comparator.comparingLong(Count::count)
          .reversed()
          .thenComparing(Count::name, Labels.UTF8_ORDER);

  private CardinalityCount() {}

  static Cardinality of(LabelIndex index, Map<String, Long> seriesByTarget, int limit) {
    var byMetric = new Largest(limit);
    var values = new Largest(limit);
    var bytes = new Largest(limit);
    var byPair = new Largest(limit);
    for (String name : index.names()) {
      var count = new Totals();
      index.forEachValue(
          name,
          (value, series) -> {
            if (name.equals(Labels.METRIC_NAME)) {
              byMetric.offer(new Count(value, series));
            }
            if (byPair.mayTake(series)) {
              byPair.offer(new Count(name + "=" + value, series));
            }
            count.values++;
            count.bytes += value.getBytes(StandardCharsets.UTF_8).length;
          });
      values.offer(new Count(name, count.values));
      bytes.offer(new Count(name, count.bytes));
    }
    return new Cardinality(
        byMetric.sorted(),
        values.sorted(),
        bytes.sorted(),
        byPair.sorted(),
        sources(index, seriesByTarget, limit));
  }

  static Sources sources(LabelIndex index, Map<String, Long> seriesByTarget, int limit) {
    var byJob = new Largest(limit);
    index.forEachValue(SeriesBudget.JOB, (value, series) -> byJob.offer(new Count(value, series)));
    var byTarget = new Largest(limit);
    seriesByTarget.forEach((target, series) -> byTarget.offer(new Count(target, series)));
    return new Sources(byJob.sorted(), byTarget.sorted());
  }

  /// Of one label name.
  private static final class Totals {
    private long values;
    private long bytes;
  }

  /// The largest counts so far, never more than wanted.
  private static final class Largest {
    private final int limit;
    private final PriorityQueue<Count> smallestFirst =
        new PriorityQueue<>(LARGEST_FIRST.reversed());

    private Largest(int limit) {
      this.limit = limit;
    }

    private boolean mayTake(long count) {
      Count smallest = smallestFirst.peek();
      return smallestFirst.size() < limit || (smallest != null && count >= smallest.count());
    }

    private void offer(Count count) {
      smallestFirst.add(count);
      if (smallestFirst.size() > limit) {
        smallestFirst.remove();
      }
    }

    private List<Count> sorted() {
      return smallestFirst.stream().sorted(LARGEST_FIRST).toList();
    }
  }
}
