package barograph.ingest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Inputs as they should be with a few bytes changed, cut out or repeated: each is taken or refused
/// as declared, with memory that its length justifies.
///
/// `-Dmutations=100000` tries so many of each.
class MutationTest {
  private static final int SEED = 1;
  private static final int MUTATIONS = 1500;

  /// What a reader takes whatever it reads, the room for unpacked bytes among it.
  private static final long ALLOCATION_BASE = 8L << 20;

  private static final long ALLOCATION_FACTOR = 1000;

  @ParameterizedTest(name = "{0}, seed 1")
  @EnumSource
  void badBytesAreTakenOrRefusedAsDeclared(Parser parser) {
    List<byte[]> seeds = parser.seeds();
    assertThat(seeds).isNotEmpty();
    seeds.forEach(parser::read);
    int mutations = Integer.getInteger("mutations", MUTATIONS);
    for (int i = 0; i < mutations; i++) {
      var random = new Random(SEED * 1_000_003 + i);
      byte[] input = seeds.get(random.nextInt(seeds.size()));
      for (int k = random.nextInt(4); k >= 0 && input.length > 0; k--) {
        input = changed(input, random);
      }
      read(parser, input, i);
    }
  }

  private static void read(Parser parser, byte[] input, int number) {
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    try {
      parser.read(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(told(parser, input, number) + ": " + e, e);
    }
    assertThat(memory.getCurrentThreadAllocatedBytes() - before)
        .as(() -> told(parser, input, number))
        .isLessThan(ALLOCATION_BASE + ALLOCATION_FACTOR * input.length);
  }

  private static String told(Parser parser, byte[] input, int number) {
    return "%s, seed %d, mutation %d: %s"
        .formatted(parser, SEED, number, HexFormat.of().formatHex(input));
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 64));
    switch (random.nextInt(7)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt();
      case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
      case 3 -> Arrays.fill(changed, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        changed = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, changed, 0, at);
        System.arraycopy(bytes, at + length, changed, at, bytes.length - at - length);
      }
      default -> {
        changed = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, changed, 0, at + length);
        System.arraycopy(bytes, at, changed, at + length, bytes.length - at);
      }
    }
    return changed;
  }
}
