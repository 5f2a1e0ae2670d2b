package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.PageFormat;
import barograph.ingest.hash.KeyedHash;
import barograph.ingest.relabel.RelabelRule;
import barograph.storage.model.Labels;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageReaderTest {
  private static final Labels TARGET = Labels.of("job", "j", "instance", "i:1");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void readsAPageTheSameWhetherItsLinesAreKnownOrNot(long seed) throws BadPageException {
    var random = new Random(seed);
    var remembering = new Reader();
    List<String> lines = new ArrayList<>();
    for (int page = 0; page < 60; page++) {
      change(lines, random);
      var text = new StringBuilder();
      for (String line : lines) {
        text.append(line.startsWith("#") ? line : line + " " + random.nextInt(1000)).append('\n');
      }
      assertThat(remembering.read(text.toString())).isEqualTo(new Reader().read(text.toString()));
    }
  }

  @Test
  void forgetsWhatABadPageBrought() throws BadPageException {
    var reader = new Reader();
    reader.read("a 1\n");
    assertThatThrownBy(() -> reader.read("b 1\na 1\nbroken\n"))
        .isInstanceOf(BadPageException.class);
    assertThat(reader.read("a 2\nb 3\n"))
        .containsExactly(
            "a{instance=\"i:1\", job=\"j\"} 2.0", "b{instance=\"i:1\", job=\"j\"} 3.0");
  }

  @Test
  void keepsNoLabelsOfNewSeriesOnceTheyAreKnown() throws BadPageException {
    var reader = new Reader();
    assertThat(reader.read("a 1\nb 2\n")).hasSize(2);
    assertThat(reader.pages.newSeries()).isEmpty();
  }

  @Test
  void doesNotTakeALongerNameOrLabelsForAKnownBareName() throws BadPageException {
    var reader = new Reader();
    reader.read("a 1\n");
    assertThat(reader.read("ab 1\n")).containsExactly("ab{instance=\"i:1\", job=\"j\"} 1.0");
    assertThat(reader.read("a {x=\"1\"} 1\n"))
        .containsExactly("a{instance=\"i:1\", job=\"j\", x=\"1\"} 1.0");
    assertThat(reader.read("a{x=\"1\"}2\n"))
        .containsExactly("a{instance=\"i:1\", job=\"j\", x=\"1\"} 2.0");
    assertThat(reader.read("a{x=\"1\"}3\n"))
        .containsExactly("a{instance=\"i:1\", job=\"j\", x=\"1\"} 3.0");
  }

  @Test
  void writesBucketBoundsAndQuantilesInOneWayUnderTheirType() throws BadPageException {
    assertThat(
            new Reader()
                .read(
                    """
                    raw_bucket{le="1"} 1
                    # TYPE h histogram
                    h_bucket{le="1"} 1
                    h_bucket{le="1000000"} 1
                    h_bucket{le="100000"} 1
                    h_bucket{le="0.00001"} 1
                    h_bucket{le="2.50"} 1
                    h_bucket{le="+Inf"} 1
                    # TYPE s summary
                    s{quantile="0"} 1
                    s{quantile="x"} 1
                    s{le="1"} 1
                    """))
        .extracting(line -> line.replaceAll(".*(?:le|quantile)=\"([^\"]*)\".*", "$1"))
        .containsExactly("1", "1.0", "1e+06", "100000.0", "1e-05", "2.5", "+Inf", "0.0", "x", "1");
  }

  @Test
  void movesConflictingLabelsAside() throws BadPageException {
    assertThat(new Reader().read("a{job=\"x\",exported_job=\"y\",instance=\"\"} 1\n"))
        .containsExactly(
            "a{exported_exported_job=\"x\", exported_job=\"y\", instance=\"i:1\", job=\"j\"} 1.0");
    assertThat(
            new Reader(true, List.of(), ScrapeLimits.NONE).read("a{job=\"x\",instance=\"\"} 1\n"))
        .containsExactly("a{job=\"x\"} 1.0");
  }

  @Test
  void appliesMetricRules() throws BadPageException {
    var reader =
        new Reader(
            false,
            List.of(
                RelabelRule.filter(
                    RelabelRule.Action.DROP, List.of(Labels.METRIC_NAME), "secret_.*")),
            ScrapeLimits.NONE);
    for (int i = 0; i < 3; i++) {
      assertThat(reader.read("secret_a 1\npublic 2\n"))
          .containsExactly("public{instance=\"i:1\", job=\"j\"} 2.0");
      assertThat(reader.pages.samplesScraped()).isEqualTo(2);
      assertThat(reader.pages.samplesKept()).isEqualTo(1);
    }
  }

  @Test
  void refusesWhatBreaksItsLimits() {
    assertRefused(
        limits(2, 0, 0, 0),
        "a 1\n",
        "label_limit exceeded (metric: a, number of labels: 3, limit: 2)");
    assertRefused(
        limits(0, 8, 0, 0),
        "a{very_long_name=\"1\"} 1\n",
        "label_name_length_limit exceeded (metric: a, label name: very_long_name, length: 14,"
            + " limit: 8)");
    assertRefused(
        limits(0, 0, 3, 0),
        "a{x=\"äää\"} 1\n",
        "label_value_length_limit exceeded (metric: a, label name: x, value: äää, length: 6, limit:"
            + " 3)");
    assertRefused(limits(0, 0, 0, 2), "a 1\nb 1\nc 1\n", "sample limit exceeded");
    assertRefused(
        ScrapeLimits.NONE,
        "a{x=\"1\",x=\"2\"} 1\n",
        "label name \"x\" is not unique: invalid sample");
    assertRefused(ScrapeLimits.NONE, "# TYPE a thing\n", "invalid metric type \"thing\"");
  }

  @Test
  void countsAPageThatExceedsItsSampleLimitToTheEnd() {
    var reader = new Reader(false, List.of(), limits(0, 0, 0, 1));
    assertThatThrownBy(() -> reader.read("a 1\nb 1\nc 1\n")).hasMessage("sample limit exceeded");
    assertThat(reader.pages.samplesScraped()).isEqualTo(3);
  }

  @Test
  void remembersNoMoreThanPagesHaveLately() throws BadPageException {
    var reader = new Reader();
    for (int i = 0; i < 5000; i++) {
      reader.read("a{x=\"%d\"} 1\n".formatted(i));
    }
    assertThat(reader.table.size()).isLessThan(1000);
  }

  @Test
  void readsAnUnchangedPageWithoutMakingAnyObject() throws BadPageException {
    var text = new StringBuilder("# TYPE m gauge\n");
    for (int i = 0; i < 20_000; i++) {
      text.append("m{x=\"%d\"} 0.%d\n".formatted(i, i * 7919L));
    }
    byte[] page = text.toString().getBytes(StandardCharsets.UTF_8);
    var reader = new Reader();
    reader.read(text.toString());
    reader.pages.read(PageFormat.TEXT, page, page.length, 2, reader.table.size(), reader.samples);
    long before = allocatedBytes();
    reader.pages.read(PageFormat.TEXT, page, page.length, 3, reader.table.size(), reader.samples);
    assertThat(allocatedBytes() - before).isLessThan(20_000);
    assertThat(reader.samples.size).isEqualTo(20_000);
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static ScrapeLimits limits(int labels, int nameBytes, int valueBytes, int samples) {
    return new ScrapeLimits(0, samples, labels, nameBytes, valueBytes, 0, 0, false);
  }

  private static void assertRefused(ScrapeLimits limits, String page, String message) {
    assertThatThrownBy(() -> new Reader(false, List.of(), limits).read(page))
        .isInstanceOf(BadPageException.class)
        .hasMessage(message);
  }

  /// Adds, removes and moves some lines, or leaves them alone.
  private static void change(List<String> lines, Random random) {
    if (random.nextInt(3) == 0) {
      return;
    }
    for (int i = random.nextInt(8); i > 0; i--) {
      String metric = "m" + random.nextInt(6);
      String line =
          switch (random.nextInt(5)) {
            case 0 -> "# TYPE " + metric + " histogram";
            case 1 -> "# HELP " + metric + " text " + random.nextInt(3);
            case 2 -> "# remark " + random.nextInt(5);
            case 3 -> metric;
            default -> metric + "{x=\"" + random.nextInt(40) + "\"}";
          };
      lines.add(random.nextInt(lines.size() + 1), line);
    }
    for (int i = random.nextInt(6); i > 0 && !lines.isEmpty(); i--) {
      lines.remove(random.nextInt(lines.size()));
    }
    if (random.nextInt(10) == 0) {
      Collections.shuffle(lines, random);
    }
  }

  /// A page reader with as much of a store as it takes to see what it read.
  private static final class Reader {
    final PageReader pages;
    final SeriesTable table = new SeriesTable();
    private final PageSamples samples = new PageSamples();
    private final Map<Labels, Integer> refs = new HashMap<>();
    private final List<Labels> names = new ArrayList<>();

    Reader() {
      this(false, List.of(), ScrapeLimits.NONE);
    }

    Reader(boolean honorLabels, List<RelabelRule> rules, ScrapeLimits limits) {
      pages =
          new PageReader(
              new SeriesNaming(
                  TARGET,
                  new ScrapeConfig.Labelling(honorLabels, true, false, false, List.of(), rules),
                  limits),
              ScrapeConfig.Labelling.DEFAULT,
              limits.samples(),
              HistogramWishes.CLASSIC,
              new MetricMetadata(),
              new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    List<String> read(String page) throws BadPageException {
      byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
      int visit = table.beginVisit();
      int firstNew = table.size();
      pages.read(PageFormat.TEXT, bytes, bytes.length, visit, firstNew, samples);
      var numbers = new int[pages.newSeries().size()];
      for (int i = 0; i < numbers.length; i++) {
        Labels labels = pages.newSeries().get(i);
        numbers[i] =
            table.number(
                refs.computeIfAbsent(
                    labels,
                    added -> {
                      names.add(added);
                      return names.size() - 1;
                    }));
      }
      pages.adopt(firstNew, numbers);
      var read = new ArrayList<String>();
      for (int i = 0; i < samples.size; i++) {
        int number = samples.series[i];
        number = number >= firstNew ? numbers[number - firstNew] : number;
        read.add(names.get(table.ref(number)) + " " + samples.values[i]);
      }
      if (pages.untidy()) {
        pages.tidy(visit - 1, table);
      }
      return read;
    }
  }
}
