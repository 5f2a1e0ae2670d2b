package barograph.alerting.evaluate;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.alerting.rule.RuleGroup;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A group at work: its rules in their order, all with the timestamp of the group's turn.
///
/// Turns are an interval apart and lie where the group's name and file put them within it, so that
/// groups do not all come at once and a restart changes nothing. A turn that comes while the one
/// before still runs waits for it; further ones are missed.
final class RunningGroup {
  private static final System.Logger LOG = System.getLogger(RunningGroup.class.getName());

  private final String file;
  private final RuleGroup group;
  private final EvaluationSettings settings;
  private final Surroundings around;
  private final Duration interval;
  private final Duration queryOffset;
  private final Schedule schedule;
  private final List<RunningRule> rules = new ArrayList<>();
  private final List<List<Integer>> levels;
  private final List<RuleSeries> leftOver = new ArrayList<>();

  /// Held for the length of a turn, so that whoever stops the group waits for the turn's end.
  private final ReentrantLock turn = new ReentrantLock();

  private boolean stopped;
  private boolean restoring;
  private int turns;
  private Instant next = Instant.EPOCH;
  private Beat.@Nullable Call call;
  private final AtomicLong turnsDue = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong evaluations = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile Duration lastDuration = Duration.ZERO;
  private volatile @Nullable Instant lastEvaluation;

  RunningGroup(String file, RuleGroup group, EvaluationSettings settings, Surroundings around) {
    this.file = file;
    this.group = group;
    this.settings = settings;
    this.around = around;
    interval = group.interval() == null ? settings.interval() : group.interval();
    queryOffset = group.queryOffset() == null ? settings.queryOffset() : group.queryOffset();
    schedule = Schedule.of(group.name(), file, interval);
    levels = RuleLevels.of(group.rules());
    for (var rule : group.rules()) {
      var series = new RuleSeries(around.appender(), "rules " + file + ";" + group.name());
      rules.add(
          switch (rule) {
            case AlertingRule alerting ->
                new RunningAlertingRule(
                    alerting, group.limit(), around.query(), settings, series, around.awaited());
            case RecordingRule recording ->
                new RunningRecordingRule(recording, group.limit(), around.query(), series);
          });
    }
  }

  boolean sameAs(String otherFile, RuleGroup other, EvaluationSettings otherSettings) {
    return file.equals(otherFile) && group.equals(other) && settings.equals(otherSettings);
  }

  /// Begins, with what was stored before a restart taken up after the second turn: by then targets
  /// that are well have been scraped.
  void startAndRestore() {
    start(true);
  }

  /// Begins with nothing to restore.
  void start() {
    start(false);
  }

  /// Begins without a schedule: whoever has the group calls [#evaluate].
  void startWithoutTurns() {
    eachAlerting(RunningAlertingRule::startFresh);
  }

  private void start(boolean restore) {
    turn.lock();
    try {
      restoring = restore;
      if (!restore) {
        eachAlerting(RunningAlertingRule::startFresh);
      }
      next = schedule.firstAfter(around.beat().now());
      await();
    } finally {
      turn.unlock();
    }
  }

  /// Ends; a turn that is under way is waited for.
  void stop() {
    turn.lock();
    try {
      stopped = true;
      if (call != null) {
        call.cancel();
      }
    } finally {
      turn.unlock();
    }
  }

  /// Takes over the state of those rules that `before`, which is stopped, has under the same name
  /// and labels. Series of its other rules end with the next turn.
  void continueFrom(RunningGroup before) {
    var old = new ArrayList<>(before.rules);
    for (var rule : rules) {
      for (int i = 0; i < old.size(); i++) {
        var candidate = old.get(i).rule();
        if (candidate.name().equals(rule.rule().name())
            && candidate.labels().equals(rule.rule().labels())) {
          rule.continueFrom(old.remove(i));
          break;
        }
      }
    }
    old.forEach(gone -> leftOver.add(gone.series()));
    leftOver.addAll(before.leftOver);
    restoring = before.restoring;
    lastDuration = before.lastDuration;
    lastEvaluation = before.lastEvaluation;
  }

  boolean isRestoring() {
    return restoring;
  }

  /// Ends all series of this group, which is stopped, except those that others write now.
  void endSeries(Instant at, Set<Labels> kept) {
    rules.forEach(rule -> rule.series().end(at.toEpochMilli(), kept));
    leftOver.forEach(series -> series.end(at.toEpochMilli(), kept));
  }

  Set<Labels> currentSeries() {
    var all = new HashSet<Labels>();
    turn.lock();
    try {
      rules.forEach(rule -> all.addAll(rule.series().current()));
    } finally {
      turn.unlock();
    }
    return all;
  }

