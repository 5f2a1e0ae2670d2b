package barograph.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Staleness;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkRoundTripTest {
  private static final double[] ODD = {
    Staleness.MARKER,
    Double.longBitsToDouble(Staleness.NAN_BITS),
    Double.NaN,
    Double.longBitsToDouble(0xfff800000000abcdL),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    9007199254740994.0,
    1e18,
    -1e18,
    4.9e18,
    9.3e18,
    Long.MIN_VALUE,
    1e-300,
    0.1 + 0.2,
    1e22,
  };
  private static final int SHAPES = 13;

  private final ByteSink sink = new ByteSink();
  private final ChunkDecoder decoder = new ChunkDecoder();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everyValueComesBackBitForBit(long seed) {
    var random = new Random(seed);
    var fast = new ChunkEncoder();
    var dense = new ChunkEncoder(true);
    for (int round = 0; round < 4_000; round++) {
      double[] values = randomValues(random);
      assertRoundTrip(round % 2 == 0 ? fast : dense, values);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {8, 9})
  void aChunkHasTheSameBytesWhateverWasEncodedBefore(long seed) {
    var random = new Random(seed);
    var used = new ChunkEncoder(seed == 9);
    for (int round = 0; round < 2_000; round++) {
      double[] values = randomValues(random);
      used.encode(values, 0, values.length, sink.clear());
      byte[] bytes = sink.toByteArray();
      new ChunkEncoder(seed == 9).encode(values, 0, values.length, sink.clear());
      assertThat(bytes).isEqualTo(sink.toByteArray());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {10, 11})
  void xorBitsTakeWhatTheyAreSaidTo(long seed) {
    var random = new Random(seed);
    var bits = new BitWriter();
    for (int round = 0; round < 4_000; round++) {
      double[] values = randomValues(random);
      XorBits.encode(values, 0, values.length, bits, sink.clear());
      assertThat(sink.size()).isEqualTo(XorBits.size(values, 0, values.length));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6, 7})
  void theEndOfAChunkIsReadAsWithTheWhole(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 6_000; round++) {
      double[] values = randomValues(random);
      int count = values.length;
      int skip = random.nextInt(count);
      sink.clear();
      new ChunkEncoder(round % 2 == 0).encode(values, 0, count, sink);
      var chunk = MemorySegment.ofArray(sink.toByteArray());
      double last = random.nextInt(9) == 0 ? Double.NaN : values[count - 1];
      var tail = new double[count];
      decoder.decodeTail(chunk, 0, sink.size(), count, skip, last, tail, 0);
      for (int i = skip; i < count; i++) {
        assertThat(Double.doubleToRawLongBits(tail[i - skip]))
            .as("value %d of %d from %d on", i, count, skip)
            .isEqualTo(Double.doubleToRawLongBits(values[i]));
      }
    }
  }

  @Test
  void aFailedScrapeDoesNotBreakAConstant() {
    var values = new double[1000];
    java.util.Arrays.fill(values, 42);
    values[500] = Staleness.MARKER;
    assertThat(assertRoundTrip(new ChunkEncoder(), values)).isLessThan(8);
  }

  @Test
  void aConstantTakesAFewBytes() {
    assertThat(assertRoundTrip(new ChunkEncoder(), new double[1024])).isEqualTo(2);
  }

  @Test
  void aSteadyCounterTakesAFewBytes() {
    var values = new double[1024];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1_000_000 + 15.0 * i;
    }
    assertThat(assertRoundTrip(new ChunkEncoder(), values)).isLessThan(12);
  }

  @Test
  void aDecimalGaugeTakesItsDigits() {
    var random = new Random(7);
    var values = new double[1024];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256) / 100.0;
    }
    assertThat(assertRoundTrip(new ChunkEncoder(), values)).isLessThan(1024 + 16);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void damagedBytesGiveValuesOrACorruptChunk(long seed) {
    var random = new Random(seed);
    var encoder = new ChunkEncoder(true);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      double[] values = randomValues(random);
      sink.clear();
      encoder.encode(values, 0, values.length, sink);
      byte[] bytes = sink.toByteArray();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
      try {
        decoder.decode(bytes, 0, length, values.length, new double[values.length], 0);
      } catch (CorruptChunkException expected) {
        refused++;
      }
      int skip = values.length / 2;
      var tail = new double[values.length];
      var chunk = MemorySegment.ofArray(bytes);
      double last = values[values.length - 1];
      try {
        decoder.decodeTail(chunk, 0, length, values.length, skip, last, tail, 0);
      } catch (CorruptChunkException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  private int assertRoundTrip(ChunkEncoder encoder, double[] values) {
    sink.clear();
    sink.putByte(99);
    encoder.encode(values, 0, values.length, sink);
    int length = sink.size() - 1;
    var decoded = new double[values.length + 1];
    decoder.decode(MemorySegment.ofArray(sink.toByteArray()), 1, length, values.length, decoded, 1);
    for (int i = 0; i < values.length; i++) {
      if (Double.doubleToRawLongBits(decoded[i + 1]) != Double.doubleToRawLongBits(values[i])) {
        assertThat(Long.toHexString(Double.doubleToRawLongBits(decoded[i + 1])))
            .as("value %d of %d in mode %d", i, values.length, sink.array()[1])
            .isEqualTo(Long.toHexString(Double.doubleToRawLongBits(values[i])));
      }
    }
    return length;
  }

  private static double[] randomValues(Random random) {
    int count = 1 + random.nextInt(random.nextInt(10) == 0 ? ChunkEncoder.MAX_SAMPLES : 300);
    int shape = random.nextInt(SHAPES);
    double odds = random.nextInt(3) == 0 ? 0.02 * random.nextInt(50) : 0;
    double digits = Math.pow(10, random.nextInt(9));
    double value = random.nextInt(1_000_000);
    var values = new double[count];
    for (int i = 0; i < count; i++) {
      value =
          switch (shape) {
            case 0 -> random.nextInt(10);
            case 1 -> value + random.nextInt(1000);
            case 2 -> Math.rint(value * digits + random.nextInt(5000) - 2000) / digits;
            case 3 -> random.nextDouble() * 1e6;
            case 4 -> random.nextGaussian();
            case 5 -> Double.longBitsToDouble(random.nextLong());
            case 6 -> value + random.nextDouble();
            case 7 -> value + (random.nextInt(20) == 0 ? 4096 * random.nextInt(9) : 0);
            case 8 -> random.nextInt(200) == 0 ? 0 : value + random.nextInt(100);
            case 9 -> -Math.rint(random.nextGaussian() * 1e5) / 1e3;
            case 10 -> ODD[random.nextInt(ODD.length)];
            case 11 -> Double.longBitsToDouble(random.nextLong() & 0x7ff);
            default -> 1.795e9 + random.nextInt(1000) + random.nextInt(1_000_000) / 1e6;
          };
      values[i] = random.nextDouble() < odds ? ODD[random.nextInt(ODD.length)] : value;
    }
    return values;
  }
}
