package barograph.ingest.forward;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.unpack.Encoding;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnappyPackerTest {
  private final SnappyPacker packer = new SnappyPacker();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsPackedUnpacksToTheSame(long seed) throws UnpackException {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] plain = new byte[random.nextInt(random.nextBoolean() ? 20 : 200_000)];
      random.nextBytes(plain);
      int same = 1 + random.nextInt(50);
      for (int at = same; at < plain.length; at++) {
        if (random.nextInt(1 + (int) seed * 10) != 0) {
          plain[at] = plain[at - same];
        }
      }
      byte[] packed = packer.pack(plain, plain.length);
      var body = new PlainBody();
      body.unpack(Encoding.SNAPPY, packed, 0, packed.length, 1 << 20);
      assertThat(Arrays.copyOf(body.bytes(), body.length())).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcd", "http_requests_total"})
  void whatRepeatsBecomesSmall(String text) {
    byte[] plain = text.repeat(1000).getBytes(StandardCharsets.UTF_8);
    assertThat(packer.pack(plain, plain.length).length).isLessThan(plain.length / 15);
  }
}