  private void await() {
    call = around.beat().at(next, this::handOver);
  }

  private void handOver() {
    try {
      around.threads().execute(this::takeTurn);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "group \"%s\" ends with the server".formatted(group.name()), e);
    }
  }

  private void takeTurn() {
    turn.lock();
    try {
      if (stopped) {
        return;
      }
      skipMissed();
      try {
        if (restoring && turns == 0) {
          takeUp();
        }
        evaluate(next);
        if (restoring && ++turns == 2) {
          restore();
        }
      } finally {
        next = following();
        await();
      }
    } finally {
      turn.unlock();
    }
  }

  /// The turn after this one; a clock that was set back must not make it wait for the old time.
  private Instant following() {
    var now = around.beat().now();
    var following = next.plus(interval);
    return following.isAfter(now.plus(interval.multipliedBy(2)))
        ? schedule.firstAfter(now)
        : following;
  }

  private void skipMissed() {
    long behind = Duration.between(next, around.beat().now()).dividedBy(interval);
    if (behind > 0) {
      missed.addAndGet(behind);
      turnsDue.addAndGet(behind);
      next = next.plus(interval.multipliedBy(behind));
      LOG.log(
          Level.WARNING,
          "group \"%s\" of %s missed %d turns".formatted(group.name(), file, behind));
    }
  }

  /// Evaluates all rules with the timestamp `at`.
  void evaluate(Instant at) {
    turnsDue.incrementAndGet();
    var began = around.beat().now();
    long time = at.toEpochMilli();
    long queryTime = time - queryOffset.toMillis();
    for (var level : levels) {
      evaluate(level.stream().map(rules::get).toList(), time, queryTime);
    }
    if (!leftOver.isEmpty()) {
      var kept = new HashSet<Labels>();
      rules.forEach(rule -> kept.addAll(rule.series().current()));
      leftOver.forEach(series -> series.end(queryTime, kept));
      leftOver.clear();
    }
    lastEvaluation = began;
    lastDuration = Duration.between(began, around.beat().now());
  }

  /// Evaluates rules that do not need each other, tells of their alerts, and stores what they give;
  /// the first in the order of the rules, so that nothing depends on whose thread was faster.
  private void evaluate(List<RunningRule> level, long time, long queryTime) {
    var all =
        level.stream()
            .map(rule -> new RuleEvaluation(rule, around.beat(), this::complain))
            .toList();
    SharedWork.on(around.threads()).each(all, evaluation -> evaluation.evaluate(time, queryTime));
    var alerts = new ArrayList<Alert>();
    all.forEach(evaluation -> alerts.addAll(evaluation.toSend(time, interval)));
    if (!alerts.isEmpty()) {
      around.alerts().accept(alerts);
    }
    all.forEach(evaluation -> evaluation.write(queryTime));
    all.forEach(RuleEvaluation::finish);
    evaluations.addAndGet(all.size());
  }

  private void complain(RunningRule rule, Exception e) {
    failures.incrementAndGet();
    boolean expected = e instanceof RuleFailure;
    LOG.log(
        expected ? Level.WARNING : Level.ERROR,
        "rule \"%s\" of group \"%s\" in %s failed: %s"
            .formatted(rule.rule().name(), group.name(), file, e.getMessage()),
        expected ? null : e);
  }

  private void restore() {
    restoring = false;
    long now = around.beat().now().toEpochMilli();
    var stored = stored(now);
    eachAlerting(rule -> {
      try {
        rule.restore(stored, now);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "since when alerts are active could not be read back", e);
        rule.startFresh();
      }
    });
  }

  private void takeUp() {
    long now = around.beat().now().toEpochMilli();
    var stored = stored(now);
    eachAlerting(rule -> {
      try {
        rule.takeUp(stored, now);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "which alerts were firing could not be read back", e);
      }
    });
  }

  private ForState stored(long now) {
    return new ForState(
        around.reader(), new TimeRange(now - settings.outageTolerance().toMillis(), now));
  }

  private void eachAlerting(Consumer<RunningAlertingRule> action) {
    for (var rule : rules) {
      if (rule instanceof RunningAlertingRule alerting) {
        action.accept(alerting);
      }
    }
  }

  String name() {
    return group.name();
  }

  Duration interval() {
    return interval;
  }

  List<AlertView> activeAlerts() {
    var all = new ArrayList<AlertView>();
    eachAlerting(rule -> all.addAll(rule.activeAlerts()));
    return all;
  }

  GroupView view() {
    return new GroupView(
        group.name(),
        file,
        interval,
        group.limit(),
        rules.stream().map(RunningRule::view).toList(),
        lastDuration,
        lastEvaluation,
        new GroupView.Counts(turnsDue.get(), missed.get(), evaluations.get(), failures.get()));
  }
}
