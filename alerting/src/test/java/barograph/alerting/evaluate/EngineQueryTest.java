package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.alerting.rule.RuleFile;
import barograph.alerting.rule.RuleGroup;
import barograph.alerting.testkit.FakeBeat;
import barograph.query.EngineOptions;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineQueryTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final Labels UP = Labels.of("__name__", "up", "job", "node");

  private final NaiveStore store = new NaiveStore();
  private final EngineQuery query =
      new EngineQuery(new QueryEngine(store, EngineOptions.defaults()), QueryLimits.DEFAULT);

  @Test
  void givesVectorsAsTheyAreAndAScalarAsOneSample() throws Exception {
    store.put(UP, 1_000, 0);
    assertThat(query.at("up == 0", 2_000)).extracting(Sample::labels).containsExactly(UP);
    assertThat(query.at("1 + 1", 2_000)).containsExactly(new Sample(Labels.EMPTY, 2_000, 2));
  }

  @Test
  void saysWhyThereIsNoAnswer() {
    assertThatThrownBy(() -> query.at("up[5m]", 2_000))
        .isInstanceOf(RuleFailure.class)
        .hasMessage("rule result is not a vector or scalar");
    assertThatThrownBy(() -> query.at("sum(", 2_000))
        .isInstanceOf(RuleFailure.class)
        .hasMessageContaining("parse error");
  }

  @Test
  void aRuleSeesInTheSameTurnTheAlertsOfTheRuleBeforeIt() {
    var down =
        new AlertingRule(
            "Down", "up == 0", Duration.ofSeconds(20), Duration.ZERO, Map.of(), Map.of());
    var count = new RecordingRule("alerts:count", "count by (alertstate) (ALERTS)", Map.of());
    var group = new RuleGroup("g", Duration.ofSeconds(10), null, 0, Map.of(), List.of(down, count));
    var beat = new FakeBeat(START);
    store.put(UP, START.toEpochMilli(), 0);
    try (var groups =
        new RuleGroups(
            new Surroundings(
                query, store, store, beat, Runnable::run, alerts -> {}, labels -> null))) {
      groups.start(
          List.of(new RuleFile("r.yml", List.of(group))),
          new EvaluationSettings(
              Duration.ofMinutes(1),
              Duration.ZERO,
              Labels.EMPTY,
              "http://baro",
              Duration.ofMinutes(1),
              Duration.ofHours(1),
              Duration.ofMinutes(10)));
      beat.pass(Duration.ofSeconds(41));
      long last = groups.views().getFirst().lastEvaluation().toEpochMilli();
      assertThat(at("alerts:count", last)).isEqualTo("alerts:count{alertstate=\"firing\"} 1.0");
    }
  }

  private String at(String expr, long timeMillis) {
    try {
      var samples = query.at(expr, timeMillis);
      assertThat(samples).hasSize(1);
      return samples.getFirst().labels() + " " + samples.getFirst().value();
    } catch (RuleFailure e) {
      throw new AssertionError(e);
    }
  }
}
