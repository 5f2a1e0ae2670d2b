package barograph.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Stops every workload at every operation of the disk.
@ExtendWith(Quiet.class)
class CrashPointTest {
  private static final LongAdder STATES = new LongAdder();
  private static final LongAdder OPERATIONS = new LongAdder();
  private static final LongAdder VIOLATIONS = new LongAdder();

  /// All workloads with one seed before any with the next, so that a run cut short is a whole one
  /// of fewer seeds.
  static Stream<Arguments> runs() {
    return IntStream.rangeClosed(1, Effort.ofThisRun().seeds())
        .boxed()
        .flatMap(seed -> Workloads.chosen().stream().map(workload -> arguments(workload, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("runs")
  @Execution(ExecutionMode.CONCURRENT)
  void nothingIsLostWhereverItStops(Workload workload, int seed) throws IOException {
    stopEverywhere(workload, seed);
  }

  private static void stopEverywhere(Workload workload, long seed) throws IOException {
    var tally = CrashPoints.of(workload, Effort.ofThisRun(), seed);
    STATES.add(tally.states());
    OPERATIONS.add(tally.operations());
    VIOLATIONS.add(tally.violations().size());
    Effort.say(
        "crash points of \"%s\", seed %d: operations %d, states %d, violations %d"
            .formatted(
                workload, seed, tally.operations(), tally.states(), tally.violations().size()));
    assertThat(tally.violations()).isEmpty();
    assertThat(tally.states()).isGreaterThan(tally.operations());
  }

  @AfterAll
  static void sayHowMuch() {
    Effort.say(
        "crash points: workloads %d, seeds %d, operations %d (100 %%), states %d, violations %d"
            .formatted(
                Workloads.chosen().size(),
                Effort.ofThisRun().seeds(),
                OPERATIONS.sum(),
                STATES.sum(),
                VIOLATIONS.sum()));
  }
}
