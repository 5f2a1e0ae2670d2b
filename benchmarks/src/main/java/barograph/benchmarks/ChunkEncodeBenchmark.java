package barograph.benchmarks;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkEncoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to encode one sample, by the shape of its series?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkEncodeBenchmark {
  private static final int CHUNKS = 64;

  @Param({"CONSTANT", "COUNTER", "GAUGE", "NOISE"})
  Shape shape;

  /// As a merged block has its chunks: denser, with Huffman codes where they pay.
  @Param({"false", "true"})
  boolean dense;

  private ChunkEncoder encoder;
  private final ByteSink sink = new ByteSink(16 << 10);
  private final double[][] series = new double[CHUNKS][];
  private int next;

  @Setup
  public void makeSeries() {
    encoder = new ChunkEncoder(dense);
    for (int i = 0; i < CHUNKS; i++) {
      series[i] = shape.values(ChunkEncoder.MAX_SAMPLES, i);
    }
  }

  @Benchmark
  @OperationsPerInvocation(ChunkEncoder.MAX_SAMPLES)
  public int encodeOneChunk() {
    double[] values = series[next++ & (CHUNKS - 1)];
    sink.clear();
    encoder.encode(values, 0, values.length, sink);
    return sink.size();
  }
}
