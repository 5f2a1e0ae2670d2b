package barograph.alerting.evaluate;

import barograph.alerting.beat.Beat;
import barograph.alerting.rule.RuleFile;
import barograph.storage.Appender;
import barograph.storage.Reader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Rules that are evaluated when they are told to: no schedule, no threads, nobody hears of alerts.
public final class SteppedRules {
  private final List<RunningGroup> groups = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  /// All groups of `files`.
  ///
  /// @param order groups that come in this order; those that it does not name come first
  public SteppedRules(
      List<RuleFile> files,
      List<String> order,
      EvaluationSettings settings,
      RuleQuery query,
      Appender appender,
      Reader reader) {
    var around =
        new Surroundings(
            query, appender, reader, new Standing(), Runnable::run, alerts -> {}, labels -> null);
    for (var file : files) {
      for (var group : file.groups()) {
        groups.add(new RunningGroup(file.path(), group, settings, around));
      }
    }
    groups.sort(Comparator.comparingInt(group -> Math.max(0, order.indexOf(group.name()))));
    groups.forEach(RunningGroup::startWithoutTurns);
  }

  /// Time as it was at the last step; nothing is ever called back.
  private final class Standing implements Beat {
    @Override
    public Instant now() {
      return now;
    }

    @Override
    public Call at(Instant when, Runnable action) {
      throw new IllegalStateException("stepped rules have no turns");
    }
  }

  /// A rule that could not be evaluated.
  public record Failure(String rule, String why) {}

  /// Evaluates all rules, in order, and says which of them failed.
  public List<Failure> evaluate(Instant at) {
    now = at;
    var failures = new ArrayList<Failure>();
    for (var group : groups) {
      group.evaluate(at);
      for (var rule : group.view().rules()) {
        if (rule.lastError() != null) {
          failures.add(new Failure(rule.rule().name(), Objects.requireNonNull(rule.lastError())));
        }
      }
    }
    return failures;
  }

  /// All alerts that fire now.
  public List<AlertView> firing() {
    return groups.stream()
        .flatMap(group -> group.activeAlerts().stream())
        .filter(alert -> alert.state() == RuleView.State.FIRING)
        .toList();
  }
}
