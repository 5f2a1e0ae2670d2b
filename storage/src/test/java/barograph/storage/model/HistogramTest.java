package barograph.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final HistogramLayout TWO =
      HistogramLayout.standard(0, 0.001, BucketSpans.of(-1, 1, 2, 1), BucketSpans.of(3, 1));

  private static Histogram of(long count, double sum, long... buckets) {
    return Histogram.ofIntegers(TWO, CounterReset.UNKNOWN, count, 1, sum, buckets);
  }

  @Test
  void spansNameTheirBuckets() {
    var spans = BucketSpans.of(-2, 2, 0, 0, 3, 1);
    assertThat(spans.indices()).containsExactly(-2, -1, 3);
    assertThat(spans.buckets()).isEqualTo(3);
    assertThat(spans.begin()).isEqualTo(-2);
    assertThat(spans.end()).isEqualTo(4);
    assertThat(spans).isEqualTo(BucketSpans.of(-2, 2, 0, 0, 3, 1)).hasToString("[-2+2 0+0 3+1]");
    assertThat(spans).isNotEqualTo(BucketSpans.of(-2, 2, 3, 1));
  }

  @Test
  void spansThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> BucketSpans.of(1, 1, -1, 1)).hasMessageContaining("offset -1");
    assertThatThrownBy(() -> BucketSpans.of(1, -1)).hasMessageContaining("length -1");
    assertThatThrownBy(() -> BucketSpans.of(1)).hasMessageContaining("by turns");
    assertThatThrownBy(() -> BucketSpans.of(0, HistogramLayout.MAX_BUCKETS + 1))
        .hasMessageContaining("at most 65536");
    assertThatThrownBy(() -> BucketSpans.of(Integer.MAX_VALUE, 1)).hasMessageContaining("index");
  }

  @Test
  void layoutsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> HistogramLayout.standard(9, 0, BucketSpans.NONE, BucketSpans.NONE))
        .hasMessageContaining("schema 9, expected -4 to 8");
    assertThatThrownBy(
            () -> HistogramLayout.standard(0, Double.NaN, BucketSpans.NONE, BucketSpans.NONE))
        .hasMessageContaining("zero threshold NaN");
    assertThatThrownBy(() -> HistogramLayout.custom(new double[] {1, 1}, BucketSpans.NONE))
        .hasMessageContaining("custom bound 1 is 1.0");
    assertThatThrownBy(() -> HistogramLayout.custom(new double[] {1}, BucketSpans.of(1, 2)))
        .hasMessageContaining("buckets 1 to 3 with 1 custom bounds");
  }

  @Test
  void countsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> of(7, 1, 1, 2)).hasMessageContaining("2 bucket counts, expected 3");
    assertThatThrownBy(() -> of(6, 1, 1, 2, 3)).hasMessageContaining("count of 6, expected 7");
    assertThatThrownBy(() -> of(8, 1, 1, 2, 3)).hasMessageContaining("count of 8, expected 7");
    assertThatThrownBy(() -> of(5, 1, -1, 2, 3)).hasMessageContaining("bucket count of -1");
    assertThatThrownBy(() -> of(1, 1, Long.MAX_VALUE, Long.MAX_VALUE, 3))
        .hasMessageContaining("sum of all counts");
    assertThat(of(8, Double.NaN, 1, 2, 3).count()).as("a NaN fell into no bucket").isEqualTo(8);
    assertThatThrownBy(
            () -> Histogram.ofFloats(TWO, CounterReset.UNKNOWN, -1, 0, 0, new double[] {1, 2, 3}))
        .hasMessageContaining("count of -1.0");
  }

  @Test
  void equalityIsBitForBit() {
    Histogram one = of(7, 0.0, 1, 2, 3);
    assertThat(one).isEqualTo(of(7, 0.0, 1, 2, 3)).hasSameHashCodeAs(of(7, 0.0, 1, 2, 3));
    assertThat(one).isNotEqualTo(of(7, -0.0, 1, 2, 3));
    assertThat(one).isNotEqualTo(of(7, 0.0, 1, 3, 2));
    assertThat(one).isNotEqualTo(one.withCounterReset(CounterReset.GAUGE));
    var doubles = Histogram.ofFloats(TWO, CounterReset.UNKNOWN, 7, 1, 0.0, new double[] {1, 2, 3});
    assertThat(doubles).as("the flavours are kept apart").isNotEqualTo(one);
    assertThat(doubles.bucket(2)).isEqualTo(one.bucket(2)).isEqualTo(3.0);
    assertThat(of(7, Double.NaN, 1, 2, 3)).isEqualTo(of(7, Double.NaN, 1, 2, 3));
    assertThat(of(7, Double.NaN, 1, 2, 3)).isNotEqualTo(of(7, Staleness.MARKER, 1, 2, 3));
  }

  @Test
  void aStaleMarkerIsKnownByItsSum() {
    assertThat(Histogram.STALE.isStale()).isTrue();
    assertThat(of(7, Staleness.MARKER, 1, 2, 3).isStale()).isTrue();
    assertThat(of(7, Double.NaN, 1, 2, 3).isStale()).isFalse();
  }

  @Test
  void theLaterPieceWinsWhateverItsKind() {
    var columns = new SampleColumns();
    columns.add(1, 1);
    columns.add(3, 3);
    columns.add(5, 5);
    columns.histograms().add(2, of(7, 2, 1, 2, 3));
    columns.histograms().add(4, of(7, 4, 1, 2, 3));
    int floats = columns.size();
    int histograms = columns.histogramCount();
    columns.add(2, 20);
    columns.add(6, 60);
    columns.histograms().add(3, of(7, 30, 1, 2, 3));
    columns.histograms().add(4, of(7, 40, 1, 2, 3));
    columns.mergeFrom(floats, histograms);
    assertThat(java.util.Arrays.copyOf(columns.timestamps(), columns.size()))
        .containsExactly(1, 2, 5, 6);
    assertThat(java.util.Arrays.copyOf(columns.values(), columns.size()))
        .containsExactly(1, 20, 5, 60);
    HistogramColumns found = columns.histograms();
    assertThat(found.size()).isEqualTo(2);
    assertThat(found.timestamps()[0]).isEqualTo(3);
    assertThat(found.histogram(0).sum()).isEqualTo(30);
    assertThat(found.timestamps()[1]).isEqualTo(4);
    assertThat(found.histogram(1).sum()).isEqualTo(40);
    assertThat(columns.firstTime()).isEqualTo(1);
    assertThat(columns.lastTime()).isEqualTo(6);
  }
}
