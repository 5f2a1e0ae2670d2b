package barograph.query.plan;

import org.jspecify.annotations.Nullable;

/// When a selector or subquery looks: at each step or always at one time, moved by an offset.
///
/// @param pinnedMillis the time that `@` names; null to follow the steps
/// @param offsetMillis how far before that
public record Timing(@Nullable Long pinnedMillis, long offsetMillis) {
  /// Far beyond any sample, yet far enough from the end of numbers to add any duration.
  private static final long FURTHEST = 1L << 62;

  /// The time looked at when the step is at `stepMillis`.
  public long lookAt(long stepMillis) {
    long from = Math.clamp(pinnedMillis == null ? stepMillis : pinnedMillis, -FURTHEST, FURTHEST);
    return Math.clamp(from - offsetMillis, -FURTHEST, FURTHEST);
  }

  public boolean isPinned() {
    return pinnedMillis != null;
  }
}
