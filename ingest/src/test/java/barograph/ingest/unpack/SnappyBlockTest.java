package barograph.ingest.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnappyBlockTest {
  private static final int LIMIT = 1 << 20;

  private final SnappyBlock block = new SnappyBlock();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void unpacksEveryKindOfElement(long seed) throws UnpackException {
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      var plain = new byte[random.nextInt(5000)];
      int letters = 1 + random.nextInt(6);
      for (int i = 0; i < plain.length; i++) {
        plain[i] =
            (byte) (i > 20 && random.nextInt(9) > 0 ? plain[i - 17] : random.nextInt(letters));
      }
      byte[] packed = SnappyWriter.mixed(plain, random);
      block.unpack(packed, 0, packed.length, LIMIT);
      assertThat(Arrays.copyOf(block.bytes(), block.length())).isEqualTo(plain);
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {1, 8, 16, 17, 32, 33, 48, 49, 63, 64})
  void unpacksACopyAtTheEndOfItsRoom(int size) throws UnpackException {
    var plain = new byte[(64 << 10) + size];
    new Random(8).nextBytes(plain);
    int most = plain.length - size;
    for (int offset : new int[] {1, 2, 7, 8, 9, 15, 16, 17, 64, 100}) {
      for (int i = most; i < plain.length; i++) {
        plain[i] = plain[i - offset];
      }
      byte[] packed = SnappyWriter.literals(Arrays.copyOf(plain, most));
      int tag = packed.length;
      packed = Arrays.copyOf(packed, tag + 3);
      byte[] declared = SnappyWriter.varint(plain.length);
      System.arraycopy(declared, 0, packed, 0, declared.length);
      packed[tag] = (byte) (2 | (size - 1) << 2);
      packed[tag + 1] = (byte) offset;
      // A fresh one makes room for just this.
      var fresh = new SnappyBlock();
      fresh.unpack(packed, 0, packed.length, LIMIT);
      assertThat(Arrays.copyOf(fresh.bytes(), fresh.length())).isEqualTo(plain);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6, 7})
  void refusesDamageOrUnpacksWhatWasDeclared(long seed) {
    var random = new Random(seed);
    var plain = new byte[2000];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) random.nextInt(3);
    }
    byte[] packed = SnappyWriter.mixed(plain, random);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = packed.clone();
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        block.unpack(damaged, 0, random.nextInt(damaged.length + 1), LIMIT);
        assertThat(block.length()).isLessThanOrEqualTo(LIMIT);
      } catch (UnpackException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void refusesADeclaredLengthBeforeItMakesRoom() {
    byte[] bomb = declaring(1L << 30);
    assertThatThrownBy(() -> block.unpack(bomb, 0, bomb.length, LIMIT))
        .isInstanceOfSatisfying(UnpackException.class, e -> assertThat(e.tooLarge()).isTrue());
    byte[] hollow = declaring(LIMIT);
    assertThatThrownBy(() -> block.unpack(hollow, 0, hollow.length, LIMIT))
        .hasMessageContaining("declares 1048576 bytes");
    assertThat(block.bytes().length).isLessThan(LIMIT);
  }

  @Test
  void refusesWhatIsNoSnappy() {
    for (byte[] bad :
        new byte[][] {
          {},
          "hello world, not snappy".getBytes(StandardCharsets.US_ASCII),
          {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1},
          {4, 2, 1, 0},
          {100, (9 << 2) | 2, (byte) 0x88, 0x13},
          {5, 0, 'a'}
        }) {
      assertThatThrownBy(() -> block.unpack(bad, 0, bad.length, LIMIT))
          .isInstanceOfSatisfying(
              UnpackException.class, e -> assertThat(e.getMessage()).startsWith("snappy: "))
          .hasMessageStartingWith("snappy: corrupt input");
    }
  }

  private static byte[] declaring(long length) {
    byte[] declared = SnappyWriter.varint(length);
    return Arrays.copyOf(declared, declared.length + 2);
  }
}
