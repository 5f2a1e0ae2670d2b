package barograph.alerting.evaluate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule group as `/api/v1/rules` shows it.
///
/// @param lastEvaluation when it was last begun; null before the first time
/// @param evaluationTime how long that took
/// @param missedIterations turns that were skipped because the one before took too long
public record GroupView(
    String name,
    String file,
    Duration interval,
    int limit,
    List<RuleView> rules,
    Duration evaluationTime,
    @Nullable Instant lastEvaluation,
    long missedIterations) {
  public GroupView {
    rules = List.copyOf(rules);
  }
}
