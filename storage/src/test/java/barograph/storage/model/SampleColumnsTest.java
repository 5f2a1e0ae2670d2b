package barograph.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleColumnsTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void piecesMergeAsASortedMapWouldHaveThem(long seed) {
    var random = new Random(seed);
    var columns = new SampleColumns();
    for (int round = 0; round < 2_000; round++) {
      var model = new TreeMap<Long, Double>();
      columns.clear();
      int pieces = 1 + random.nextInt(4);
      for (int piece = 0; piece < pieces; piece++) {
        int middle = columns.size();
        long time = random.nextInt(60);
        for (int i = random.nextInt(12); i > 0; i--) {
          double value = random.nextInt(1000);
          columns.add(time, value);
          model.put(time, value);
          time += 1 + random.nextInt(random.nextBoolean() ? 1 : 20);
        }
        columns.mergeFrom(middle);
      }
      assertThat(columns.size()).isEqualTo(model.size());
      int at = 0;
      for (var entry : model.entrySet()) {
        assertThat(columns.timestamps()[at]).isEqualTo(entry.getKey());
        assertThat(columns.values()[at++]).isEqualTo(entry.getValue());
      }
    }
  }
}
