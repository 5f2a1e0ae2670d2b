package barograph.alerting;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.beat.ThreadBeat;
import barograph.alerting.evaluate.AlertView;
import barograph.alerting.evaluate.EvaluationSettings;
import barograph.alerting.evaluate.GroupView;
import barograph.alerting.evaluate.RuleGroups;
import barograph.alerting.evaluate.Surroundings;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Watches by rules and tells by notifications, from [#start] to [#close].
public final class Alerting implements AutoCloseable {
  private final AlertingOptions options;
  private final RuleGroups groups;
  private final Runnable stopThreads;

  private Alerting(
      AlertingOptions options,
      AlertingPorts ports,
      Beat beat,
      Executor evaluations,
      Runnable stopThreads) {
    this.options = options;
    this.stopThreads = stopThreads;
    groups =
        new RuleGroups(
            new Surroundings(
                ports.query(), ports.appender(), ports.reader(), beat, evaluations, this::take));
  }

  /// Begins on threads of its own.
  ///
  /// @throws IllegalArgumentException if a rule or a template of it is wrong
  public static Alerting start(
      AlertingOptions options, AlertingConfig config, AlertingPorts ports, InstantSource clock) {
    var beat = new ThreadBeat(clock);
    ExecutorService evaluations =
        Executors.newFixedThreadPool(
            options.concurrentEvaluations(),
            Thread.ofPlatform().name("rules-", 1).daemon().factory());
    var alerting =
        new Alerting(
            options,
            ports,
            beat,
            evaluations,
            () -> {
              beat.close();
              evaluations.shutdown();
            });
    alerting.groups.start(config.ruleFiles(), alerting.settings(config));
    return alerting;
  }

  /// Goes on with another configuration: what is unchanged in it keeps its state.
  public void reload(AlertingConfig config) {
    groups.reload(config.ruleFiles(), settings(config));
  }

  /// Rule groups for `/api/v1/rules`, by file and then in the file's order.
  public List<GroupView> groups() {
    return groups.views();
  }

  /// Pending and firing alerts for `/api/v1/alerts`.
  public List<AlertView> alerts() {
    return groups.alerts();
  }

  /// Ends evaluation and notification; a rule that is being evaluated is waited for.
  @Override
  public void close() {
    groups.close();
    stopThreads.run();
  }

  private void take(List<Alert> alerts) {}

  private EvaluationSettings settings(AlertingConfig config) {
    var url = options.externalUrl().toString();
    return new EvaluationSettings(
        config.evaluationInterval(),
        config.queryOffset(),
        config.externalLabels(),
        url.endsWith("/") ? url.substring(0, url.length() - 1) : url,
        options.resendDelay(),
        options.outageTolerance(),
        options.gracePeriod());
  }
}
