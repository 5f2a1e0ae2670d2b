package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.PageFormat;
import barograph.ingest.hash.KeyedHash;
import barograph.storage.model.Labels;
import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The pages of the OpenMetrics project's test suite, against what Prometheus 3.5.3 made of each.
class OpenMetricsOracleTest {
  private static final String ORACLE = "spec/data/openmetrics-prometheus-3.5.3-oracle.json";

  @Test
  void takesAndRefusesThePagesThatPrometheusDoes() throws IOException {
    Path pages = SharedData.require("spec/data/openmetrics");
    JsonNode oracle = new ObjectMapper().readTree(SharedData.require(ORACLE));
    var differences = new TreeMap<String, String>();
    for (var page : oracle.properties()) {
      String theirs = verdict(page.getValue());
      String ours = scraped(Files.readAllBytes(pages.resolve(page.getKey() + "/metrics")));
      if (!ours.equals(theirs)) {
        differences.put(page.getKey(), "expected %s, got %s".formatted(theirs, ours));
      }
    }

    assertThat(oracle.size()).isEqualTo(105);
    assertThat(differences).isEmpty();
  }

  private static String scraped(byte[] page) {
    var bytes = new PageBytes();
    var samples = new PageSamples();
    var reader =
        new PageReader(
            new SeriesNaming(
                Labels.of("instance", "i"), ScrapeConfig.Labelling.DEFAULT, ScrapeLimits.NONE),
            ScrapeConfig.Labelling.DEFAULT,
            0,
            HistogramWishes.CLASSIC,
            new MetricMetadata(),
            KeyedHash.withRandomKey());
    try {
      bytes.take(ByteBuffer.wrap(page), page.length);
      bytes.endLine();
      reader.read(PageFormat.OPEN_METRICS, bytes.bytes, bytes.length, 1, 0, samples);
    } catch (BadPageException e) {
      return e.getMessage() + "[]";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    var series = new TreeSet<String>();
    for (int i = 0; i < samples.size; i++) {
      series.add(reader.newSeries().get(samples.series[i]) + " " + samples.values[i]);
    }
    return series.toString();
  }

  private static String verdict(JsonNode page) {
    var series = new TreeSet<String>();
    for (JsonNode one : page.get("series")) {
      var labels = new Labels.Builder();
      one.get("metric")
          .properties()
          .forEach(label -> labels.set(label.getKey(), label.getValue().asString()));
      labels.set("instance", "i");
      series.add(labels.build() + " " + number(one.get("value").asString()));
    }
    return page.get("lastError").asString() + series;
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
