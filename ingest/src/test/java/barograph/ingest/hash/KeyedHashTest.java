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
      assertThat(hash.second(elsewhere, at, at + length)).isEqualTo(hash.second(bytes, 0, length));
    }
  }

  @Test
  void tellsSimilarSeriesApartInEachHalf() {
    Set<Long> firsts = new HashSet<>();
    Set<Long> seconds = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes =
          "http_requests_total{instance=\"%d\"}".formatted(i).getBytes(StandardCharsets.UTF_8);
      firsts.add(hash.first(bytes, 0, bytes.length));
      seconds.add(hash.second(bytes, 0, bytes.length));
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
}
