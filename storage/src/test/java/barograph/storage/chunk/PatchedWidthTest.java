package barograph.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatchedWidthTest {
  private final PatchedWidth width = new PatchedWidth();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void noOtherWidthTakesFewerBits(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      long[] numbers = randomNumbers(random);
      int count = numbers.length;
      int widest = 0;
      for (long number : numbers) {
        widest = Math.max(widest, Bits.width(number));
      }
      long least = Long.MAX_VALUE;
      for (int narrow = 0; narrow <= widest; narrow++) {
        least = Math.min(least, bitsIn(narrow, widest, numbers));
      }
      boolean all = random.nextInt(4) == 0;
      long weighed =
          all ? width.weighAll(numbers, count, widest) : width.weigh(numbers, count, widest);
      assertThat(weighed).isEqualTo(least);
      assertThat(bitsIn(width.width(), widest, numbers)).isEqualTo(least);
      assertThat(width.patches()).isEqualTo(widerThan(width.width(), numbers));
      assertThat(width.most()).isEqualTo(widest);
    }
  }

  /// What the format's drawing says that they take.
  private static long bitsIn(int width, int widest, long[] numbers) {
    int patches = widerThan(width, numbers);
    int placeBits = Math.max(1, Bits.width(numbers.length - 1));
    return 8
        + (long) numbers.length * width
        + (patches == 0 ? 0 : 16 + (long) patches * (placeBits + widest - width));
  }

  private static int widerThan(int width, long[] numbers) {
    int wider = 0;
    for (long number : numbers) {
      wider += Bits.width(number) > width ? 1 : 0;
    }
    return wider;
  }

  private static long[] randomNumbers(Random random) {
    int count = 1 + random.nextInt(random.nextInt(8) == 0 ? ChunkEncoder.MAX_SAMPLES : 200);
    int shape = random.nextInt(5);
    int shift = random.nextInt(64);
    var numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (shape) {
            case 0 -> random.nextLong() >>> shift;
            case 1 -> random.nextLong() >>> random.nextInt(64);
            case 2 -> random.nextInt(30) == 0 ? random.nextLong() >>> shift : random.nextInt(16);
            case 3 -> (long) Math.abs(random.nextGaussian() * (1L << (shift >> 1)));
            default -> random.nextInt(3) == 0 ? 0 : random.nextLong() >>> shift;
          };
    }
    return numbers;
  }
}
