package barograph.query.ast;

import org.jspecify.annotations.Nullable;

/// The modifiers that move a selector or subquery in time.
///
/// @param offset how far into the past; null without `offset`
public record TimeShift(At at, @Nullable DurationExpr offset) {
  public static final TimeShift NONE = new TimeShift(At.STEP, null);

  public TimeShift withAt(At other) {
    return new TimeShift(other, offset);
  }

  public TimeShift withOffset(DurationExpr other) {
    return new TimeShift(at, other);
  }

  /// The offset in milliseconds, 0 without one; see [DurationExpr#millis].
  public long offsetMillis(DurationExpr.Clock clock) {
    return offset == null ? 0 : offset.millis(clock);
  }
}
