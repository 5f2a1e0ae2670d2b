package barograph.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Series are read from their end, and labels that are known are not looked at: whatever else
/// stands there must not be taken for labels, nor labels for anything else.
class UnreadLabelsTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final byte[] NAME = label("__name__", "a");
  private static final byte[] JOB = label("job", "j");

  private final RecordingStore store = new RecordingStore();
  private final RemoteWrite write = new RemoteWrite(new PushedWrites(store, PushLimits.DEFAULT));

  @Test
  void storesTheSampleAtTheEndOfASeries() {
    push(series(NAME, JOB, sample(NOW, 1.5)));
    push(series(NAME, JOB, sample(NOW + 1, -2.5)));
    assertThat(store.stored())
        .containsExactly("a{job=\"j\"} 1800000000000 1.5", "a{job=\"j\"} 1800000000001 -2.5");
  }

  @Test
  void storesAZeroThatIsNotWritten() {
    push(series(NAME, JOB, timeAlone(NOW)));
    push(series(NAME, JOB, timeAlone(NOW + 1)));
    assertThat(store.stored())
        .containsExactly("a{job=\"j\"} 1800000000000 0.0", "a{job=\"j\"} 1800000000001 0.0");
  }

  @Test
  void losesNoneOfSeveralSamples() {
    push(series(NAME, JOB, sample(NOW, 1), sample(NOW + 1, 2)));
    push(series(NAME, JOB, sample(NOW + 2, 3)));
    push(series(NAME, JOB, sample(NOW + 3, 4), sample(NOW + 4, 5), timeAlone(NOW + 5)));
    assertThat(store.stored()).hasSize(6);
  }

  @Test
  void losesNoSampleThatStandsBetweenLabelsHoweverOftenItComes() {
    var expected = new ArrayList<String>();
    for (long time = NOW; time < NOW + 9; time += 3) {
      push(series(NAME, sample(time, 1), JOB));
      push(series(NAME, sample(time + 1, 1), JOB, sample(time + 2, 1)));
      for (int i = 0; i < 3; i++) {
        expected.add("a{job=\"j\"} %d 1.0".formatted(time + i));
      }
    }
    assertThat(store.stored()).containsExactlyElementsOf(expected);
  }

  @Test
  void takesNoLabelForASampleThatItsEndLooksLike() {
    byte[] field = Pushed.field(9, sample(NOW, 7));
    for (int i = 0; i < 2; i++) {
      push(series(sample(NOW + i, 1), NAME, Pushed.label(utf8("x"), textLikeASample())));
      push(series(JOB, sample(NOW + i, 1), NAME, field));
    }
    assertThat(store.stored()).hasSize(4).allMatch(line -> line.endsWith(" 1.0"));
    assertThat(store.stored()).filteredOn(line -> line.startsWith("a{x=")).hasSize(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void storesEverySampleInWhateverOrderTheFieldsOfASeriesCome(long seed) {
    var random = new Random(seed);
    var expected = new TreeSet<String>();
    for (int request = 0; request < 400; request++) {
      byte[] body = {};
      for (int s = 1 + random.nextInt(4); s > 0; s--) {
        int number = random.nextInt(5);
        List<byte[]> fields =
            new ArrayList<>(List.of(label("__name__", "m" + number), label("job", "j")));
        for (int k = random.nextInt(3); k > 0; k--) {
          long time = NOW + request * 10L + s;
          // The same time of a series has the same value.
          boolean zero = time % 2 == 0;
          fields.add(zero ? timeAlone(time) : sample(time, number));
          expected.add(
              "m%d{job=\"j\"} %d %s".formatted(number, time, zero ? 0.0 : (double) number));
        }
        if (random.nextInt(4) == 0) {
          fields.add(Pushed.field(9, sample(NOW, 7)));
        }
        if (random.nextBoolean()) {
          Collections.shuffle(fields, random);
        }
        body = Pushed.concat(body, series(fields.toArray(byte[][]::new)));
      }
      push(body);
    }
    assertThat(store.stored()).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void push(byte[] series) {
    assertThat(
            write
                .accept("application/x-protobuf", "snappy", new Pushed().raw(series).packed())
                .join()
                .status())
        .isEqualTo(204);
  }

  private static byte[] series(byte[]... fields) {
    return Pushed.field(1, Arrays.stream(fields).reduce(new byte[0], Pushed::concat));
  }

  private static byte[] sample(long time, double value) {
    return Pushed.sample(time, value);
  }

  private static byte[] timeAlone(long time) {
    return Pushed.field(2, Pushed.concat(new byte[] {0x10}, Pushed.varint(time)));
  }

  private static byte[] label(String name, String value) {
    return Pushed.label(utf8(name), utf8(value));
  }

  /// Bytes that are a text in UTF-8, and a sample with a value and a time of six bytes too.
  private static byte[] textLikeASample() {
    return new byte[] {
      0x12,
      0x10,
      0x09,
      'v',
      'a',
      'l',
      'u',
      'e',
      ' ',
      'i',
      's',
      0x10,
      (byte) 0xc2,
      (byte) 0x80,
      (byte) 0xe0,
      (byte) 0xa0,
      (byte) 0x80,
      'A'
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
