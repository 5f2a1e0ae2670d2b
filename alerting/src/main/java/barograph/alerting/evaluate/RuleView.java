package barograph.alerting.evaluate;

import barograph.alerting.rule.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule as `/api/v1/rules` shows it: the rule itself and how it does.
///
/// @param state of the whole rule: that of its worst alert; for a recording rule always `INACTIVE`
/// @param alerts pending and firing ones in label order; none for a recording rule
/// @param lastError what went wrong the last time; null if nothing did
/// @param lastEvaluation null before the first time
public record RuleView(
    Rule rule,
    State state,
    List<AlertView> alerts,
    Health health,
    @Nullable String lastError,
    Duration evaluationTime,
    @Nullable Instant lastEvaluation) {
  public RuleView {
    alerts = List.copyOf(alerts);
  }

  /// How a rule stands.
  public enum State {
    /// Not evaluated yet.
    UNKNOWN,
    INACTIVE,
    PENDING,
    FIRING;

    /// As the API spells it.
    public String word() {
      return switch (this) {
        case UNKNOWN -> "unknown";
        case INACTIVE -> "inactive";
        case PENDING -> "pending";
        case FIRING -> "firing";
      };
    }
  }

  /// Whether the last evaluation worked.
  public enum Health {
    UNKNOWN,
    OK,
    ERR;

    /// As the API spells it.
    public String word() {
      return switch (this) {
        case UNKNOWN -> "unknown";
        case OK -> "ok";
        case ERR -> "err";
      };
    }
  }
}
