package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.PageExemplar;
import barograph.ingest.exposition.PageFormat;
import barograph.ingest.hash.KeyedHash;
import barograph.ingest.relabel.RelabelRule;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Classic histograms of text pages that become native ones with custom bounds. What becomes of
/// incomplete ones was seen on Prometheus 3.5.3.
class ConvertedHistogramsTest {
  private static final HistogramWishes CONVERTED = new HistogramWishes(false, true, false, 0, 0);
  private static final HistogramWishes BOTH = new HistogramWishes(false, true, true, 0, 0);

  @Test
  void makesOneNativeHistogramOfTheSeriesOfAClassicOne() throws BadPageException {
    var reader = new Reader(CONVERTED);
    for (int page = 1; page < 4; page++) {
      assertThat(
              reader.read(
                  """
                  a 1
                  # TYPE h histogram
                  h_bucket{x="1",le="0.5"} 1
                  h_bucket{x="1",le="1"} 1
                  h_bucket{x="1",le="2"} 1
                  h_bucket{x="1",le="3"} 1
                  h_bucket{le="4",x="1"} 4
                  h_bucket{x="1",le="+Inf"} 6
                  h_sum{x="1"} 12.5
                  h_count{x="1"} 6
                  h_bucket{x="2",le="1"} 0
                  h_bucket{x="2",le="+Inf"} 0
                  h_sum{x="2"} 0
                  h_count{x="2"} 0
                  # TYPE b gauge
                  b 1
                  """))
          .containsExactly(
              "a 1.0",
              "h{x=\"1\"} 6 of 12.5 [0.5, 1.0, 2.0, 3.0, 4.0] [0+1 3+2]",
              "h{x=\"2\"} 0 of 0.0 [1.0] []",
              "b 1.0");
      assertThat(reader.pages.samplesScraped()).isEqualTo(4);
    }
  }

  @Test
  void keepsTheClassicSeriesWhereTheyAreWantedToo() throws BadPageException {
    var reader = new Reader(BOTH);
    for (int page = 1; page < 4; page++) {
      assertThat(reader.read("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_sum 3\nh_count 5\n"))
          .containsExactly(
              "h_bucket{le=\"1.0\"} 2.0", "h_sum 3.0", "h_count 5.0", "h 5 of 3.0 [1.0] [0+2]");
      assertThat(reader.pages.samplesScraped()).isEqualTo(4);
    }
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "nothing",
      value = {
        "bucket{le='1'} 2;sum 3;count 5                       | 5 of 3.0 [1.0] [0+2]",
        "bucket{le='1'} 2;bucket{le='+Inf'} 7;sum 3           | 7 of 3.0 [1.0] [0+2]",
        "bucket{le='1'} 2;bucket{le='+Inf'} 7;count 7         | 7 of 0.0 [1.0] [0+2]",
        "sum 4;count 9                                        | 9 of 4.0 [] [0+1]",
        "sum 4                                                | 0 of 4.0 [] []",
        "bucket{le='1'} 2;bucket{le='+Inf'} 7;sum 3;count 8   | nothing",
        "bucket{le='1'} 5;bucket{le='2'} 3;count 7            | nothing",
        "bucket{le='+Inf'} 7;bucket{le='2'} 5;bucket{le='1'} 3;count 7"
            + "                                               | 7 of 0.0 [1.0, 2.0] [0+3]",
        "bucket{le='2'} 3;bucket{le='1'} 5;count 7            | nothing",
        "bucket{le='1'} 3;bucket{le='1.0'} 4;count 7          | 7 of 0.0 [1.0] [0+2]",
        "bucket{le='1'} 3.5;bucket{le='2'} 3.5;count 7.25     | 7.25 of 0.0 [1.0, 2.0] [0+1 1+1]",
        "bucket{le='1'} -3;bucket{le='+Inf'} 7;count 7        | nothing",
        "bucket{le='1'} 3;bucket{le='+Inf'} 7;count NaN       | nothing",
        "bucket{le='1'} 3;bucket{le='+Inf'} 7;sum NaN;count 7 | 7 of NaN [1.0] [0+2]",
        "bucket{le='-Inf'} 0;bucket{le='1'} 3;count 3         | nothing",
        "bucket{le='-1'} 1;bucket{le='1'} 3;count 3           | 3 of 0.0 [-1.0, 1.0] [0+2]",
      })
  void takesWhatIsIncompleteAndLeavesWhatContradictsItself(String series, String histogram)
      throws BadPageException {
    var page = new StringBuilder("# TYPE h histogram\n");
    for (String line : series.split(";", -1)) {
      page.append("h_").append(line.replace('\'', '"')).append('\n');
    }
    assertThat(new Reader(CONVERTED).read(page.toString()))
        .isEqualTo(histogram == null ? List.of() : List.of("h " + histogram));
  }

