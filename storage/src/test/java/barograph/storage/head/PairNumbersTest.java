package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.chunk.CorruptChunkException;
import org.junit.jupiter.api.Test;

class PairNumbersTest {
  private final PairNumbers numbers = new PairNumbers();

  @Test
  void pairsAreFoundWhetherTheirNumbersAreCloseOrFarApart() {
    for (int step : new int[] {1, 3, 1000}) {
      var some = new PairNumbers();
      for (int i = 0; i < 500; i++) {
        some.add(i * step, 499 - i);
      }
      some.complete();
      for (int i = 0; i < 500; i++) {
        assertThat(some.find(i * step)).isEqualTo(499 - i);
      }
      assertThat(some.find(500 * step)).isEqualTo(-1);
      assertThat(step == 1 ? -1 : some.find(1)).isEqualTo(-1);
    }
  }

  @Test
  void aHugeNumberTakesNoMoreMemoryThanASmallOne() {
    numbers.add(3, 0);
    numbers.add(Integer.MAX_VALUE - 8, 1);
    numbers.complete();
    assertThat(numbers.find(3)).isZero();
    assertThat(numbers.find(Integer.MAX_VALUE - 8)).isEqualTo(1);
    assertThat(numbers.find(4)).isEqualTo(-1);
  }

  @Test
  void numbersThatDoNotAscendAreRefused() {
    numbers.add(3, 0);
    assertThatThrownBy(() -> numbers.add(3, 1)).isInstanceOf(CorruptChunkException.class);
  }
}
