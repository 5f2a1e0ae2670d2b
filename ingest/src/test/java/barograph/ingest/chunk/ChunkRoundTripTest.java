package barograph.ingest.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Allowance;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.testkit.RandomHistograms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written as Prometheus's chunks is read back as it was.
class ChunkRoundTripTest {
  private static final long TIME = 1_700_000_000_000L;

  private record Sample(long time, long bits) {}

  private record Point(long time, Histogram histogram) {}

  private static byte[] bytes(FloatChunk chunk) throws MalformedMessageException {
    var message = new WireWriter();
    chunk.writeTo(message, 4);
    return content(message);
  }

  private static byte[] content(WireWriter message) throws MalformedMessageException {
    var wire = new WireReader(message.bytes()).within(0, message.size());
    int _ = wire.tag();
    int length = wire.length();
    return Arrays.copyOfRange(message.bytes(), wire.position(), wire.position() + length);
  }

  private static List<Sample> samples(byte[] chunk) throws MalformedMessageException {
    var columns = new SampleColumns();
    FloatChunk.read(chunk, 0, chunk.length, columns);
    var read = new ArrayList<Sample>();
    for (int i = 0; i < columns.size(); i++) {
      long bits = Double.doubleToRawLongBits(columns.values()[i]);
      read.add(new Sample(columns.timestamps()[i], bits));
    }
    return read;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void floatsComeBackBitForBit(long seed) throws MalformedMessageException {
    var random = new Random(seed);
    var chunk = new FloatChunk();
    for (int round = 0; round < 200; round++) {
      var written = new ArrayList<Sample>();
      long time = random.nextBoolean() ? TIME : random.nextLong(-1L << 40, 1L << 40);
      double value = 0;
      chunk.begin();
      for (int i = random.nextInt(130); i >= 0; i--) {
        value =
            switch (random.nextInt(8)) {
              case 0 -> value;
              case 1 -> Double.longBitsToDouble(random.nextLong());
              case 2 -> Staleness.MARKER;
              case 3 -> random.nextGaussian();
              default -> value + random.nextInt(10);
            };
        written.add(new Sample(time, Double.doubleToRawLongBits(value)));
        chunk.add(time, value);
        time += step(random);
      }
      assertThat(samples(bytes(chunk))).isEqualTo(written);
    }
  }

  /// Mostly one interval; now and then a difference at or beside where a wider encoding begins.
  private static long step(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> 1 + random.nextInt(20_000);
      case 1 -> {
        long edge = 1L << (new int[] {13, 16, 19, 30, 45})[random.nextInt(5)];
        yield 15_000 + edge + random.nextInt(-2, 3);
      }
      default -> 15_000;
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void histogramsComeBackInAsManyChunksAsTheyNeed(long seed) throws MalformedMessageException {
    var random = new Random(seed);
    var chunk = new HistogramChunk();
    for (int round = 0; round < 20; round++) {
      var histograms = new RandomHistograms(random);
      var written = new ArrayList<Point>();
      var read = new HistogramColumns();
      long time = TIME;
      int chunks = 0;
      chunk.begin();
      for (int i = 0; i < 200; i++) {
        var next = histograms.next();
        time += step(random);
        written.add(new Point(time, next));
        if (!chunk.add(time, next)) {
          chunks++;
          read(chunk, read);
          chunk.begin();
          assertThat(chunk.add(time, next)).isTrue();
        }
      }
      read(chunk, read);
      assertThat(chunks).isBetween(1, 199);
      for (int i = 0; i < written.size(); i++) {
        assertThat(read.timestamps()[i]).isEqualTo(written.get(i).time);
        assertSame(read.histogram(i), written.get(i).histogram);
      }
      assertThat(read.size()).isEqualTo(written.size());
    }
  }

  private static void read(HistogramChunk chunk, HistogramColumns into)
      throws MalformedMessageException {
    var message = new WireWriter();
    chunk.writeTo(message, 4);
    byte[] bytes = content(message);
    HistogramChunkReader.read(bytes, 0, bytes.length, chunk.isInteger(), into, Allowance.UNLIMITED);
  }

  /// The same but for what a chunk cannot say: of a series' end, all but that; of the first of a
  /// chunk, whether counting began anew before it; that zero is below zero.
  private static void assertSame(Histogram read, Histogram written) {
    if (written.isStale()) {
      assertThat(read.isStale()).isTrue();
      return;
    }
    assertThat(read.counterReset() == CounterReset.GAUGE)
        .isEqualTo(written.counterReset() == CounterReset.GAUGE);
    assertThat(shown(read)).isEqualTo(shown(written));
  }

  /// Without spans of no bucket.
  private static String shown(Histogram histogram) {
    return histogram
        .withCounterReset(CounterReset.UNKNOWN)
        .toString()
        .replace("-0.0", "0.0")
        .replaceAll("\\[-?\\d+\\+0]", "[]");
  }

  @Test
  void aChunkOfFloatsHasTheBytesThatPrometheusWrites() throws MalformedMessageException {
    var chunk = new FloatChunk();
    chunk.begin();
    chunk.add(1000, 1.5);
    chunk.add(2000, 1.5);
    chunk.add(3001, 2.5);
    // Two bytes of count, 1000 as a zigzag varint, 1.5; step 1000, the same value; then a
    // difference of 1 in 14 bits and the value's own bits.
    assertThat(HexFormat.of().formatHex(bytes(chunk)))
        .startsWith("0003" + "d00f" + "3ff8000000000000" + "e807");
    assertThat(samples(bytes(chunk)))
        .containsExactly(
            new Sample(1000, Double.doubleToRawLongBits(1.5)),
            new Sample(2000, Double.doubleToRawLongBits(1.5)),
            new Sample(3001, Double.doubleToRawLongBits(2.5)));
  }

  @Test
  void aChunkWhoseTimesDoNotRiseIsRefused() throws MalformedMessageException {
    var chunk = new FloatChunk();
    chunk.begin();
    chunk.add(1000, 1);
    chunk.add(1000, 1);
    byte[] bytes = bytes(chunk);
    assertThatThrownBy(() -> samples(bytes))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("times that rise");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aChunkThatIsCutOffIsRefused(long seed) throws MalformedMessageException {
    var random = new Random(seed);
    var chunk = new FloatChunk();
    chunk.begin();
    for (int i = 0; i < 50; i++) {
      chunk.add(TIME + i * 1000L + random.nextInt(9), random.nextGaussian());
    }
    byte[] bytes = bytes(chunk);
    for (int length = 0; length < bytes.length - 1; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> samples(cut)).isInstanceOf(MalformedMessageException.class);
    }
  }
}
