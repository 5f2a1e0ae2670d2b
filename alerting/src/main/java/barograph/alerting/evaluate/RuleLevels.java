package barograph.alerting.evaluate;

import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.alerting.rule.Rule;
import barograph.query.EngineOptions;
import barograph.query.PromqlText;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which rules of a group can be evaluated at the same time.
///
/// Rules see what earlier ones of their group have stored in the same turn, and nothing of later
/// ones. All of that is said by metrics' names: what a rule stores, and what its selectors read. A
/// rule whose selectors do not name a metric, or whose templates ask questions of their own, may
/// read anything.
///
/// The rules of a level are all evaluated before any of them stores, and store in the file's order;
/// so a rule must be a level above those that store what it reads, and may share one with those
/// that read what it stores.
final class RuleLevels {
  private static final Set<EngineOptions.Feature> ALL_FEATURES =
      EnumSet.allOf(EngineOptions.Feature.class);

  private final Map<String, Integer> stored = new HashMap<>();
  private final Map<String, Integer> read = new HashMap<>();
  private int storedAtMost = -1;
  private int anythingRead;

  private RuleLevels() {}

  /// The places of `rules` in the group, level by level.
  static List<List<Integer>> of(List<? extends Rule> rules) {
    var levels = new ArrayList<List<Integer>>();
    var levelling = new RuleLevels();
    for (int i = 0; i < rules.size(); i++) {
      int level = levelling.next(rules.get(i));
      while (levels.size() <= level) {
        levels.add(new ArrayList<>());
      }
      levels.get(level).add(i);
    }
    return levels;
  }

  private int next(Rule rule) {
    @Nullable Set<String> reads = reads(rule);
    var stores = stores(rule);
    int level = anythingRead;
    if (reads == null) {
      level = Math.max(level, storedAtMost + 1);
    } else {
      for (var name : reads) {
        level = Math.max(level, stored.getOrDefault(name, -1) + 1);
      }
    }
    for (var name : stores) {
      level = Math.max(level, read.getOrDefault(name, 0));
    }
    if (reads == null) {
      anythingRead = level;
    } else {
      for (var name : reads) {
        read.merge(name, level, Math::max);
      }
    }
    for (var name : stores) {
      stored.merge(name, level, Math::max);
    }
    storedAtMost = Math.max(storedAtMost, level);
    return level;
  }

  private static Set<String> stores(Rule rule) {
    return switch (rule) {
      case RecordingRule recording -> Set.of(recording.name());
      case AlertingRule _ ->
          Set.of(RunningAlertingRule.STATE_METRIC, RunningAlertingRule.SINCE_METRIC);
    };
  }

  /// Names of the metrics that a rule reads, or null if it may be any.
  private static @Nullable Set<String> reads(Rule rule) {
    if (rule instanceof AlertingRule alerting && asksInTemplates(alerting)) {
      return null;
    }
    var names = new HashSet<String>();
    for (var selector : PromqlText.selectors(PromqlText.parse(rule.expr(), ALL_FEATURES))) {
      @Nullable String name = nameIn(selector);
      if (name == null) {
        return null;
      }
      names.add(name);
    }
    return names;
  }

  private static boolean asksInTemplates(AlertingRule rule) {
    return rule.labels().values().stream().anyMatch(RuleLevels::asks)
        || rule.annotations().values().stream().anyMatch(RuleLevels::asks);
  }

  private static boolean asks(String template) {
    return template.contains("{{") && template.contains("query");
  }

  private static @Nullable String nameIn(List<Matcher> selector) {
    for (var matcher : selector) {
      if (matcher.name().equals(Labels.METRIC_NAME) && matcher.type() == Matcher.Type.EQUAL) {
        return matcher.value();
      }
    }
    return null;
  }
}
