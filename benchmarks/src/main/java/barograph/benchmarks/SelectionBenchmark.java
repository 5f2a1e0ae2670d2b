package barograph.benchmarks;

import barograph.storage.disk.FileDisk;
import barograph.storage.head.Head;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to find the series of a selector among 100,000, by the kind of its matchers?
///
/// A fleet of machines in twenty jobs, a hundred metrics each.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SelectionBenchmark {
  private static final int METRICS = 100;
  private static final int JOBS = 20;
  private static final long TIME = 1_780_000_000_000L;

  /// What a selector asks besides the metric's name.
  public enum Ask {
    /// `job="job-07"`.
    EQUALITY,
    /// `instance=~"a|b|…"` with twenty names, as a dashboard's variable gives it.
    ALTERNATION,
    /// `instance=~"host-00.*"`.
    PREFIX,
    /// `instance=~"host-.*7:9100"`, for which every value must be tried.
    REGEX,
    /// `job!="job-07"`.
    NEGATION;

    List<Matcher> matchers() {
      var metric = Matcher.equal(Labels.METRIC_NAME, metric(42));
      var second =
          switch (this) {
            case EQUALITY -> Matcher.equal("job", job(7));
            case ALTERNATION ->
                new Matcher(
                    Matcher.Type.REGEX,
                    "instance",
                    IntStream.range(0, 20)
                        .mapToObj(i -> instance(i * 3))
                        .collect(Collectors.joining("|")));
            case PREFIX -> new Matcher(Matcher.Type.REGEX, "instance", "host-00.*");
            case REGEX -> new Matcher(Matcher.Type.REGEX, "instance", "host-.*7:9100");
            case NEGATION -> new Matcher(Matcher.Type.NOT_EQUAL, "job", job(7));
          };
      return List.of(metric, second);
    }
  }

  @Param("100000")
  int series;

  @Param({"EQUALITY", "ALTERNATION", "PREFIX", "REGEX", "NEGATION"})
  Ask ask;

  private ScratchFolder folder;
  private Head head;

  @Setup
  public void fillHead() throws IOException {
    folder = ScratchFolder.make();
    head = new Head(new FileDisk(), folder.path(), 42);
    for (int i = 0; i < series; i++) {
      int machine = i / METRICS;
      var labels =
          Labels.of(
              Labels.METRIC_NAME,
              metric(i % METRICS),
              "instance",
              instance(machine),
              "job",
              job(machine % JOBS),
              "zone",
              "zone-" + machine % 3);
      int ref = head.findOrMake(labels, instance(machine), Integer.MAX_VALUE);
      head.append(ref, TIME, i);
      head.pollNew();
    }
    if (head.select(ask.matchers()).isEmpty()) {
      throw new IllegalStateException(ask + " finds nothing");
    }
  }

  private static String metric(int number) {
    return "fleet_metric_%03d_total".formatted(number);
  }

  private static String instance(int number) {
    return "host-%04d:9100".formatted(number);
  }

  private static String job(int number) {
    return "job-%02d".formatted(number);
  }

  @TearDown
  public void close() throws IOException {
    head.close();
    folder.close();
  }

  /// Matchers, compiled anew as each query does, to series' numbers.
  @Benchmark
  public int findNumbers() {
    return head.select(ask.matchers()).getCardinality();
  }

  /// The same, and the label pairs of what was found.
  @Benchmark
  public int findPairs() {
    return head.find(ask.matchers(), Allowance.UNLIMITED).size();
  }
}
