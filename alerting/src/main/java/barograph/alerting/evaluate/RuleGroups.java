package barograph.alerting.evaluate;

import barograph.alerting.rule.RuleFile;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All groups at work.
public final class RuleGroups implements AutoCloseable {
  private final Surroundings around;
  private volatile Map<Key, RunningGroup> running = Map.of();
  private boolean closed;

  public RuleGroups(Surroundings around) {
    this.around = around;
  }

  private record Key(String file, String name) {}

  /// Begins with these groups, which take up what was stored before a restart.
  public synchronized void start(List<RuleFile> files, EvaluationSettings settings) {
    replace(files, settings, true);
  }

  /// Goes on with these groups instead: unchanged ones do not notice, changed ones keep the state
  /// of rules with the same name and labels, and what is gone is ended.
  public synchronized void reload(List<RuleFile> files, EvaluationSettings settings) {
    replace(files, settings, false);
  }

  private void replace(List<RuleFile> files, EvaluationSettings settings, boolean atStart) {
    if (closed) {
      throw new IllegalStateException("rules were stopped and cannot be loaded again");
    }
    var old = new LinkedHashMap<>(running);
    var next = new LinkedHashMap<Key, RunningGroup>();
    for (var file : files) {
      for (var group : file.groups()) {
        var key = new Key(file.path(), group.name());
        var before = old.remove(key);
        if (before != null && before.sameAs(file.path(), group, settings)) {
          next.put(key, before);
          continue;
        }
        var fresh = new RunningGroup(file.path(), group, settings, around);
        boolean restore = atStart;
        if (before != null) {
          before.stop();
          fresh.continueFrom(before);
          restore = fresh.isRestoring();
        }
        if (restore) {
          fresh.startAndRestore();
        } else {
          fresh.start();
        }
        next.put(key, fresh);
      }
    }
    running = next;
    old.values().forEach(this::retire);
  }

  /// Ends what a removed group wrote, but only after two intervals: the same series may come from
  /// another group by then.
  private void retire(RunningGroup group) {
    group.stop();
    var removedAt = around.beat().now();
    around
        .beat()
        .at(
            removedAt.plus(group.interval().multipliedBy(2)),
            () -> around.threads().execute(() -> group.endSeries(removedAt, writtenNow())));
  }

  private Set<Labels> writtenNow() {
    var all = new HashSet<Labels>();
    running.values().forEach(group -> all.addAll(group.currentSeries()));
    return all;
  }

  /// All groups, by file and then by name.
  public List<GroupView> views() {
    return running.values().stream()
        .map(RunningGroup::view)
        .sorted(Comparator.comparing(GroupView::file).thenComparing(GroupView::name))
        .toList();
  }

  /// All pending and firing alerts.
  public List<AlertView> alerts() {
    var all = new ArrayList<AlertView>();
    running.values().forEach(group -> all.addAll(group.activeAlerts()));
    return all;
  }

  /// Ends all groups without ending their series: the next start goes on with them.
  @Override
  public synchronized void close() {
    closed = true;
    running.values().forEach(RunningGroup::stop);
  }
}
