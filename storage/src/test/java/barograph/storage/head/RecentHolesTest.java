package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentHolesTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void knowsNoHoleThatIsNotThereAndForgetsFew(long seed) {
    var random = new Random(seed);
    var holes = new RecentHoles();
    var there = new HashSet<Long>();
    int asked = 0;
    int forgotten = 0;
    for (int row = 0; row < 200; row++) {
      for (int ref = 0; ref < 2_000; ref++) {
        if (random.nextInt(20) == 0) {
          holes.add(ref, row);
          there.add((long) ref << 32 | row);
        }
        int late = row - random.nextInt(20);
        if (late >= 0 && random.nextInt(10) == 0) {
          boolean known = holes.take(ref, late);
          boolean is = there.remove((long) ref << 32 | late);
          assertThat(known && !is).isFalse();
          asked += is ? 1 : 0;
          forgotten += is && !known ? 1 : 0;
        }
      }
    }
    assertThat(asked).isGreaterThan(1_000);
    assertThat(forgotten).isLessThan(asked / 10);
  }
}
