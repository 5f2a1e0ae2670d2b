package barograph.alerting.ruletest;

import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.StoredHistograms;
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
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The samples of one test, in memory: at any time in the past or future, as many as fit.
///
/// A real store judges samples by the clock and keeps them on disk; a test begins in 1970 and keeps
/// nothing. One thread writes and reads at a time.
final class SampleTable implements Appender, Reader {
  private final TreeMap<Labels, Column> series = new TreeMap<>();
  private final Map<Labels, Integer> numbers = new HashMap<>();
  private final List<Column> columns = new ArrayList<>();

  /// The samples of one series.
  private static final class Column {
    final Labels labels;
    private long[] times = new long[16];
    private double[] values = new double[16];
    private @Nullable Histogram[] histograms = new @Nullable Histogram[16];
    private int size;
    private final StoredHistograms forms = new StoredHistograms();
    private @Nullable NativeHistogram lastShape;

    Column(Labels labels) {
      this.labels = labels;
    }

    /// Takes a sample that is later than all others.
    void add(long time, double value, @Nullable Histogram histogram) {
      if (size == times.length) {
        times = Arrays.copyOf(times, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
        histograms = Arrays.copyOf(histograms, 2 * size);
      }
      times[size] = time;
      values[size] = value;
      histograms[size++] = histogram == null ? null : asStored(histogram);
    }

    /// What a store makes of it, which compares each histogram with the one before and believes its
    /// own eyes: counting went on if nothing fell.
    private Histogram asStored(Histogram histogram) {
      var next = forms.of(histogram);
      var before = lastShape;
      if (!next.isGauge()) {
        var unbiased = next.withCounterReset(CounterReset.UNKNOWN);
        boolean goesOn =
            before != null
                && !before.isGauge()
                && next.counterReset() != CounterReset.RESET
                && next.hasScaleOf(before)
                && !unbiased.wasResetSince(before);
        next = goesOn ? next.withCounterReset(CounterReset.NOT_RESET) : unbiased;
      }
      lastShape = next;
      return StoredHistograms.toStored(next);
    }

    boolean isIn(TimeRange range) {
      int at = from(range.startMillis());
      return at < size && times[at] <= range.endMillis();
    }

    /// Where the samples from `time` on begin.
    int from(long time) {
      int found = Arrays.binarySearch(times, 0, size, time);
      return found < 0 ? -found - 1 : found;
    }
  }

  @Override
  public int seriesFor(Labels labels, String target) {
    return numbers.computeIfAbsent(
        labels,
        absent -> {
          var column = new Column(absent);
          series.put(absent, column);
          columns.add(column);
          return columns.size() - 1;
        });
  }

  @Override
  public CompletableFuture<WriteResult> append(SampleBatch batch) {
    var refusals = new ArrayList<Refusal>();
    for (int i = 0; i < batch.size(); i++) {
      var column = columns.get(batch.series(i));
      long time = batch.timestampMillis(i);
      long last = column.size == 0 ? Long.MIN_VALUE : column.times[column.size - 1];
      if (time > last) {
        column.add(time, batch.value(i), batch.histogram(i));
      } else if (time < last) {
        refusals.add(new Refusal(i, Reason.OUT_OF_ORDER));
      } else if (Double.doubleToRawLongBits(batch.value(i))
          != Double.doubleToRawLongBits(column.values[column.size - 1])) {
        refusals.add(new Refusal(i, Reason.DUPLICATE_TIMESTAMP));
      }
    }
    return CompletableFuture.completedFuture(
        new WriteResult(batch.size() - refusals.size(), refusals));
  }

  @Override
  public Selection select(
      List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
    var found =
        series.values().stream()
            .filter(column -> passes(column.labels, matchers) && column.isIn(range))
            .toList();
    return new Found(found);
  }

  private static boolean passes(Labels labels, List<Matcher> matchers) {
    for (var matcher : matchers) {
      if (!matcher.matches(labels.get(matcher.name()))) {
        return false;
      }
    }
    return true;
  }

  private record Found(List<Column> columns) implements Selection {
    @Override
    public int size() {
      return columns.size();
    }

    @Override
    public Labels labels(int series) {
      return columns.get(series).labels;
    }

    @Override
    public void read(int series, TimeRange range, SampleColumns into) {
      into.clear();
      var column = columns.get(series);
      for (int i = column.from(range.startMillis());
          i < column.size && column.times[i] <= range.endMillis();
          i++) {
        @Nullable Histogram histogram = column.histograms[i];
        if (histogram == null) {
          into.add(column.times[i], column.values[i]);
        } else {
          into.histograms().add(column.times[i], histogram);
        }
      }
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  @Override
  public LabelTexts labelNames(List<Matcher> matchers, TimeRange range, Allowance allowance) {
    var names = new TreeSet<String>(Labels.UTF8_ORDER);
    try (var selection = select(matchers, range)) {
      for (int i = 0; i < selection.size(); i++) {
        names.addAll(selection.labels(i).toMap().keySet());
      }
    }
    return new LabelTexts(List.copyOf(names), List.of());
  }

  @Override
  public LabelTexts labelValues(
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
  public CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
    throw new UnsupportedOperationException("rules write no exemplars");
  }

  @Override
  public CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
    throw new UnsupportedOperationException("rules write no metadata");
  }

  @Override
  public List<ExemplarsOfSeries> exemplars(List<List<Matcher>> selectors, TimeRange range) {
    return List.of();
  }

  @Override
  public Map<String, MetricMetadata> metadata() {
    return Map.of();
  }
}