  @Test
  void leavesSeriesAloneThatAreNoPartOfTheFamily() throws BadPageException {
    assertThat(
            new Reader(CONVERTED)
                .read(
                    """
                    u_bucket{le="1"} 1
                    # TYPE s summary
                    s_sum 1
                    # TYPE h histogram
                    h_bucket 1
                    h_bucket{le="x"} 1
                    h_bucket{le="NaN"} 1
                    h_created 1
                    other_count 1
                    hh_count 1
                    h 1
                    """))
        .hasSize(9)
        .allMatch(line -> line.endsWith(" 1.0"));
  }

  @Test
  void goesOnWithTheHistogramBehindSeriesThatAreNoPartOfIt() throws BadPageException {
    assertThat(
            new Reader(CONVERTED)
                .read(
                    """
                    # TYPE h histogram
                    h_bucket{le="1"} 1
                    h_bucket{le="x"} 1
                    # a remark without meaning
                    other 2
                    h_count 3
                    """))
        .containsExactly("h_bucket{le=\"x\"} 1.0", "other 2.0", "h 3 of 0.0 [1.0] [0+2]");
  }

  @Test
  void givesTheHistogramTheTimeAndTheExemplarsOfItsBuckets() throws BadPageException {
    var reader = new Reader(BOTH);
    assertThat(
            reader.readOpenMetrics(
                """
                # TYPE h histogram
                h_bucket{le="1.0"} 1 12 # {t="a"} 0.5 11.5
                h_bucket{le="+Inf"} 2 12 # {t="b"} 5
                h_sum 3 12
                h_count 2 12
                # EOF
                """))
        .containsExactly(
            "h_bucket{le=\"1.0\"} 1.0 @12000",
            "h_bucket{le=\"+Inf\"} 2.0 @12000",
            "h_sum 3.0 @12000",
            "h_count 2.0 @12000",
            "h 2 of 3.0 [1.0] [0+2] @12000 {t=\"a\"}");
  }

  @Test
  void namesTheHistogramLikeAnyOtherSeries() throws BadPageException {
    var rule = RelabelRule.filter(RelabelRule.Action.DROP, List.of(Labels.METRIC_NAME), "h");
    var reader = new Reader(BOTH, List.of(rule), 0);
    for (int page = 0; page < 3; page++) {
      assertThat(reader.read("# TYPE h histogram\nh_count 1\nh_sum 2\n"))
          .containsExactly("h_count 1.0", "h_sum 2.0");
      assertThat(reader.pages.samplesScraped()).isEqualTo(3);
      assertThat(reader.pages.samplesKept()).isEqualTo(2);
    }
  }

  @Test
  void countsAHistogramAsOneSampleAgainstTheLimit() throws BadPageException {
    var reader = new Reader(CONVERTED, List.of(), 1);
    String one = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 1\n";
    assertThat(reader.read(one)).hasSize(1);
    assertThatThrownBy(() -> reader.read(one + "h_count{x=\"2\"} 1\n"))
        .hasMessage("sample limit exceeded");
    assertThat(reader.read(one)).hasSize(1);
  }

  @Test
  void refusesAPageWhoseHistogramHasTooManyBuckets() throws BadPageException {
    var reader = new Reader(new HistogramWishes(false, true, false, 2, 0));
    assertThat(reader.read("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 2\n")).hasSize(1);
    assertThatThrownBy(() ->
            reader.read(
                "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 2\nh_count 3\n"))
        .hasMessage("histogram bucket limit exceeded");
  }

