package barograph.ingest.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedHashTest {
  private final KeyedHash hash = new KeyedHash(new Random(1).longs(8).toArray());

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void dependsOnTheBytesAndNotOnWhereTheyStand(long seed) {
    var random = new Random(seed);
    for (int length = 0; length < 200; length++) {
      var bytes = new byte[length];
      random.nextBytes(bytes);
      int at = random.nextInt(40);
      var elsewhere = new byte[length + 80];
      random.nextBytes(elsewhere);
      System.arraycopy(bytes, 0, elsewhere, at, length);
      assertThat(hash.first(elsewhere, at, at + length)).isEqualTo(hash.first(bytes, 0, length));
      assertThat(both(elsewhere, at, at + length)).isEqualTo(both(bytes, 0, length));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 4})
  void dependsOnEachBitInBothHalves(long seed) {
    var random = new Random(seed);
    for (int length = 1; length < 70; length++) {
      var bytes = new byte[length];
      random.nextBytes(bytes);
      long[] before = both(bytes, 0, length);
      for (int bit = 0; bit < 8 * length; bit++) {
        bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
        long[] after = both(bytes, 0, length);
        bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
        assertThat(after[0]).isNotEqualTo(before[0]);
        assertThat(after[1]).isNotEqualTo(before[1]);
      }
    }
  }

  @Test
  void theFirstHalfAloneIsTheSameAsOfBoth() {
    var bytes = new byte[90];
    new Random(5).nextBytes(bytes);
    for (int length = 0; length <= bytes.length; length++) {
      assertThat(hash.first(bytes, 0, length)).isEqualTo(both(bytes, 0, length)[0]);
    }
  }

  @Test
  void tellsSimilarSeriesApartInEachHalf() {
    Set<Long> firsts = new HashSet<>();
    Set<Long> seconds = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes =
          "http_requests_total{instance=\"%d\"}".formatted(i).getBytes(StandardCharsets.UTF_8);
      long[] halves = both(bytes, 0, bytes.length);
      firsts.add(halves[0]);
      seconds.add(halves[1]);
    }
    assertThat(firsts).hasSize(200_000);
    assertThat(seconds).hasSize(200_000);
  }

  @Test
  void tellsRunsOfZerosApartByTheirLength() {
    Set<Long> firsts = new HashSet<>();
    for (int length = 0; length < 300; length++) {
      firsts.add(hash.first(new byte[length], 0, length));
    }
    assertThat(firsts).hasSize(300);
  }

  @Test
  void differsFromKeyToKey() {
    byte[] bytes = "series".getBytes(StandardCharsets.UTF_8);
    assertThat(KeyedHash.withRandomKey().first(bytes, 0, 6))
        .isNotEqualTo(KeyedHash.withRandomKey().first(bytes, 0, 6));
  }

  private long[] both(byte[] bytes, int from, int to) {
    var halves = new long[2];
    hash.both(bytes, from, to, halves, 0);
    return halves;
  }
}
