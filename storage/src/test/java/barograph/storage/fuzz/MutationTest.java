package barograph.storage.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.crash.Effort;
import barograph.storage.crash.Quiet;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Valid files with a few bytes changed, cut out, repeated or put in from another: half of them
/// with their checksums made good, so that what stands behind is reached too.
///
/// `-Dmutations=100000` tries so many of each.
@ExtendWith(Quiet.class)
class MutationTest {
  private static final long SEED = 1;
  private static final int MUTATIONS = 500;
  private static final int MUTATIONS_OF_LONG_RUN = 60_000;
  private static final long MOST_NANOS = 1_000_000_000;

  /// What a reader takes for whatever it reads.
  private static final long ALLOCATION_BASE = 16 << 20;

  private static final long ALLOCATION_FACTOR = 16;

  /// A sample's time and value, in arrays that have grown to hold it.
  private static final long SAMPLE_BYTES = 64;

  @ParameterizedTest(name = "{0}")
  @EnumSource(FuzzTarget.class)
  void badBytesAreRefusedAsDeclared(FuzzTarget target) throws IOException {
    int mutations =
        Integer.getInteger("mutations", Effort.isLong() ? MUTATIONS_OF_LONG_RUN : MUTATIONS);
    List<byte[]> seeds = target.seeds();
    assertThat(seeds).isNotEmpty();
    for (byte[] seed : seeds) {
      target.read(seed);
    }
    for (int i = 0; i < mutations; i++) {
      var random = new Random(SEED * 1_000_003 + i);
      byte[] input = mutated(seeds.get(random.nextInt(seeds.size())), seeds, random);
      read(target, random.nextBoolean() ? target.repair(input) : input, i);
    }
    Effort.say("mutations of %s, seed %d: %d".formatted(target, SEED, mutations));
  }

  /// Within time and memory.
  private static void read(FuzzTarget target, byte[] input, int number) throws IOException {
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    long began = memory.getCurrentThreadCpuTime();
    long samples;
    try {
      samples = target.read(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s: %s".formatted(told(target, input, number), e), e);
    }
    long took = memory.getCurrentThreadCpuTime() - began;
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    if (allocated > ALLOCATION_BASE + ALLOCATION_FACTOR * input.length + SAMPLE_BYTES * samples) {
      throw new AssertionError(
          "%s: allocates %d bytes".formatted(told(target, input, number), allocated));
    }
    if (took > MOST_NANOS) {
      throw new AssertionError("%s: takes %d ns".formatted(told(target, input, number), took));
    }
  }

  private static String told(FuzzTarget target, byte[] input, int number) {
    String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, 64));
    return "%s, seed %d, mutation %d, %d bytes %s…"
        .formatted(target, SEED, number, input.length, hex);
  }

  private static byte[] mutated(byte[] seed, List<byte[]> seeds, Random random) {
    byte[] bytes = seed;
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes = once(bytes, seeds.get(random.nextInt(seeds.size())), random);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, byte[] other, Random random) {
    byte[] changed = bytes.clone();
    // Half of all places lie where the file ends to have anything in it.
    int end = random.nextBoolean() ? filled(bytes) : bytes.length;
    int at = random.nextInt(Math.max(1, end));
    switch (random.nextInt(7)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt();
      case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
      case 3 -> {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(8));
        Arrays.fill(changed, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
      }
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
        changed = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, changed, 0, at + length);
        System.arraycopy(bytes, at, changed, at + length, bytes.length - at);
      }
      default -> {
        int length = Math.min(Math.min(bytes.length, other.length) - 1, 1 + random.nextInt(64));
        if (length > 0) {
          System.arraycopy(
              other,
              random.nextInt(other.length - length),
              changed,
              random.nextInt(bytes.length - length),
              length);
        }
      }
    }
    return changed;
  }

  /// Where the zeros at the end begin.
  private static int filled(byte[] bytes) {
    int end = bytes.length;
    while (end > 1 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
