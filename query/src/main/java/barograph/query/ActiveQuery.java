package barograph.query;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// A query under way, which anybody may cancel from any thread.
///
/// Cancelling is noticed within the loops of the evaluation, long before half a second is over; the
/// thread that runs the query then throws [QueryException.Kind#CANCELLED].
public final class ActiveQuery {
  private final String text;
  private final Instant startedAt;
  private final AtomicBoolean cancelled = new AtomicBoolean();

  ActiveQuery(String text, Instant startedAt) {
    this.text = text;
    this.startedAt = startedAt;
  }

  /// The expression as it was asked.
  public String text() {
    return text;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public void cancel() {
    cancelled.set(true);
  }

  public boolean isCancelled() {
    return cancelled.get();
  }
}
