package barograph.query;

import barograph.query.exec.Budget;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A query under way, which anybody may cancel from any thread.
///
/// Cancelling is noticed within the loops of the evaluation, long before half a second is over; the
/// thread that runs the query then throws [QueryException.Kind#CANCELLED].
public final class ActiveQuery {
  private final RandomGenerator ids;
  private final String text;
  private final Instant startedAt;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private volatile @Nullable Budget budget;
  private @Nullable String id;

  /// @param ids where it has its id from once somebody wants to know it
  ActiveQuery(RandomGenerator ids, String text, Instant startedAt) {
    this.ids = ids;
    this.text = text;
    this.startedAt = startedAt;
  }

  void runsOn(Budget itsBudget) {
    budget = itsBudget;
  }

  /// By what it is named to whoever wants to cancel it; nobody can guess it.
  public synchronized String id() {
    var its = id;
    if (its == null) {
      its = HexFormat.of().toHexDigits(ids.nextLong());
      id = its;
    }
    return its;
  }

  /// The expression as it was asked.
  public String text() {
    return text;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /// Whether it has turned out to be more than a moment's work.
  public boolean isHeavy() {
    var its = budget;
    return its != null && its.isHeavy();
  }

  /// Series found so far.
  public long series() {
    var its = budget;
    return its == null ? 0 : its.seriesFound();
  }

  /// Samples read so far.
  public long samples() {
    var its = budget;
    return its == null ? 0 : its.samplesRead();
  }

  /// Memory that it holds now, about.
  public long bytes() {
    var its = budget;
    return its == null ? 0 : its.takenBytes();
  }

  public void cancel() {
    cancelled.set(true);
  }

  public boolean isCancelled() {
    return cancelled.get();
  }
}
