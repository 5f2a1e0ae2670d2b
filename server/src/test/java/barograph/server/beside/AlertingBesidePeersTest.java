package barograph.server.beside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plays a scenario of six minutes to Barograph and to Prometheus with Alertmanager at once, and
/// compares what both tell.
///
/// Runs where `BAROGRAPH_PEERS` names a folder with `prometheus` and `alertmanager` (or
/// `prometheus-alertmanager`):
///
///     BAROGRAPH_PEERS=… mvn -pl server -am test -Dtest=AlertingBesidePeersTest \
///       -Dsurefire.failIfNoSpecifiedTests=false
///
/// Some steps only, by their numbers: `-Dbeside.steps=1-12`.
class AlertingBesidePeersTest {
  /// In which millisecond after the rules' turn steps begin.
  private static final int PHASE = 300;

  @TempDir Path home;

  @Test
  void tellsWhatThePeersTell() throws IOException {
    var peers = System.getenv("BAROGRAPH_PEERS");
    assumeTrue(peers != null, "BAROGRAPH_PEERS names no folder with the peers' binaries");
    try (var world = new World(home, Path.of(String.valueOf(peers)))) {
      var scenario = new Scenario(world);
      scenario.configure();
      world.start();
      var steps = chosen(scenario.steps());
      var began = play(world, steps);
      var outcome =
          Comparison.of(
              world.ears.heard(World.OURS),
              world.ears.heard(World.THEIRS),
              at -> steps.get(Math.max(0, began.headMap(at).size() - 1)));
      System.out.printf(
          "%d steps, %d messages the same, %d differences%n",
          steps.size(), outcome.matched(), outcome.differences().size());
      outcome.differences().forEach(System.out::println);
      assertThat(outcome.differences()).isEmpty();
      assertThat(outcome.matched()).isGreaterThan(steps.size() / 2);
      assertThat(world.alerts(World.OURS)).isEqualTo(world.alerts(World.THEIRS));
    }
  }

  private static List<Scenario.Step> chosen(List<Scenario.Step> steps) {
    @Nullable String range = System.getProperty("beside.steps");
    if (range == null) {
      return steps;
    }
    var ends = range.split("-", 2);
    return steps.subList(Integer.parseInt(ends[0]) - 1, Integer.parseInt(ends[1]));
  }

  /// Takes all steps, and says when each began.
  private static NavigableMap<Instant, Scenario.Step> play(World world, List<Scenario.Step> steps)
      throws IOException {
    var began = new TreeMap<Instant, Scenario.Step>();
    sleepUntil(Instant.now().plusSeconds(3));
    for (var step : steps) {
      sleepUntil(nextPhase(world.evaluationPhase() + PHASE));
      var now = Instant.now();
      began.put(now, step);
      System.out.printf("%s step %d: %s%n", now, step.number(), step.name());
      step.action().take();
      sleepUntil(now.plus(step.settle()).minus(Duration.ofMillis(100)));
    }
    sleepUntil(Instant.now().plusSeconds(4));
    return began;
  }

  private static Instant nextPhase(int millisOfSecond) {
    var now = Instant.now().toEpochMilli();
    return Instant.ofEpochMilli(now + Math.floorMod(millisOfSecond - now, 1000L));
  }

  private static void sleepUntil(Instant time) {
    for (var left = Duration.between(Instant.now(), time);
        left.isPositive();
        left = Duration.between(Instant.now(), time)) {
      LockSupport.parkNanos(left.toNanos());
    }
  }
}
