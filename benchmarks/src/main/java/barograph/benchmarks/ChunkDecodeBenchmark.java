package barograph.benchmarks;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.ChunkEncoder;
import java.util.Arrays;
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

/// What does it cost to decode one sample, by the shape of its series?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkDecodeBenchmark {
  /// So many that no branch is remembered from one round to the next.
  private static final int CHUNKS = 64;

  @Param({"CONSTANT", "COUNTER", "GAUGE", "NOISE"})
  Shape shape;

  /// As a merged block has its chunks: denser, with Huffman codes where they pay.
  @Param({"false", "true"})
  boolean dense;

  private final ChunkDecoder decoder = new ChunkDecoder();
  private final byte[][] chunks = new byte[CHUNKS][];
  private final double[] into = new double[ChunkEncoder.MAX_SAMPLES];
  private int next;

  @Setup
  public void makeChunks() {
    var encoder = new ChunkEncoder(dense);
    for (int i = 0; i < CHUNKS; i++) {
      double[] values = shape.values(ChunkEncoder.MAX_SAMPLES, i);
      var sink = new ByteSink();
      encoder.encode(values, 0, values.length, sink);
      chunks[i] = sink.toByteArray();
      decoder.decode(chunks[i], 0, chunks[i].length, values.length, into, 0);
      if (!Arrays.equals(values, into)) {
        throw new IllegalStateException("chunk %d of %s does not come back".formatted(i, shape));
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(ChunkEncoder.MAX_SAMPLES)
  public double decodeOneChunk() {
    byte[] chunk = chunks[next++ & (CHUNKS - 1)];
    decoder.decode(chunk, 0, chunk.length, ChunkEncoder.MAX_SAMPLES, into, 0);
    return into[ChunkEncoder.MAX_SAMPLES - 1];
  }
}
