package barograph.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.crash.Effort;
import barograph.storage.crash.Quiet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs the simulation of many seeds; `-Dsimulation.seed=17` runs that one alone.
@ExtendWith(Quiet.class)
class StoreSimulationTest {
  private static final int SEEDS = 30;
  private static final int SEEDS_OF_LONG_RUN = 2_500;
  private static final int AT_ONCE = 2;

  /// Those that have found something.
  private static final List<Long> REMEMBERED = List.of(71L, 367L, 389L, 2036L, 2044L);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 71})
  void aSeedGivesTheSameAnswersEachTimeUnlessTheDiskIsFull(long seed) throws IOException {
    assertThat(StoreSimulation.run(seed, false)).isEqualTo(StoreSimulation.run(seed, false));
  }

  @Test
  void whateverHappensTheStoreSaysWhatThePlainMapSays()
      throws IOException, InterruptedException, ExecutionException {
    Long one = Long.getLong("simulation.seed");
    if (one != null) {
      assertThat(StoreSimulation.run(one).steps()).isPositive();
      return;
    }
    int seeds = Effort.isLong() ? SEEDS_OF_LONG_RUN : SEEDS;
    var runs = new ArrayList<Callable<Integer>>();
    LongStream.concat(
            LongStream.rangeClosed(1, seeds), REMEMBERED.stream().mapToLong(Long::longValue))
        .distinct()
        .forEach(seed -> runs.add(() -> StoreSimulation.run(seed).steps()));
    long steps = 0;
    var failures = new ArrayList<String>();
    try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var run : pool.invokeAll(runs)) {
        try {
          steps += run.get();
        } catch (ExecutionException e) {
          failures.add(String.valueOf(e.getCause()));
        }
      }
    }
    Effort.say(
        "simulation: seeds 1 to %d and %s, steps %d, failures %d"
            .formatted(seeds, REMEMBERED, steps, failures.size()));
    assertThat(failures).as("run one alone by -Dsimulation.seed=").isEqualTo(List.of());
  }
}
