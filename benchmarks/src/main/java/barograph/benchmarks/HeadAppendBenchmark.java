package barograph.benchmarks;

import barograph.storage.disk.FileDisk;
import barograph.storage.head.Appended;
import barograph.storage.head.Head;
import barograph.storage.model.Labels;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost the head to take one sample, everything included, when a million series come
/// target by target: offered as whole rows, as the server does it, and one by one, as it does with
/// what does not fit into rows?
///
/// Targets are at different rows of their streams, as in a fleet that grew: at any time some are
/// being sealed, so that a sample's share of sealing is in every figure.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeadAppendBenchmark {
  private static final int PER_TARGET = 500;
  private static final int SEALED_AT = 120;
  private static final int INTERVAL = 15_000;
  private static final long START = 1_780_000_000_000L;

  @Param("1000000")
  int series;

  private ScratchFolder folder;
  private Head head;
  private int targets;
  private int[] rows;
  private int next;
  private final int[] refs = new int[PER_TARGET];
  private final double[] values = new double[PER_TARGET];

  @Setup
  public void fillHead() throws IOException {
    folder = ScratchFolder.make();
    head = new Head(new FileDisk(), folder.path(), 42);
    targets = Math.max(1, series / PER_TARGET);
    rows = new int[targets];
    for (int target = 0; target < targets; target++) {
      String name = "host-%04d:9100".formatted(target);
      for (int i = 0; i < PER_TARGET; i++) {
        head.findOrMake(
            Labels.of(Labels.METRIC_NAME, "m" + i, "instance", name), name, Integer.MAX_VALUE);
        head.pollNew();
      }
      for (int row = (int) ((long) target * SEALED_AT / targets); row >= 0; row--) {
        appendWhole(target);
      }
    }
  }

  /// What is left over of a row, as the first sample of each is, which begins it, goes one by one.
  private void appendWhole(int target) {
    int row = rows[target]++;
    long time = START + (long) row * INTERVAL;
    for (int i = 0; i < PER_TARGET; i++) {
      refs[i] = target * PER_TARGET + i;
      values[i] = value(i, row);
    }
    int done = 0;
    while (done < PER_TARGET) {
      done += head.appendRow(refs, done, PER_TARGET, time, values);
      if (done < PER_TARGET) {
        append(refs[done], time, values[done]);
        done++;
      }
    }
  }

  private void appendEach(int target) {
    int row = rows[target]++;
    long time = START + (long) row * INTERVAL;
    for (int i = 0; i < PER_TARGET; i++) {
      append(target * PER_TARGET + i, time, value(i, row));
    }
  }

  private void append(int ref, long time, double value) {
    if (head.append(ref, time, value) != Appended.STORED) {
      throw new IllegalStateException("series %d refuses its sample of %d".formatted(ref, time));
    }
  }

  /// As in a fleet: half never change, a quarter count, the rest are gauges.
  private static double value(int i, int row) {
    return switch (i & 7) {
      case 0, 1, 2, 3 -> i;
      case 4, 5 -> (double) row * (i & 63) + ((row * i) & 7);
      case 6 -> (((row * 2654435761L + i) >>> 7) & 1023) / 100.0;
      default -> (row >> 3) * 0.25;
    };
  }

  @TearDown
  public void close() throws IOException {
    head.close();
    folder.close();
  }

  private int nextTarget() {
    int target = next;
    next = next + 1 == targets ? 0 : next + 1;
    return target;
  }

  @Benchmark
  @OperationsPerInvocation(PER_TARGET)
  public void appendOneRow() {
    appendWhole(nextTarget());
  }

  @Benchmark
  @OperationsPerInvocation(PER_TARGET)
  public void appendOneByOne() {
    appendEach(nextTarget());
  }
}
