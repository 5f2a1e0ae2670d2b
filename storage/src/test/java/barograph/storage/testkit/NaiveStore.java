package barograph.storage.testkit;

import barograph.storage.Appender;
import barograph.storage.ExemplarResult;
import barograph.storage.ExemplarsOfSeries;
import barograph.storage.LabelTexts;
import barograph.storage.Reader;
import barograph.storage.SampleBatch;
import barograph.storage.Selection;
import barograph.storage.SeriesExemplar;
import barograph.storage.SeriesOrder;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Allowance;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The store as plainly as it can be said: a sorted map of sorted maps, correct and slow.
///
/// Tests above storage run on it, and storage's own tests hold the real store against it.
public final class NaiveStore implements Appender, Reader {
  /// A float or a histogram; the same if they are so bit for bit.
  private record Sample(double value, @Nullable Histogram histogram) {
    boolean isSame(Sample other) {
      return Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(other.value)
          && Objects.equals(histogram, other.histogram);
    }

    @Override
    public String toString() {
      if (histogram != null) {
        return histogram.toString();
      }
      return Staleness.isMarker(value) ? "stale" : Double.toString(value);
    }
  }

  private final NavigableMap<Labels, NavigableMap<Long, Sample>> series = new TreeMap<>();
  private final NavigableMap<Labels, TreeSet<Exemplar>> exemplars = new TreeMap<>();
  private final Map<String, MetricMetadata> metadata = new TreeMap<>();
  private final Map<Labels, Integer> refs = new HashMap<>();
  private final List<Labels> byRef = new ArrayList<>();
  private long windowMillis;
  private long newest = Long.MIN_VALUE;

  /// Takes samples out of order from now on if they are no further behind the newest one.
  public synchronized NaiveStore acceptOutOfOrder(Duration window) {
    windowMillis = window.toMillis();
    return this;
  }

  @Override
  public synchronized int seriesFor(Labels labels, String target) {
    return refs.computeIfAbsent(
        labels,
        absent -> {
          byRef.add(absent);
          return byRef.size() - 1;
        });
  }

