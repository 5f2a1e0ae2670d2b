package barograph.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Stops every workload at every operation of the disk.
@ExtendWith(Quiet.class)
class CrashPointTest {
  private static final LongAdder STATES = new LongAdder();
  private static final LongAdder OPERATIONS = new LongAdder();
  private static final LongAdder VIOLATIONS = new LongAdder();

  static List<Workload> workloads() {
    return Workloads.chosen();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("workloads")
  @Execution(ExecutionMode.CONCURRENT)
  void nothingIsLostWhereverItStops(Workload workload) throws IOException {
    for (long seed = 1; seed <= Effort.ofThisRun().seeds(); seed++) {
      stopEverywhere(workload, seed);
    }
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
        "crash points: workloads %d, operations %d (100 %%), states %d, violations %d"
            .formatted(workloads().size(), OPERATIONS.sum(), STATES.sum(), VIOLATIONS.sum()));
  }
}
