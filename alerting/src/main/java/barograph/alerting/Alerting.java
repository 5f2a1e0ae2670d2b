package barograph.alerting;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.beat.ThreadBeat;
import barograph.alerting.evaluate.AlertView;
import barograph.alerting.evaluate.EvaluationSettings;
import barograph.alerting.evaluate.GroupView;
import barograph.alerting.evaluate.RuleGroups;
import barograph.alerting.evaluate.Surroundings;
import barograph.alerting.forward.AlertForwarder;
import barograph.alerting.forward.AlertRelabeling;
import barograph.alerting.notify.Notifier;
import barograph.alerting.notify.NotifyFigures;
import barograph.alerting.notify.NotifyPorts;
import barograph.alerting.notify.RestartPatience;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Watches by rules and tells by notifications, from [#start] to [#close].
public final class Alerting implements AutoCloseable {
  /// Nothing is told for at most this long after a restart while rules are asked for the first
  /// time.
  private static final Duration LONGEST_SETTLING = Duration.ofMinutes(2);

  /// How long a target may take to be scraped again after a restart.
  private static final Duration RETURN_TIME = Duration.ofMinutes(2);

  private final AlertingOptions options;
  private final Notifier notifier;
  private final AlertForwarder forwarder;
  private volatile AlertRelabeling relabeling = AlertRelabeling.NONE;
  private final RuleGroups groups;
  private final Runnable stopThreads;

  private Alerting(
      AlertingOptions options,
      AlertingConfig config,
      AlertingPorts ports,
      AlertingThreads threads,
      Beat beat) {
    this.options = options;
    this.stopThreads = threads.stop();
    notifier =
        new Notifier(
            config.notifications(),
            new NotifyPorts(
                beat,
                threads.deliveries(),
                ports.web(),
                options.externalUrlText(),
                new NotifyFigures()),
            ports.state(),
            ports.before(),
            patience(config));
    groups =
        new RuleGroups(
            new Surroundings(
                ports.query(),
                ports.appender(),
                ports.reader(),
                beat,
                threads.evaluations(),
                this::pass,
                this::awaited));
    forwarder = new AlertForwarder(ports.web(), threads.deliveries());
    forward(config);
  }

  /// Begins on threads of its own.
  ///
  /// @param clock tells the time that turns, alerts and messages carry
  public static Alerting start(
      AlertingOptions options, AlertingConfig config, AlertingPorts ports, InstantSource clock) {
    var beat = new ThreadBeat(clock);
    var threads = AlertingThreads.start(options.concurrentEvaluations(), beat::close);
    return start(options, config, ports, threads, beat);
  }

  /// Begins on the caller's threads and beat.
  static Alerting start(
      AlertingOptions options,
      AlertingConfig config,
      AlertingPorts ports,
      AlertingThreads threads,
      Beat beat) {
    var alerting = new Alerting(options, config, ports, threads, beat);
    alerting.groups.start(config.ruleFiles(), alerting.settings(config));
    return alerting;
  }

  /// Goes on with another configuration: what is unchanged in it keeps its state.
  public void reload(AlertingConfig config) {
    notifier.reload(config.notifications());
    forward(config);
    groups.reload(config.ruleFiles(), settings(config));
  }

  private void forward(AlertingConfig config) {
    relabeling = config.forwarding().relabeling();
    forwarder.apply(config.forwarding().alertmanagers());
  }

  /// Passes on what rules have found, as it is called outside of them.
  private void pass(List<Alert> alerts) {
    var leaving = AlertForwarder.relabeled(alerts, relabeling);
    notifier.take(leaving);
    forwarder.take(leaving);
  }

  private @Nullable Alert awaited(Labels labels) {
    @Nullable Labels leaving = relabeling.apply(labels);
    return leaving == null ? null : notifier.awaited(leaving);
  }

  /// Who else is told of alerts, and how that goes.
  public AlertForwarder forwarder() {
    return forwarder;
  }

  /// Rule groups for `/api/v1/rules`, by file and then by name.
  public List<GroupView> groups() {
    return groups.views();
  }

  /// Pending and firing alerts for `/api/v1/alerts`.
  public List<AlertView> alerts() {
    return groups.alerts();
  }

  /// What was sent and what was not, for own metrics.
  public NotifyFigures notifyFigures() {
    return notifier.figures();
  }

  /// What takes alerts from outside, and tells of all of them.
  public Notifier notifier() {
    return notifier;
  }

  /// How long it may take until it is known which alerts of before a restart are still there: by
  /// then every rule has been asked, and targets that are well have been scraped twice.
  private static RestartPatience patience(AlertingConfig config) {
    var turn = config.longestInterval();
    var settle = (turn.compareTo(LONGEST_SETTLING) < 0 ? turn : LONGEST_SETTLING).plusSeconds(1);
    return new RestartPatience(
        settle, turn.plus(RETURN_TIME), config.notifications().resolveTimeout());
  }

  /// How many groups of alerts there are now that have not all been told to be over.
  public int notificationGroups() {
    return notifier.groupCount();
  }

  /// Ends evaluation and notification; a rule that is being evaluated is waited for.
  @Override
  public void close() {
    groups.close();
    forwarder.close();
    notifier.close();
    stopThreads.run();
  }

  private EvaluationSettings settings(AlertingConfig config) {
    return new EvaluationSettings(
        config.evaluationInterval(),
        config.queryOffset(),
        config.externalLabels(),
        options.externalUrlText(),
        options.resendDelay(),
        options.outageTolerance(),
        options.gracePeriod());
  }
}
