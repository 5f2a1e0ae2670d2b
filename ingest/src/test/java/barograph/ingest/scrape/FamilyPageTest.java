package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.PageFormat;
import barograph.ingest.hash.KeyedHash;
import barograph.ingest.wire.ProtoWriter;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages of `MetricFamily` messages, read as a scrape reads them.
class FamilyPageTest {
  private static final HistogramWishes NATIVE = new HistogramWishes(true, false, false, 0, 0);
  private static final HistogramWishes BOTH = new HistogramWishes(true, false, true, 0, 0);

  @Test
  void takesFamiliesApartIntoSeries() throws BadPageException {
    var page =
        new ProtoWriter()
            .delimited(
                family("a_total", 0)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(1, label("l", "\u00e9\""))
                            .message(
                                3, new ProtoWriter().number(1, 7).message(2, exemplar("x", 0.5)))))
            .delimited(
                family("g", 1)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(2, new ProtoWriter().number(1, -1.5))
                            .varint(6, 1234)))
            .delimited(
                family("u", 3)
                    .message(4, new ProtoWriter().message(5, new ProtoWriter().number(1, 3))))
            .delimited(
                family("s", 2)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(
                                4,
                                new ProtoWriter()
                                    .varint(1, 9)
                                    .number(2, 4.5)
                                    .message(
                                        3, new ProtoWriter().number(1, 0.5).number(2, 1.25)))));

    assertThat(new Reader(HistogramWishes.CLASSIC).read(page.toBytes()))
        .containsExactly(
            "a_total{l=\"\u00e9\\\"\"} 7.0 [{trace=\"x\"} 0.5 @null]",
            "g -1.5 @1234",
            "u 3.0",
            "s_count 9.0",
            "s_sum 4.5",
            "s{quantile=\"0.5\"} 1.25");
  }

  @Test
  void takesAHistogramAsItIsWanted() throws BadPageException {
    byte[] page = new ProtoWriter().delimited(nativeHistogram()).toBytes();
    String[] classic = {
      "h_count 5.0",
      "h_sum 12.5",
      "h_bucket{le=\"1.0\"} 2.0 [{trace=\"b\"} 0.9 @null]",
      "h_bucket{le=\"+Inf\"} 5.0"
    };
    String natively =
        "h {count 5 sum 12.5 (4029000000000000) zero 1 buckets 1 2 1; schema 3 zero 1.0E-5"
            + " positive [0+2 1+1] negative [], UNKNOWN} [{trace=\"n\"} 2.0 @1500]";
    assertThat(new Reader(HistogramWishes.CLASSIC).read(page)).containsExactly(classic);
    assertThat(new Reader(NATIVE).read(page)).containsExactly(natively);
    assertThat(new Reader(BOTH).read(page)).startsWith(natively).endsWith(classic);
    assertThat(new Reader(new HistogramWishes(true, false, false, 2, 0)).read(page).getFirst())
        .contains("schema 1 ");
    assertThat(new Reader(new HistogramWishes(true, false, false, 0, 1.9)).read(page).getFirst())
        .contains("schema 0 ");
  }

  @Test
  void makesANativeHistogramOfClassicBucketsWhereThatIsWanted() throws BadPageException {
    byte[] page =
        new ProtoWriter()
            .delimited(classicHistogram("h", 4))
            .delimited(classicHistogram("g", 5))
            .delimited(
                family("bad", 4)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(
                                7,
                                new ProtoWriter()
                                    .varint(1, 1)
                                    .message(3, new ProtoWriter().varint(1, 2).number(2, 1)))))
            .toBytes();
    String converted =
        "h {count 5 sum 12.5 (4029000000000000) zero 0 buckets 2 3; schema -53 bounds [1.0] buckets"
            + " [0+2], UNKNOWN} [{trace=\"b\"} 0.9 @1500]";
    assertThat(new Reader(new HistogramWishes(true, true, false, 0, 0)).read(page))
        .containsExactly(
            converted,
            "g_count 5.0",
            "g_sum 12.5",
            "g_bucket{le=\"1.0\"} 2.0 [{trace=\"b\"} 0.9 @1500]",
            "g_bucket{le=\"+Inf\"} 5.0");
    assertThat(new Reader(new HistogramWishes(true, true, true, 0, 0)).read(page))
        .startsWith(
            converted,
            "h_count 5.0",
            "h_sum 12.5",
            "h_bucket{le=\"1.0\"} 2.0",
            "h_bucket{le=\"+Inf\"} 5.0")
        .contains("bad_bucket{le=\"1.0\"} 2.0");
    byte[] natively = new ProtoWriter().delimited(nativeHistogram()).toBytes();
    assertThat(new Reader(new HistogramWishes(true, true, false, 0, 0)).read(natively))
        .isEqualTo(new Reader(NATIVE).read(natively));
    assertThat(new Reader(new HistogramWishes(false, true, false, 0, 0)).read(natively))
        .singleElement()
        .asString()
        .contains("bounds [1.0]");
  }

  @Test
  void knowsASeriesAgainOnTheNextPage() throws BadPageException {
    var reader = new Reader(BOTH);
    byte[] page = new ProtoWriter().delimited(nativeHistogram()).toBytes();
    List<String> first = reader.read(page);
    assertThat(reader.read(page)).isEqualTo(first);
    assertThat(reader.known).isEqualTo(5);
  }

  @Test
  void refusesAHistogramThatContradictsItself() {
    var page =
        new ProtoWriter()
            .delimited(
                family("h", 4)
                    .message(
                        4,
                        new ProtoWriter()
                            .message(
                                7,
                                new ProtoWriter()
                                    .varint(1, 5)
                                    .message(12, new ProtoWriter().zigzag(1, 0).varint(2, 3))
                                    .packedZigzag(13, 1, 1))));
    assertThatThrownBy(() -> new Reader(NATIVE).read(page.toBytes()))
        .isInstanceOf(BadPageException.class)
        .hasMessageContaining("invalid histogram in h: ");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void neverFailsOtherwiseThanByARefusalWhateverTheBytes(long seed) {
    var random = new Random(seed);
    byte[] good = new ProtoWriter().delimited(nativeHistogram()).toBytes();
    for (int round = 0; round < 5_000; round++) {
      byte[] page = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        page[random.nextInt(page.length)] = (byte) random.nextInt(256);
      }
      try {
        new Reader(BOTH).read(page);
      } catch (BadPageException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  private static ProtoWriter nativeHistogram() {
    return family("h", 4)
        .message(
            4,
            new ProtoWriter()
                .message(
                    7,
                    new ProtoWriter()
                        .varint(1, 5)
                        .number(2, 12.5)
                        .message(
                            3,
                            new ProtoWriter()
                                .varint(1, 2)
                                .number(2, 1)
                                .message(3, exemplar("b", 0.9)))
                        .zigzag(5, 3)
                        .number(6, 1e-5)
                        .varint(7, 1)
                        .message(12, new ProtoWriter().zigzag(1, 0).varint(2, 2))
                        .message(12, new ProtoWriter().zigzag(1, 1).varint(2, 1))
                        .packedZigzag(13, 1, 1, -1)
                        .message(
                            16,
                            exemplar("n", 2)
                                .message(
                                    3, new ProtoWriter().varint(1, 1).varint(2, 500_000_000)))));
  }

  private static ProtoWriter classicHistogram(String name, int type) {
    var seen = exemplar("b", 0.9).message(3, new ProtoWriter().varint(1, 1).varint(2, 500_000_000));
    return family(name, type)
        .message(
            4,
            new ProtoWriter()
                .message(
                    7,
                    new ProtoWriter()
                        .varint(1, 5)
                        .number(2, 12.5)
                        .message(3, new ProtoWriter().varint(1, 2).number(2, 1).message(3, seen))));
  }

  private static ProtoWriter family(String name, int type) {
    return new ProtoWriter().text(1, name).text(2, "help of " + name).varint(3, type);
  }

  private static ProtoWriter label(String name, String value) {
    return new ProtoWriter().text(1, name).text(2, value);
  }

  private static ProtoWriter exemplar(String trace, double value) {
    return new ProtoWriter().message(1, label("trace", trace)).number(2, value);
  }

  private static final class Reader {
    private final PageReader pages;
    private final PageSamples samples = new PageSamples();
    private final List<Labels> names = new ArrayList<>();
    private int visit;
    private int known;

    Reader(HistogramWishes wishes) {
      pages =
          new PageReader(
              new SeriesNaming(Labels.EMPTY, ScrapeConfig.Labelling.DEFAULT, ScrapeLimits.NONE),
              ScrapeConfig.Labelling.DEFAULT,
              0,
              wishes,
              new MetricMetadata(),
              new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    List<String> read(byte[] page) throws BadPageException {
      pages.read(PageFormat.PROTOBUF, page, page.length, ++visit, known, samples);
      names.addAll(pages.newSeries());
      var numbers = new int[pages.newSeries().size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = known + i;
      }
      pages.adopt(known, numbers);
      known = names.size();
      var read = new ArrayList<String>();
      for (int i = 0; i < samples.size; i++) {
        read.add(line(i));
      }
      return read;
    }

    private String line(int i) {
      Labels labels = names.get(samples.series[i]);
      Histogram histogram = samples.histogram(i);
      var text =
          new StringBuilder(labels.metricName())
              .append(labels.size() == 1 ? "" : labels.without(Labels.METRIC_NAME))
              .append(' ')
              .append(histogram == null ? samples.values[i] : histogram);
      if (samples.timestamped[i]) {
        text.append(" @").append(samples.timestamps[i]);
      }
      for (var exemplar : samples.exemplars) {
        if (exemplar.series() == samples.series[i]) {
          var seen = exemplar.exemplar();
          text.append(
              " [%s %s @%s]"
                  .formatted(
                      seen.labels(),
                      seen.value(),
                      seen.timestamped() ? seen.timestampMillis() : null));
        }
      }
      return text.toString();
    }
  }
}
