package barograph.benchmarks;

import barograph.storage.model.Matcher;
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

/// What does it cost to try a regular expression on a label value, by the shape of the expression?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RegexMatcherBenchmark {
  private static final int VALUES = 1_000;

  @Param({
    "host-1",
    "host-1|host-22|host-333",
    "host-.*",
    ".+-frontend",
    ".*-(a|b|c|d)-.*",
    "/api/v[12]/.+",
    "[a-z]+-[0-9]{2}.*end"
  })
  String expression;

  private final String[] values = new String[VALUES];
  private Matcher matcher;

  @Setup
  public void makeValues() {
    var random = new Random(3);
    for (int i = 0; i < VALUES; i++) {
      values[i] =
          switch (random.nextInt(4)) {
            case 0 -> "host-" + random.nextInt(1_000);
            case 1 -> "/api/v" + random.nextInt(4) + "/users/" + i;
            case 2 -> "team-" + (char) ('a' + random.nextInt(8)) + "-backend";
            default -> "host-" + random.nextInt(100) + "-frontend";
          };
    }
    matcher = new Matcher(Matcher.Type.REGEX, "name", expression);
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int tryAll() {
    int matching = 0;
    for (String value : values) {
      matching += matcher.matches(value) ? 1 : 0;
    }
    return matching;
  }
}
