package barograph.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
  @Test
  void areSortedByNameHoweverTheyCome() {
    assertThat(Labels.of("job", "node", "__name__", "up", "a", "1").toString())
        .isEqualTo("up{a=\"1\", job=\"node\"}");
    assertThat(Labels.of("b", "2", "a", "1")).isEqualTo(Labels.of("a", "1", "b", "2"));
  }

  @Test
  void anEmptyValueIsAnAbsentLabel() {
    assertThat(Labels.of("a", "", "b", "2")).isEqualTo(Labels.of("b", "2"));
    assertThat(Labels.of("a", "1").with("a", "")).isEqualTo(Labels.EMPTY);
    assertThat(Labels.EMPTY.get("a")).isEmpty();
  }

  @Test
  void aNameComesOnlyOnce() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Labels.of("a", "1", "a", "2"))
        .withMessage("label \"a\" comes twice");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void stringsOrderAsTheirUtf8Bytes(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      String a = randomText(random);
      String b = randomText(random);
      int byBytes =
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
      assertThat(Integer.signum(Labels.UTF8_ORDER.compare(a, b)))
          .as("%s against %s", a, b)
          .isEqualTo(Integer.signum(byBytes));
    }
  }

  private static String randomText(Random random) {
    int[] alphabet = {'a', 'b', 0x7f, 0xe9, 0x4e2d, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600};
    return random
        .ints(random.nextInt(4), 0, alphabet.length)
        .map(i -> alphabet[i])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