  @Override
  public synchronized CompletableFuture<WriteResult> append(SampleBatch batch) {
    int accepted = 0;
    var refusals = new ArrayList<Refusal>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.series(i) < 0 || batch.series(i) >= byRef.size()) {
        refusals.add(new Refusal(i, Reason.UNKNOWN_SERIES));
        continue;
      }
      var samples = series.computeIfAbsent(byRef.get(batch.series(i)), absent -> new TreeMap<>());
      long time = batch.timestampMillis(i);
      var sample = new Sample(batch.value(i), batch.histogram(i));
      Sample there = samples.get(time);
      if (samples.isEmpty() || time > samples.lastKey()) {
        samples.put(time, sample);
        newest = Math.max(newest, time);
        accepted++;
      } else if (batch.isOnlyAhead()) {
        // A hint that comes too late is passed over.
      } else if (time < samples.lastKey() && windowMillis == 0) {
        refusals.add(new Refusal(i, Reason.OUT_OF_ORDER));
      } else if (time < samples.lastKey() && time < newest - windowMillis) {
        refusals.add(new Refusal(i, Reason.TOO_OLD));
      } else if (there == null) {
        samples.put(time, sample);
        accepted++;
      } else if (sample.isSame(there)) {
        accepted++;
      } else {
        refusals.add(new Refusal(i, Reason.DUPLICATE_TIMESTAMP));
      }
    }
    return CompletableFuture.completedFuture(new WriteResult(accepted, refusals));
  }

  /// Puts one histogram in, whatever its order.
  public synchronized NaiveStore put(Labels labels, long timestampMillis, Histogram histogram) {
    series
        .computeIfAbsent(labels, absent -> new TreeMap<>())
        .put(timestampMillis, new Sample(0, histogram));
    return this;
  }

  /// Puts one sample in, whatever its order.
  public synchronized NaiveStore put(Labels labels, long timestampMillis, double value) {
    series
        .computeIfAbsent(labels, absent -> new TreeMap<>())
        .put(timestampMillis, new Sample(value, null));
    return this;
  }

  /// Takes away what `range` has of the series that pass all matchers of any of `selectors`.
  public synchronized void delete(List<List<Matcher>> selectors, TimeRange range) {
    series.forEach((labels, all) -> {
      if (selectors.stream().anyMatch(matchers -> passes(labels, matchers))) {
        all.subMap(range.startMillis(), true, range.endMillis(), true).clear();
      }
    });
  }

  @Override
  public synchronized Selection select(
      List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
    var found = new ArrayList<Labels>();
    var samples = new ArrayList<NavigableMap<Long, Sample>>();
    series.forEach((labels, all) -> {
      if (passes(labels, matchers)) {
        var inside = all.subMap(range.startMillis(), true, range.endMillis(), true);
        if (!inside.isEmpty()) {
          found.add(labels);
          samples.add(new TreeMap<>(inside));
        }
      }
    });
    return new NaiveSelection(found, samples);
  }

  @Override
  public synchronized LabelTexts labelNames(
      List<Matcher> matchers, TimeRange range, Allowance allowance) {
    var names = new TreeSet<String>(Labels.UTF8_ORDER);
    try (var selection = select(matchers, range)) {
      for (int i = 0; i < selection.size(); i++) {
        names.addAll(selection.labels(i).toMap().keySet());
      }
    }
    return new LabelTexts(List.copyOf(names), List.of());
  }

  @Override
  public synchronized LabelTexts labelValues(
      String name, List<Matcher> matchers, TimeRange range, Allowance allowance) {
    var values = new TreeSet<String>(Labels.UTF8_ORDER);
    try (var selection = select(matchers, range)) {
      for (int i = 0; i < selection.size(); i++) {
        if (selection.labels(i).has(name)) {
          values.add(selection.labels(i).get(name));
        }
      }
    }
    return new LabelTexts(List.copyOf(values), List.of());
  }

  @Override
  public synchronized CompletableFuture<ExemplarResult> appendExemplars(
      List<SeriesExemplar> batch) {
    int accepted = 0;
    int outOfOrder = 0;
    int tooLong = 0;
    for (SeriesExemplar each : batch) {
      var known = exemplars.computeIfAbsent(byRef.get(each.seriesRef()), absent -> new TreeSet<>());
      if (each.exemplar().labelCharacters() > Exemplar.MAX_LABEL_CHARACTERS) {
        tooLong++;
      } else if (!known.isEmpty() && known.last().compareTo(each.exemplar()) > 0) {
        outOfOrder++;
      } else {
        known.add(each.exemplar());
        accepted++;
      }
    }
    return CompletableFuture.completedFuture(new ExemplarResult(accepted, outOfOrder, tooLong, 0));
  }

  @Override
  public synchronized CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
    int fresh = 0;
    for (Map.Entry<String, MetricMetadata> metric : metrics.entrySet()) {
      fresh += metric.getValue().equals(metadata.put(metric.getKey(), metric.getValue())) ? 0 : 1;
    }
    return CompletableFuture.completedFuture(fresh);
  }

  @Override
  public synchronized List<ExemplarsOfSeries> exemplars(
      List<List<Matcher>> selectors, TimeRange range) {
    var found = new ArrayList<ExemplarsOfSeries>();
    exemplars.forEach((labels, all) -> {
      List<Exemplar> inside =
          all.stream().filter(each -> range.contains(each.timestampMillis())).toList();
      if (!inside.isEmpty() && selectors.stream().anyMatch(each -> passes(labels, each))) {
        found.add(new ExemplarsOfSeries(labels, inside));
      }
    });
    return found;
  }

  @Override
  public synchronized Map<String, MetricMetadata> metadata() {
    return Map.copyOf(metadata);
  }

  /// All samples of the series that pass these matchers, for people to read: labels, time and
  /// value.
  public synchronized List<String> lines(Matcher... matchers) {
    var lines = new ArrayList<String>();
    series.forEach((labels, samples) -> {
      if (passes(labels, List.of(matchers))) {
        samples.forEach((time, sample) -> lines.add("%s %d %s".formatted(labels, time, sample)));
      }
    });
    return lines;
  }

  private static boolean passes(Labels labels, List<Matcher> matchers) {
    return matchers.stream().allMatch(m -> m.matches(labels.get(m.name())));
  }

  private record NaiveSelection(List<Labels> found, List<NavigableMap<Long, Sample>> samples)
      implements Selection {
    @Override
    public int size() {
      return found.size();
    }

    @Override
    public Labels labels(int series) {
      return found.get(series);
    }

    @Override
    public void read(int series, TimeRange range, SampleColumns into) {
      into.clear();
      samples
          .get(series)
          .subMap(range.startMillis(), true, range.endMillis(), true)
          .forEach((time, sample) -> {
            Histogram histogram = sample.histogram;
            if (histogram == null) {
              into.add(time, sample.value);
            } else {
              into.histograms().add(time, histogram);
            }
          });
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
