package barograph.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.server.usage.MetricUsage.Use;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricUsageTest {
  private static final Instant START = Instant.ofEpochMilli(1_000);

  @TempDir private Path folder;
  private Instant now = START;
  private final InstantSource clock = () -> now;

  private static List<Matcher> named(Matcher.Type type, String value) {
    return List.of(Matcher.equal("job", "a"), new Matcher(type, Labels.METRIC_NAME, value));
  }

  private static List<Use> all(MetricUsage usage, List<String> metrics) {
    var expressions = usage.byExpression();
    return metrics.stream().map(m -> usage.byName(m).plus(expressions.of(m))).toList();
  }

  @Test
  void countsWhatSelectionsNameOneByOneByChoiceAndByExpression() {
    var usage = new MetricUsage(clock);
    usage.asked(named(Matcher.Type.EQUAL, "up"));
    now = START.plusMillis(5);
    usage.asked(named(Matcher.Type.REGEX, "up|down"));
    usage.asked(named(Matcher.Type.REGEX, "node_.*"));
    usage.asked(named(Matcher.Type.NOT_EQUAL, "left"));
    usage.asked(named(Matcher.Type.NOT_REGEX, "le.*"));
    usage.asked(List.of(Matcher.equal("job", "a")));

    assertThat(all(usage, List.of("up", "down", "node_load1", "left")))
        .containsExactly(new Use(2, 1_005), new Use(1, 1_005), new Use(1, 1_005), new Use(0, 0));
  }

  @Test
  void countsGoOnAfterARestart() {
    var before = new MetricUsage(clock);
    before.asked(named(Matcher.Type.EQUAL, "up"));
    before.asked(named(Matcher.Type.REGEX, "é.*"));
    new UsageKeeper(before, folder).close();
    now = START.plusMillis(5);
    var after = new MetricUsage(clock);
    after.asked(named(Matcher.Type.EQUAL, "up"));
    new UsageKeeper(after, folder).close();

    assertThat(all(after, List.of("up", "éa")))
        .containsExactly(new Use(2, 1_005), new Use(1, 1_000));
    assertThat(after.since()).isEqualTo(START);
  }

  @Test
  void namesBeyondTheBoundAreNotCounted() {
    var usage = new MetricUsage(clock);
    for (int i = 0; i <= MetricUsage.MOST; i++) {
      usage.asked(named(Matcher.Type.EQUAL, "m" + i));
    }
    usage.asked(named(Matcher.Type.EQUAL, "m1"));

    assertThat(all(usage, List.of("m1", "m" + MetricUsage.MOST)))
        .extracting(Use::queries)
        .containsExactly(2L, 0L);
  }
}
