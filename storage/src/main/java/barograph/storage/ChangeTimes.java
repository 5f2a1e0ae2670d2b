package barograph.storage;

import barograph.storage.model.TimeRange;
import java.util.concurrent.atomic.AtomicLongArray;

/// When the samples of each few minutes last changed: what somebody has computed from them holds as
/// long as they did not.
///
/// Moments are counted, not dated: each batch of samples and each deletion is one. A moment is
/// marked on the minutes it touches before any of its samples can be seen, and is over once all
/// can; so who remembers the last moment that was over before he looked finds everything marked
/// later that he may not have seen. The table is a ring: times far apart share a mark, which makes
/// more look changed than did, never less.
final class ChangeTimes {
  private static final long SLOT_MILLIS = 300_000;
  private static final int SLOTS = 1 << 12;

  private final AtomicLongArray marks = new AtomicLongArray(SLOTS);
  private volatile long over;

  /// The moment that goes on; writer only.
  private long current;

  /// Of the slot that it has marked last; writer only.
  private long slotStart;

  private long slotEnd;

  /// Writer only: a moment begins.
  void begin() {
    current = over + 1;
    slotStart = 0;
    slotEnd = 0;
  }

  /// Writer only: samples of that time are about to change.
  void touch(long time) {
    if (time < slotStart || time >= slotEnd) {
      long slot = Math.floorDiv(time, SLOT_MILLIS);
      slotStart = slot * SLOT_MILLIS;
      slotEnd = slotStart + SLOT_MILLIS;
      marks.set(index(slot), current);
    }
  }

  /// Writer only: whatever was touched can be seen.
  void end() {
    over = current;
  }

  /// Writer only: samples anywhere in `range` have changed, and can be seen to.
  void changed(TimeRange range) {
    begin();
    long first = Math.floorDiv(range.startMillis(), SLOT_MILLIS);
    long last = Math.floorDiv(range.endMillis(), SLOT_MILLIS);
    for (long slot = first; slot <= Math.min(last, first + SLOTS - 1); slot++) {
      marks.set(index(slot), current);
    }
    end();
  }

  /// The last moment that is over.
  long moment() {
    return over;
  }

  /// The earliest time in `range` of which samples may have changed after `moment`;
  /// [Long#MAX_VALUE] if all are as they were.
  long firstChange(TimeRange range, long moment) {
    long first = Math.floorDiv(range.startMillis(), SLOT_MILLIS);
    long last = Math.floorDiv(range.endMillis(), SLOT_MILLIS);
    for (long slot = first; slot <= Math.min(last, first + SLOTS - 1); slot++) {
      if (marks.get(index(slot)) > moment) {
        return last - first >= SLOTS
            ? range.startMillis()
            : Math.max(range.startMillis(), slot * SLOT_MILLIS);
      }
    }
    return Long.MAX_VALUE;
  }

  private static int index(long slot) {
    return Math.floorMod(slot, SLOTS);
  }
}
