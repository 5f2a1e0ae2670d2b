package barograph.storage.wal;

import java.util.Random;
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

/// What does it cost to turn one sample into the log's bytes, by how many of a target's values have
/// changed since its last row?
///
/// Twenty targets of 500 series take turns, 15 s apart. Packing, writing and syncing come after it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LogRecordBenchmark {
  private static final int TARGETS = 20;
  private static final int SAMPLES = 500;
  private static final int ROWS = 256;
  private static final long TIME = 1_780_000_000_000L;

  /// When the log hands its bytes over.
  private static final int FRAME_BYTES = 64 << 10;

  @Param({"10", "50"})
  int changedPercent;

  private final RecordWriter writer = new RecordWriter();
  private final int[][] refs = new int[TARGETS][SAMPLES];
  private final double[][] rows = new double[ROWS][SAMPLES];
  private long written;

  @Setup
  public void makeRows() {
    for (int target = 0; target < TARGETS; target++) {
      for (int i = 0; i < SAMPLES; i++) {
        refs[target][i] = target * SAMPLES + i;
      }
    }
    var random = new Random(3);
    var values = new double[SAMPLES];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < SAMPLES; i++) {
        if (random.nextInt(100) < changedPercent) {
          values[i] += i % 4 == 0 ? random.nextInt(1_000_000) / 1000.0 : random.nextInt(500);
        }
      }
      rows[row] = values.clone();
    }
    writer.startSegment(TIME);
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int writeOneRow() {
    int target = (int) (written % TARGETS);
    long beat = written / TARGETS;
    written++;
    // Each target at its own place in the rows, so that no branch is learned from its neighbour.
    double[] values = rows[(int) ((beat + 13L * target) % ROWS)];
    writer.row(target, TIME + beat * 15_000, refs[target], values, 0, SAMPLES);
    int size = writer.size();
    if (size > FRAME_BYTES) {
      writer.clear();
    }
    return size;
  }
}