  @Test
  void noticesThatAMetricHasBecomeAHistogram() throws BadPageException {
    var reader = new Reader(CONVERTED);
    reader.read("# TYPE h counter\nh_count 1\n");
    assertThat(reader.pages.typesChanged()).isFalse();
    reader.read("# TYPE h histogram\nh_count 1\n");
    assertThat(reader.pages.typesChanged()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void readsAPageTheSameWhetherItsLinesAreKnownOrNot(long seed) throws BadPageException {
    var random = new Random(seed);
    var wishes = random.nextBoolean() ? CONVERTED : BOTH;
    var remembering = new Reader(wishes);
    List<String> families = new ArrayList<>();
    for (int page = 0; page < 80; page++) {
      for (int i = random.nextInt(4); i > 0; i--) {
        families.add(
            random.nextInt(families.size() + 1),
            "f" + random.nextInt(8) + " " + random.nextInt(60));
      }
      for (int i = random.nextInt(4); i > 0 && !families.isEmpty(); i--) {
        families.remove(random.nextInt(families.size()));
      }
      var text = new StringBuilder();
      for (String family : families) {
        addHistogram(text, family.split(" ", -1), random);
      }
      if (random.nextInt(5) == 0) {
        assertThatThrownBy(() -> remembering.read(text + "new_count{x=\"1\"} 1\nbroken\n"))
            .isInstanceOf(BadPageException.class);
      }
      assertThat(remembering.read(text.toString()))
          .isEqualTo(new Reader(wishes).read(text.toString()));
    }
  }

  private static void addHistogram(StringBuilder text, String[] nameAndLabel, Random random) {
    String name = nameAndLabel[0];
    String label = "x=\"" + nameAndLabel[1] + "\"";
    text.append("# TYPE ").append(name).append(" histogram\n");
    int count = 0;
    for (int bucket = 1; bucket < 5; bucket++) {
      count += random.nextInt(3);
      text.append("%s_bucket{%s,le=\"%d\"} %d\n".formatted(name, label, bucket, count));
    }
    text.append("%s_sum{%s} %d\n".formatted(name, label, random.nextInt(100)));
    text.append("%s_count{%s} %d\n".formatted(name, label, count));
  }

  /// A page reader with as much of a store as it takes to see what it read.
  private static final class Reader {
    final PageReader pages;
    private final SeriesTable table = new SeriesTable();
    private final PageSamples samples = new PageSamples();
    private final Map<Labels, Integer> refs = new HashMap<>();
    private final List<Labels> names = new ArrayList<>();

    Reader(HistogramWishes wishes) {
      this(wishes, List.of(), 0);
    }

    Reader(HistogramWishes wishes, List<RelabelRule> rules, int sampleLimit) {
      pages =
          new PageReader(
              new SeriesNaming(
                  Labels.EMPTY,
                  new ScrapeConfig.Labelling(false, true, false, false, List.of(), rules),
                  ScrapeLimits.NONE),
              ScrapeConfig.Labelling.DEFAULT,
              sampleLimit,
              wishes,
              new MetricMetadata(),
              new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    List<String> read(String page) throws BadPageException {
      return read(PageFormat.TEXT, page);
    }

    List<String> readOpenMetrics(String page) throws BadPageException {
      return read(PageFormat.OPEN_METRICS, page);
    }

    private List<String> read(PageFormat format, String page) throws BadPageException {
      byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
      int visit = table.beginVisit();
      int firstNew = table.size();
      pages.read(format, bytes, bytes.length, visit, firstNew, samples);
      var numbers = new int[pages.newSeries().size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = table.number(ref(pages.newSeries().get(i)));
      }
      pages.adopt(firstNew, numbers);
      var read = new ArrayList<String>();
      for (int i = 0; i < samples.size; i++) {
        int number = samples.series[i];
        read.add(line(i, number >= firstNew ? numbers[number - firstNew] : number));
      }
      if (pages.untidy() || visit % 7 == 0) {
        pages.tidy(visit - 1, table);
      }
      return read;
    }

    private int ref(Labels labels) {
      return refs.computeIfAbsent(
          labels,
          added -> {
            names.add(added);
            return names.size() - 1;
          });
    }

    private String line(int sample, int number) {
      Labels labels = names.get(table.ref(number));
      Histogram histogram = samples.histogram(sample);
      var text = new StringBuilder(labels.metricName());
      text.append(labels.size() == 1 ? "" : labels.without(Labels.METRIC_NAME)).append(' ');
      text.append(histogram == null ? samples.values[sample] : text(histogram));
      if (samples.timestamped[sample]) {
        text.append(" @").append(samples.timestamps[sample]);
      }
      for (var found : samples.exemplars) {
        if (found.series() == samples.series[sample]) {
          PageExemplar exemplar = found.exemplar();
          text.append(' ').append(exemplar.labels());
        }
      }
      return text.toString();
    }

    private static String text(Histogram histogram) {
      var layout = histogram.layout();
      var bounds = new ArrayList<Double>();
      for (int i = 0; i < layout.customBounds(); i++) {
        bounds.add(layout.customBound(i));
      }
      String count =
          histogram.isInteger()
              ? Long.toString(histogram.rawCount())
              : Double.toString(histogram.count());
      return "%s of %s %s %s".formatted(count, histogram.sum(), bounds, layout.positive());
    }
  }
}
