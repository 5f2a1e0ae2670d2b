package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongTextsTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void valuesAreReadAndOrderedAsTheyWereWritten(long seed) {
    var random = new Random(seed);
    var texts = new LongTexts();
    Map<Integer, String> kept = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      if (random.nextInt(3) > 0 || kept.isEmpty()) {
        String value = value(random);
        assertThat(LongTexts.takes(value)).isTrue();
        assertThat(kept.put(texts.add(value), value)).isNull();
      } else {
        var entries = new ArrayList<>(kept.keySet());
        int gone = entries.get(random.nextInt(entries.size()));
        texts.remove(gone);
        kept.remove(gone);
        texts.shrink();
      }
    }
    var entries = new ArrayList<>(kept.keySet());
    for (int entry : entries) {
      String value = kept.get(entry);
      int other = entries.get(random.nextInt(entries.size()));
      String otherValue = kept.get(other);
      assertThat(texts.text(entry)).isEqualTo(value);
      assertThat(texts.equal(entry, value)).isTrue();
      assertThat(texts.equal(entry, otherValue)).isEqualTo(value.equals(otherValue));
      assertThat(Integer.signum(texts.compare(entry, other)))
          .isEqualTo(Integer.signum(Labels.UTF8_ORDER.compare(value, otherValue)));
    }
  }

  @Test
  void memoryIsGivenBackAndUsedAgainOnlyWhenNobodyHasAPin() {
    var texts = new LongTexts();
    var entries = new ArrayList<Integer>();
    for (int i = 0; i < 10_000; i++) {
      entries.add(texts.add("%0200d".formatted(i)));
    }
    long full = texts.bytes();
    texts.pin();
    entries.forEach(texts::remove);
    texts.shrink();
    assertThat(texts.bytes()).isEqualTo(full);
    assertThat(texts.text(entries.get(77))).isEqualTo("%0200d".formatted(77));
    texts.unpin();
    texts.shrink();
    assertThat(texts.bytes()).isLessThan(full / 2);
    for (int i = 0; i < 10_000; i++) {
      entries.set(i, texts.add("%0200d".formatted(-i)));
    }
    assertThat(texts.bytes()).isLessThanOrEqualTo(full);
    assertThat(texts.text(entries.get(77))).isEqualTo("%0200d".formatted(-77));
  }

  @Test
  void whatWouldNotSurviveOrIsShortIsNotTaken() {
    assertThat(LongTexts.takes("x".repeat(48))).isFalse();
    assertThat(LongTexts.takes("x".repeat(49))).isTrue();
    assertThat(LongTexts.takes("x".repeat(10_000))).isFalse();
    assertThat(LongTexts.takes("x".repeat(60) + "\ud800")).isFalse();
  }

  private static String value(Random random) {
    var text = new StringBuilder("long ".repeat(10));
    for (int i = random.nextInt(400); i >= 0; i--) {
      text.append(random.nextInt(20) == 0 ? '\u0416' : (char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }
}
