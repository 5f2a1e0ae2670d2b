package barograph.query.promqltest;

import barograph.query.histogram.HistogramLiteral;
import barograph.query.promqltest.Script.SeriesLine;
import barograph.query.promqltest.ValueSequence.Item;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Classic histograms of a script as native ones with custom buckets: series that differ only in
/// `le` and in the suffix of their name are one histogram.
final class ClassicBuckets {
  private final Map<Double, List<Item>> buckets = new TreeMap<>();
  private List<Item> counts = List.of();
  private List<Item> sums = List.of();

  private ClassicBuckets() {}

  static List<SeriesLine> of(List<SeriesLine> series) {
    var histograms = new LinkedHashMap<Labels, ClassicBuckets>();
    for (var line : series) {
      String name = line.labels().metricName();
      if (name.endsWith("_bucket")) {
        double bound;
        try {
          bound = NumberText.parse(line.labels().get("le"));
        } catch (NumberFormatException e) {
          continue;
        }
        if (!Double.isNaN(bound)) {
          of(histograms, line, "_bucket").buckets.putIfAbsent(bound, line.values());
        }
      } else if (name.endsWith("_count")) {
        of(histograms, line, "_count").counts = line.values();
      } else if (name.endsWith("_sum")) {
        of(histograms, line, "_sum").sums = line.values();
      }
    }
    var lines = new ArrayList<SeriesLine>();
    histograms.forEach((labels, histogram) -> lines.add(new SeriesLine(labels, histogram.items())));
    return lines;
  }

  private static ClassicBuckets of(
      Map<Labels, ClassicBuckets> histograms, SeriesLine line, String suffix) {
    String name = line.labels().metricName();
    var labels =
        line.labels()
            .without("le")
            .with(Labels.METRIC_NAME, name.substring(0, name.length() - suffix.length()));
    return histograms.computeIfAbsent(labels, absent -> new ClassicBuckets());
  }

  private List<Item> items() {
    int size = Math.max(counts.size(), sums.size());
    for (var values : buckets.values()) {
      size = Math.max(size, values.size());
    }
    var items = new ArrayList<Item>();
    for (int i = 0; i < size; i++) {
      items.add(item(i));
    }
    return items;
  }

  private Item item(int place) {
    var bounds = new ArrayList<Double>();
    var cumulative = new ArrayList<Double>();
    for (var bucket : buckets.entrySet()) {
      Double count = at(bucket.getValue(), place);
      if (count != null) {
        bounds.add(bucket.getKey());
        cumulative.add(count);
      }
    }
    Double count = at(counts, place);
    Double sum = at(sums, place);
    if (cumulative.isEmpty() && count == null && sum == null) {
      return new Item.Gap();
    }
    int last = bounds.size() - 1;
    boolean hasLast = last >= 0 && bounds.get(last) == Double.POSITIVE_INFINITY;
    double total = count != null ? count : last < 0 ? 0 : cumulative.get(last);
    int finite = hasLast ? last : bounds.size();
    var alone = new double[finite + 1];
    double before = 0;
    for (int i = 0; i <= finite; i++) {
      double upTo = i < finite ? cumulative.get(i) : hasLast ? cumulative.get(last) : total;
      alone[i] = upTo - before;
      before = upTo;
    }
    double[] kept = bounds.subList(0, finite).stream().mapToDouble(Double::doubleValue).toArray();
    return new Item.Histogram(
        new HistogramLiteral(
            HistogramLiteral.custom(kept, total, sum == null ? 0 : sum, alone), false));
  }

  private static @Nullable Double at(List<Item> values, int place) {
    if (place < values.size() && values.get(place) instanceof Item.Point(double value)) {
      return value;
    }
    return null;
  }
}
