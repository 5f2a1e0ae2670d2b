package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleBlockTest {

  /// A batch of pairs of a series and a time.
  private static SampleBatch batch(long... seriesAndTimes) {
    var batch = new SampleBatch();
    for (int i = 0; i < seriesAndTimes.length; i += 2) {
      batch.add((int) seriesAndTimes[i], seriesAndTimes[i + 1], 0);
    }
    return batch;
  }

  /// The blocks of a batch, as their rows and the series in a row.
  private static List<String> blocks(SampleBatch batch) {
    var found = new ArrayList<String>();
    var block = new SampleBlock();
    for (int at = 0; at < batch.size(); at += block.size()) {
      block.find(batch, at);
      assertThat(block.from()).isEqualTo(at);
      found.add(block.rows() + " x " + block.width());
    }
    return found;
  }

  @Test
  void theSameSeriesAtOneTimeAfterAnotherAreOneBlock() {
    SampleBatch batch = batch(1, 10, 2, 10, 1, 20, 2, 20, 1, 15, 2, 15);
    var block = new SampleBlock();
    block.find(batch, 0);
    assertThat(block.width()).isEqualTo(2);
    assertThat(block.rows()).isEqualTo(3);
    assertThat(block.times()).startsWith(10, 20, 15);
    assertThat(block.earliest()).isEqualTo(10);
    assertThat(block.latest()).isEqualTo(20);
  }

  @Test
  void aRowOfOtherSeriesBeginsAnother() {
    assertThat(blocks(batch(1, 10, 2, 10, 1, 20, 3, 20))).containsExactly("1 x 2", "1 x 2");
    assertThat(blocks(batch(1, 10, 2, 10, 1, 20))).containsExactly("1 x 2", "1 x 1");
  }

  @Test
  void aRowIsNeverCut() {
    assertThat(blocks(batch(1, 10, 2, 10, 1, 20, 2, 20, 3, 20))).containsExactly("1 x 2", "1 x 3");
  }

  @Test
  void aSeriesAloneAtManyTimesIsABlock() {
    assertThat(blocks(batch(4, 10, 4, 20, 4, 30, 5, 30))).containsExactly("2 x 1", "1 x 2");
  }

  @Test
  void seriesThatMightComeTwiceInARowMakeNoRowsTogether() {
    assertThat(blocks(batch(1, 10, 1, 10, 1, 20, 1, 20))).containsExactly("1 x 2", "1 x 2");
    assertThat(blocks(batch(2, 10, 1, 10, 2, 20, 1, 20))).containsExactly("1 x 2", "1 x 2");
  }
}
