package barograph.query.histogram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class QuantileFiguresTest {
  /// A quantile that Prometheus found in the one bucket of a histogram.
  private record Figure(int schema, int index, boolean negative, double quantile, double result) {
    static Figure parse(String line) {
      var fields = line.split("\t", -1);
      return new Figure(
          Integer.parseInt(fields[0]),
          Integer.parseInt(fields[1]),
          fields[2].equals("-"),
          Double.parseDouble(fields[3]),
          Double.parseDouble(fields[4]));
    }

    double found() {
      var side = negative ? "n_buckets:[8] n_offset:" : "buckets:[8] offset:";
      var text = "{{schema:%d count:8 sum:1 %s%d}}".formatted(schema, side, index);
      return HistogramQuantile.of(quantile, HistogramLiteral.parse(text).histogram()).value();
    }

    boolean holds() {
      return found() == result;
    }
  }

  @Test
  void quantilesWithinABucketAreThoseOfPrometheusToTheBit() throws IOException {
    try (var in = QuantileFiguresTest.class.getResourceAsStream("/quantile-figures.tsv");
        var reader = new BufferedReader(new InputStreamReader(Objects.requireNonNull(in), UTF_8))) {
      var figures =
          reader.lines().filter(line -> !line.startsWith("#")).map(Figure::parse).toList();
      assertThat(figures).hasSize(400);
      assertThat(figures.stream().filter(Predicate.not(Figure::holds))).isEmpty();
    }
  }
}
