package barograph.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.model.Histogram;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramPartsTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void putsEveryCountIntoTheCoarserBucketThatHoldsItsBound(long seed) {
    var random = new Random(seed);
    var parts = new HistogramParts();
    for (int round = 0; round < 200; round++) {
      int schema = random.nextInt(13) - 4;
      var counts = new TreeMap<Integer, Long>();
      for (int i = random.nextInt(40); i > 0; i--) {
        counts.put(random.nextInt(400) - 200, (long) random.nextInt(100));
      }
      fill(parts, schema, counts);
      int finest = random.nextInt(13) - 4;

      Histogram coarse = parts.build(0, finest);

      var expected = new TreeMap<Integer, Long>();
      int steps = Math.max(0, schema - finest);
      counts.forEach(
          (index, count) -> expected.merge(Math.ceilDiv(index, 1 << steps), count, Long::sum));
      assertThat(coarse.layout().schema()).isEqualTo(Math.min(schema, finest));
      assertThat(countsOf(coarse)).isEqualTo(expected);
    }
  }

  @Test
  void isMadeCoarserUntilItHasFewEnoughBuckets() {
    var parts = new HistogramParts();
    var counts = new TreeMap<Integer, Long>();
    for (int i = 1; i <= 16; i++) {
      counts.put(i, 1L);
    }
    fill(parts, 3, counts);
    Histogram coarse = parts.build(4, 8);
    assertThat(coarse.layout().schema()).isEqualTo(1);
    assertThat(coarse.buckets()).isEqualTo(4);

    counts.put(1 << 20, 1L);
    fill(parts, -4, counts);
    assertThatThrownBy(() -> parts.build(1, 8)).hasMessage("histogram bucket limit exceeded");
  }

  @Test
  void takesASchemaThatIsFinerThanTheStoreKeepsOne() {
    var parts = new HistogramParts();
    var counts = new TreeMap<Integer, Long>();
    counts.put(1 << 12, 3L);
    fill(parts, 20, counts);
    assertThat(parts.build().layout().schema()).isEqualTo(8);
    assertThat(countsOf(parts.build())).containsEntry(1, 3L);
  }

  @Test
  void refusesCountsThatContradictTheSpans() {
    var parts = new HistogramParts();
    parts.addSpan(false, 0, 2);
    parts.addDelta(false, 1);
    parts.count(1);
    assertThatThrownBy(parts::build).hasMessageContaining("expected 2 as its spans say");
    parts.clear();
    assertThatThrownBy(() -> parts.addSpan(false, 0, 1 << 30)).hasMessageContaining("span");
    parts.clear();
    parts.addSpan(false, 0, 1);
    parts.addSpan(true, 0, 1);
    parts.addDelta(false, 1);
    parts.addDelta(false, 0);
    parts.count(2);
    assertThatThrownBy(parts::build).hasMessageContaining("above zero");
  }

  private static void fill(HistogramParts parts, int schema, SortedMap<Integer, Long> counts) {
    parts.clear();
    parts.schema(schema);
    parts.sum(1);
    int behind = 0;
    long before = 0;
    long total = 0;
    boolean first = true;
    for (var bucket : counts.entrySet()) {
      parts.addSpan(false, first ? bucket.getKey() : bucket.getKey() - behind, 1);
      parts.addDelta(false, bucket.getValue() - before);
      before = bucket.getValue();
      total += before;
      behind = bucket.getKey() + 1;
      first = false;
    }
    parts.count(total);
  }

  private static SortedMap<Integer, Long> countsOf(Histogram histogram) {
    var counts = new TreeMap<Integer, Long>();
    int[] indices = histogram.layout().positive().indices();
    for (int i = 0; i < indices.length; i++) {
      counts.put(indices[i], histogram.rawBucket(i));
    }
    return counts;
  }
}
