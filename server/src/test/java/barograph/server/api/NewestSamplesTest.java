package barograph.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import barograph.storage.ExemplarsOfSeries;
import barograph.storage.LabelTexts;
import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewestSamplesTest {
  private static final TimeRange RANGE = new TimeRange(11, 20);

  private final Table table = new Table();

  /// Samples by series; one without a value is a native histogram.
  private static final class Table implements Reader {
    final TreeMap<Labels, TreeMap<Long, @Nullable Double>> rows = new TreeMap<>();
    int open;

    void add(Labels series, long timeMillis, @Nullable Double value) {
      rows.computeIfAbsent(series, absent -> new TreeMap<>()).put(timeMillis, value);
    }

    @Override
    public Selection select(
        List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
      var found =
          rows.keySet().stream()
              .filter(labels -> matchers.stream().allMatch(m -> m.matches(labels.get(m.name()))))
              .toList();
      open++;
      return new Selection() {
        @Override
        public int size() {
          return found.size();
        }

        @Override
        public Labels labels(int series) {
          return found.get(series);
        }

        @Override
        public void read(int series, TimeRange wanted, SampleColumns into) {
          into.clear();
          rows.getOrDefault(found.get(series), new TreeMap<>())
              .forEach((time, value) -> {
                if (wanted.contains(time) && value == null) {
                  into.histograms().add(time, Histogram.STALE);
                } else if (wanted.contains(time) && value != null) {
                  into.add(time, value);
                }
              });
        }

        @Override
        public List<String> warnings() {
          return List.of("a page is damaged");
        }

        @Override
        public void close() {
          open--;
        }
      };
    }

    @Override
    public LabelTexts labelNames(List<Matcher> matchers, TimeRange range, Allowance allowance) {
      throw new AssertionError("nobody asks for names");
    }

    @Override
    public LabelTexts labelValues(
        String name, List<Matcher> matchers, TimeRange range, Allowance allowance) {
      throw new AssertionError("nobody asks for values");
    }

    @Override
    public List<ExemplarsOfSeries> exemplars(List<List<Matcher>> selectors, TimeRange range) {
      throw new AssertionError("nobody asks for exemplars");
    }

    @Override
    public Map<String, MetricMetadata> metadata() {
      throw new AssertionError("nobody asks for metadata");
    }
  }

  private List<String> newest(List<List<Matcher>> selectors) {
    var lines = new ArrayList<String>();
    try (var newest = NewestSamples.select(table, selectors, RANGE, Allowance.UNLIMITED)) {
      newest.forEachByName(
          (name, labels, time, value) -> lines.add("%s %s %s".formatted(labels, time, value)));
    }
    assertThat(table.open).isZero();
    return lines;
  }

  @Test
  void whatEndedIsOldHasNoNameOrIsAHistogramIsLeftOut() {
    table.add(Labels.of("__name__", "told"), 11, 1.0);
    table.add(Labels.of("__name__", "told"), 20, 2.0);
    table.add(Labels.of("__name__", "told"), 21, 3.0);
    table.add(Labels.of("__name__", "ended"), 15, 1.0);
    table.add(Labels.of("__name__", "ended"), 16, Staleness.MARKER);
    table.add(Labels.of("__name__", "old"), 10, 1.0);
    table.add(Labels.of("no", "name"), 15, 1.0);
    table.add(Labels.of("__name__", "became_histogram"), 15, 1.0);
    table.add(Labels.of("__name__", "became_histogram"), 16, null);
    table.add(Labels.of("__name__", "was_histogram"), 15, null);
    table.add(Labels.of("__name__", "was_histogram"), 16, 1.0);
    assertThat(newest(List.of(List.of()))).containsExactly("told 20 2.0", "was_histogram 16 1.0");
  }

  @Test
  void familiesStayTogetherWhereALabelSortsBeforeTheName() {
    for (String name : new String[] {"b", "a"}) {
      table.add(Labels.of("__name__", name), 15, 1.0);
      table.add(Labels.of("__name__", name, "Up", name), 15, 2.0);
    }
    assertThat(newest(List.of(List.of())))
        .containsExactly("a{Up=\"a\"} 15 2.0", "a 15 1.0", "b{Up=\"b\"} 15 2.0", "b 15 1.0");
  }

  @Test
  void reasonsForMissingSamplesAreToldOnce() {
    List<List<Matcher>> twice = List.of(List.of(), List.of());
    try (var newest = NewestSamples.select(table, twice, RANGE, Allowance.UNLIMITED)) {
      assertThat(newest.warnings()).containsExactly("a page is damaged");
    }
  }

  @Test
  void nothingStaysOpenIfThereIsNoMemoryForIt() {
    table.add(Labels.of("__name__", "m"), 15, 1.0);
    Allowance none =
        bytes -> {
          throw new IllegalStateException("no memory");
        };
    assertThatIllegalStateException()
        .isThrownBy(() -> NewestSamples.select(table, List.of(List.of(), List.of()), RANGE, none));
    assertThat(table.open).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void severalSelectorsFindWhatAnyOfThemDoesAndItOnce(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      var labels =
          Labels.of(
              Map.of(
                  "__name__", "m" + random.nextInt(5),
                  "A", random.nextBoolean() ? "" : "a" + random.nextInt(4),
                  "k", "v" + random.nextInt(6)));
      table.add(labels, 5 + random.nextInt(20), (double) i);
    }
    var selectors = new ArrayList<List<Matcher>>();
    for (int i = 0; i < 2 + random.nextInt(4); i++) {
      selectors.add(
          random.nextBoolean()
              ? List.of(Matcher.equal("k", "v" + random.nextInt(6)))
              : List.of(new Matcher(Matcher.Type.REGEX, "A", "a[0-" + random.nextInt(4) + "]")));
    }
    var expected = new ArrayList<String>();
    table.rows.entrySet().stream()
        .filter(row ->
            selectors.stream()
                .anyMatch(all -> all.stream().allMatch(m -> m.matches(row.getKey().get(m.name())))))
        .sorted(Comparator.comparing(row -> row.getKey().metricName()))
        .forEach(row -> {
          var inside = row.getValue().subMap(RANGE.startMillis(), true, RANGE.endMillis(), true);
          if (!inside.isEmpty()) {
            var last = inside.lastEntry();
            expected.add("%s %s %s".formatted(row.getKey(), last.getKey(), last.getValue()));
          }
        });
    assertThat(newest(selectors)).isNotEmpty().isEqualTo(expected);
  }
}
