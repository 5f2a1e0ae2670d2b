package barograph.storage.block;

import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.RandomHistograms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Series made for the occasion, as a source and as the truth.
final class RandomSeries implements BlockSource {
  private final List<Labels> labels = new ArrayList<>();
  private final List<String> targets = new ArrayList<>();
  private final Map<Labels, Integer> numbers = new HashMap<>();
  private final List<SampleColumns> columns = new ArrayList<>();

  /// Targets with shared times, now and then a missed scrape, a late series, times of its own;
  /// counters, gauges, constants, noise, histograms.
  static RandomSeries fleet(Random random) {
    var fleet = new RandomSeries();
    for (int target = 0; target < 4; target++) {
      int rows = random.nextInt(10) < 3 ? 1 + random.nextInt(5) : 200 + random.nextInt(2500);
      long start = 1_790_000_000_000L + random.nextInt(60_000);
      for (int metric = 0; metric < 12; metric++) {
        var series =
            Labels.of(
                "__name__", "m" + metric,
                "job", random.nextBoolean() ? "a" : "b",
                "instance", "i" + target);
        fleet.fill(random, series, "t" + target, start, rows);
      }
      fleet.fillHistogram(random, "i" + target, start, rows);
    }
    return fleet;
  }

  private void fill(Random random, Labels series, String target, long start, int rows) {
    int shape = random.nextInt(7);
    int times = random.nextInt(8);
    double value = random.nextInt(1000);
    int from = times == 0 ? random.nextInt(rows) : 0;
    for (int row = from; row < rows; row++) {
      if ((times == 1 && random.nextInt(30) == 0) || (times == 2 && row % 5 != 0)) {
        continue;
      }
      value =
          switch (shape) {
            case 0 -> value;
            case 1 -> value + random.nextInt(100);
            case 2 -> random.nextInt(1000) / 10.0;
            case 3 -> random.nextGaussian();
            case 4 -> Double.longBitsToDouble(random.nextLong());
            case 5 -> random.nextInt(100) == 0 ? random.nextInt(5) : value;
            default -> random.nextInt(50) == 0 ? Staleness.MARKER : random.nextInt(8);
          };
      long jitter = times == 3 ? random.nextInt(500) : (row * 7919L) % 17;
      add(series, target, start + 1000L * row + jitter, value);
    }
    if (times == 0 && from == 0) {
      add(series, target, start - 5000, 1);
    }
  }

  private void fillHistogram(Random random, String instance, long start, int rows) {
    var bounds = List.of("0.1", "0.5", "1", "2.5", "5", "10", "25", "50", "100", "250", "+Inf");
    var counts = new long[bounds.size()];
    for (int row = 0; row < rows; row++) {
      for (int hit = random.nextInt(5); hit > 0; hit--) {
        for (int i = random.nextInt(counts.length); i < counts.length; i++) {
          counts[i]++;
        }
      }
      for (int i = 0; i < counts.length; i++) {
        var bucket = Labels.of("__name__", "h_bucket", "instance", instance, "le", bounds.get(i));
        add(bucket, "h" + instance, start + 1000L * row, (double) counts[i]);
      }
      var count = Labels.of("__name__", "h_count", "instance", instance);
      add(count, "h" + instance, start + 1000L * row, (double) counts[counts.length - 1]);
    }
  }

  /// The same with series that have native histograms, alone or among floats.
  static RandomSeries fleetWithHistograms(Random random) {
    RandomSeries fleet = fleet(random);
    for (int i = 0; i < 25; i++) {
      var histograms = new RandomHistograms(random);
      boolean mixed = i % 3 == 0;
      var series =
          i % 5 == 0 && mixed
              ? fleet.labels.get(random.nextInt(fleet.labels.size()))
              : Labels.of("__name__", "m" + i % 12, "job", "a", "instance", "n" + i);
      int number = fleet.number(series, "t" + i % 4);
      SampleColumns samples = fleet.columns.get(number);
      long time = samples.isEmpty() ? 1_790_000_000_000L : samples.lastTime();
      for (int row = 1 + random.nextInt(i < 3 ? 2_500 : 120); row > 0; row--) {
        time += 900 + random.nextInt(200);
        if (mixed && random.nextInt(3) == 0) {
          samples.add(time, random.nextInt(9));
        } else {
          samples.histograms().add(time, histograms.next());
        }
      }
    }
    return fleet;
  }

  void add(Labels series, String target, long time, double value) {
    SampleColumns samples = columns.get(number(series, target));
    if (samples.size() == 0 || samples.timestamps()[samples.size() - 1] < time) {
      samples.add(time, value);
    }
  }

  private int number(Labels series, String target) {
    return numbers.computeIfAbsent(
        series,
        absent -> {
          labels.add(absent);
          targets.add(target);
          columns.add(new SampleColumns());
          return labels.size() - 1;
        });
  }

  long sampleCount() {
    return columns.stream().mapToLong(each -> each.size() + each.histogramCount()).sum();
  }

  NaiveStore naive() {
    var naive = new NaiveStore();
    for (int i = 0; i < labels.size(); i++) {
      SampleColumns samples = columns.get(i);
      for (int s = 0; s < samples.size(); s++) {
        naive.put(labels.get(i), samples.timestamps()[s], samples.values()[s]);
      }
      for (int s = 0; s < samples.histogramCount(); s++) {
        HistogramColumns histograms = samples.histograms();
        naive.put(labels.get(i), histograms.timestamps()[s], histograms.histogram(s));
      }
    }
    return naive;
  }

  Map<Labels, SampleColumns> samples() {
    var all = new HashMap<Labels, SampleColumns>();
    for (int i = 0; i < labels.size(); i++) {
      all.put(labels.get(i), columns.get(i));
    }
    return all;
  }

  @Override
  public int seriesCount() {
    return labels.size();
  }

  @Override
  public Labels labels(int series) {
    return labels.get(series);
  }

  @Override
  public String target(int series) {
    return targets.get(series);
  }

  @Override
  public void read(int series, SampleColumns into) {
    into.clear();
    SampleColumns samples = columns.get(series);
    for (int s = 0; s < samples.size(); s++) {
      into.add(samples.timestamps()[s], samples.values()[s]);
    }
    for (int s = 0; s < samples.histogramCount(); s++) {
      HistogramColumns histograms = samples.histograms();
      into.histograms().add(histograms.timestamps()[s], histograms.histogram(s));
    }
  }
}
