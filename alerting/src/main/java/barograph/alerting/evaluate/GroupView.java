package barograph.alerting.evaluate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule group as `/api/v1/rules` shows it.
///
/// @param lastEvaluation when it was last begun; null before the first time
/// @param evaluationTime how long that took
/// @param counts since the group began with this configuration
public record GroupView(
    String name,
    String file,
    Duration interval,
    int limit,
    List<RuleView> rules,
    Duration evaluationTime,
    @Nullable Instant lastEvaluation,
    Counts counts) {
  public GroupView {
    rules = List.copyOf(rules);
  }

  /// How often what has happened.
  ///
  /// @param turns that were due
  /// @param missed turns of them that were skipped because the one before took too long
  /// @param evaluations of single rules
  /// @param failures evaluations of them that failed
  public record Counts(long turns, long missed, long evaluations, long failures) {}

  /// The same group with fewer rules.
  public GroupView with(List<RuleView> some) {
    return new GroupView(name, file, interval, limit, some, evaluationTime, lastEvaluation, counts);
  }
}
