package barograph.query.plan;

import org.jspecify.annotations.Nullable;

/// When a selector or subquery looks: at each step or always at one time, moved by an offset.
///
/// @param pinnedMillis the time that `@` names; null to follow the steps
/// @param offsetMillis how far before that
public record Timing(@Nullable Long pinnedMillis, long offsetMillis) {
  /// The time looked at when the step is at `stepMillis`.
  public long lookAt(long stepMillis) {
    return (pinnedMillis == null ? stepMillis : pinnedMillis) - offsetMillis;
  }

  public boolean isPinned() {
    return pinnedMillis != null;
  }
}
