package barograph.alerting.inhibit;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.route.MatcherText;
import barograph.storage.model.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InhibitorTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static InhibitRule rule(String source, String target, String... equal) {
    return new InhibitRule(
        "", MatcherText.parse(source), MatcherText.parse(target), List.of(equal));
  }

  private static Alert alert(Labels labels, Instant endsAt) {
    return new Alert(labels, Map.of(), NOW.minusSeconds(600), endsAt, "");
  }

  private static Alert firing(String... labels) {
    return alert(Labels.of(labels), NOW.plusSeconds(600));
  }

  private static boolean inhibits(Inhibitor inhibitor, String... labels) {
    return inhibitor.inhibiting(Labels.of(labels), NOW) != null;
  }

  @Test
  void aFiringSourceKeepsTargetsQuietThatShareItsLabels() {
    var inhibitor =
        new Inhibitor(List.of(rule("severity=critical", "severity=warning", "host", "zone")));
    inhibitor.put(firing("severity", "critical", "host", "a"));
    assertThat(inhibits(inhibitor, "severity", "warning", "host", "a")).isTrue();
    assertThat(inhibits(inhibitor, "severity", "warning", "host", "a", "zone", "")).isTrue();
    assertThat(inhibits(inhibitor, "severity", "warning", "host", "a", "zone", "z")).isFalse();
    assertThat(inhibits(inhibitor, "severity", "warning", "host", "b")).isFalse();
    assertThat(inhibits(inhibitor, "severity", "info", "host", "a")).isFalse();
  }

  @Test
  void aSourceThatIsOverInhibitsNothing() {
    var inhibitor = new Inhibitor(List.of(rule("a=1", "b=1")));
    var source = Labels.of("a", "1");
    inhibitor.put(alert(source, NOW.plusSeconds(1)));
    assertThat(inhibits(inhibitor, "b", "1")).isTrue();
    inhibitor.put(alert(source, NOW));
    assertThat(inhibits(inhibitor, "b", "1")).isFalse();
  }

  @Test
  void alertsThatAreSourceAndTargetAtOnceDoNotSilenceEachOther() {
    var inhibitor = new Inhibitor(List.of(rule("a=1", "b=1")));
    inhibitor.put(firing("a", "1", "b", "1", "n", "x"));
    assertThat(inhibits(inhibitor, "a", "1", "b", "1", "n", "x")).isFalse();
    assertThat(inhibits(inhibitor, "a", "1", "b", "1", "n", "y")).isFalse();
    assertThat(inhibits(inhibitor, "b", "1")).isTrue();
    inhibitor.put(firing("a", "1"));
    assertThat(inhibits(inhibitor, "a", "1", "b", "1", "n", "y")).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsASourceExactlyWhenThereIsOne(long seed) {
    var random = new Random(seed);
    var rules =
        List.of(
            rule("a=1", "b=1", "c"),
            rule("a=~\"1|2\", b!=1", "c=2"),
            rule("c=1", "a!=1", "a", "b"));
    var inhibitor = new Inhibitor(rules);
    var alerts = new HashMap<Labels, Alert>();
    for (int step = 0; step < 300; step++) {
      var labels = randomLabels(random);
      var fresh = alert(labels, NOW.plusSeconds(random.nextInt(3) - 1));
      if (random.nextInt(5) == 0) {
        var gone = alerts.remove(labels);
        if (gone != null) {
          inhibitor.remove(gone);
        }
      } else {
        alerts.put(labels, fresh);
        inhibitor.put(fresh);
      }
      var asked = randomLabels(random);
      assertThat(inhibitor.inhibiting(asked, NOW) != null)
          .as("step %d, %s", step, asked)
          .isEqualTo(rules.stream().anyMatch(rule -> inhibits(rule, alerts, asked)));
    }
  }

  private static boolean inhibits(InhibitRule rule, Map<Labels, Alert> alerts, Labels target) {
    var sources = new ArrayList<>(alerts.values());
    sources.removeIf(alert -> alert.resolvedAt(NOW) || !rule.isSource(alert.labels()));
    sources.removeIf(
        alert -> rule.equal().stream().anyMatch(n -> !alert.labels().get(n).equals(target.get(n))));
    if (rule.isSource(target)) {
      sources.removeIf(alert -> rule.isTarget(alert.labels()));
    }
    return rule.isTarget(target) && !sources.isEmpty();
  }

  private static Labels randomLabels(Random random) {
    var labels = new Labels.Builder();
    for (var name : List.of("a", "b", "c")) {
      if (random.nextInt(4) > 0) {
        labels.set(name, String.valueOf(random.nextInt(3)));
      }
    }
    return labels.build();
  }
}
