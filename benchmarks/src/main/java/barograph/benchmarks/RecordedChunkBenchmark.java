package barograph.benchmarks;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.testkit.RecordedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to encode, and to decode, one sample of real programs?
///
/// One operation goes through the whole recording, chunk after chunk; the column `samples` is the
/// time of one sample. Without the recorded data, which lie beside the checkout or where
/// `BAROGRAPH_SHARED` says, made ones take their place, and the run says so.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class RecordedChunkBenchmark {
  /// Seconds from sample to sample.
  @Param({"1", "15"})
  int seconds;

  @Param({"false", "true"})
  boolean dense;

  private final ChunkDecoder decoder = new ChunkDecoder();
  private final List<double[]> chunks = new ArrayList<>();
  private final List<byte[]> encoded = new ArrayList<>();
  private final ByteSink sink = new ByteSink(1 << 14);
  private final double[] into = new double[ChunkEncoder.MAX_SAMPLES];
  private ChunkEncoder encoder;
  private long samples;

  /// Samples gone through.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counted {
    public long samples;
  }

  @Setup
  public void makeChunks() throws IOException {
    encoder = new ChunkEncoder(dense);
    for (double[] values : series()) {
      for (int from = 0; from < values.length; from += ChunkEncoder.MAX_SAMPLES) {
        int to = Math.min(values.length, from + ChunkEncoder.MAX_SAMPLES);
        double[] chunk = Arrays.copyOfRange(values, from, to);
        encoder.encode(chunk, 0, chunk.length, sink.clear());
        byte[] bytes = sink.toByteArray();
        decoder.decode(bytes, 0, bytes.length, chunk.length, into, 0);
        for (int i = 0; i < chunk.length; i++) {
          if (Double.doubleToRawLongBits(chunk[i]) != Double.doubleToRawLongBits(into[i])) {
            throw new IllegalStateException("a sample does not come back: " + chunk[i]);
          }
        }
        chunks.add(chunk);
        encoded.add(bytes);
        samples += chunk.length;
      }
    }
  }

  private List<double[]> series() throws IOException {
    String shared = System.getenv("BAROGRAPH_SHARED");
    Path file =
        Path.of(shared == null ? "../shared" : shared)
            .resolve("dataset/main-" + seconds + "s.bgds.zst");
    var all = new ArrayList<double[]>();
    if (Files.exists(file)) {
      RecordedData.read(file).forEach(series -> all.add(series.values()));
    } else {
      System.out.println("# " + file + " is absent: made values are taken instead");
      for (Shape shape : Shape.values()) {
        all.add(shape.values(2400 / seconds, 1));
      }
    }
    return all;
  }

  @Benchmark
  public int encode(Counted counted) {
    int bytes = 0;
    for (double[] chunk : chunks) {
      encoder.encode(chunk, 0, chunk.length, sink.clear());
      bytes += sink.size();
    }
    counted.samples += samples;
    return bytes;
  }

  @Benchmark
  public double decode(Counted counted) {
    double sum = 0;
    for (int i = 0; i < encoded.size(); i++) {
      byte[] bytes = encoded.get(i);
      decoder.decode(bytes, 0, bytes.length, chunks.get(i).length, into, 0);
      sum += into[0];
    }
    counted.samples += samples;
    return sum;
  }
}
