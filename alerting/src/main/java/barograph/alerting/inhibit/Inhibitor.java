package barograph.alerting.inhibit;

import barograph.alerting.alert.Alert;
import barograph.storage.model.Labels;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules of inhibition with the sources that each of them has now.
///
/// Sources are found by what they share with their targets, so that asking costs the same for ten
/// alerts and for ten thousand. Guarded by whoever holds it.
public final class Inhibitor {
  private final List<Sources> rules;

  public Inhibitor(List<InhibitRule> rules) {
    this.rules = rules.stream().map(Sources::new).toList();
  }

  /// Takes an alert as it is known from now on, which may be a source, or was one.
  public void put(Alert alert) {
    rules.forEach(rule -> rule.put(alert));
  }

  /// Forgets an alert that is not known any more.
  public void remove(Alert alert) {
    rules.forEach(rule -> rule.remove(alert));
  }

  /// The alert that keeps one with these labels quiet now, or null if none does.
  ///
  /// An alert that is source and target of a rule is not kept quiet by another such: they would
  /// silence each other, and each itself.
  public @Nullable Alert inhibiting(Labels labels, Instant now) {
    for (var rule : rules) {
      @Nullable Alert source = rule.sourceFor(labels, now);
      if (source != null) {
        return source;
      }
    }
    return null;
  }

  /// One rule and the alerts that are its sources, by what they share with their targets.
  private static final class Sources {
    private final InhibitRule rule;
    private final Map<List<String>, Map<Labels, Alert>> alerts = new HashMap<>();

    Sources(InhibitRule rule) {
      this.rule = rule;
    }

    void put(Alert alert) {
      if (rule.isSource(alert.labels())) {
        alerts
            .computeIfAbsent(rule.shared(alert.labels()), absent -> new HashMap<>())
            .put(alert.labels(), alert);
      }
    }

    void remove(Alert alert) {
      alerts.computeIfPresent(
          rule.shared(alert.labels()),
          (_, same) -> {
            same.remove(alert.labels());
            return same.isEmpty() ? null : same;
          });
    }

    @Nullable Alert sourceFor(Labels labels, Instant now) {
      if (!rule.isTarget(labels)) {
        return null;
      }
      boolean both = rule.isSource(labels);
      for (var source : alerts.getOrDefault(rule.shared(labels), Map.of()).values()) {
        if (!source.resolvedAt(now) && !(both && rule.isTarget(source.labels()))) {
          return source;
        }
      }
      return null;
    }
  }
}
