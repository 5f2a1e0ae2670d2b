package barograph.alerting.testkit;

import barograph.alerting.beat.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time: calls come in the order of their moments while a test moves on.
public final class FakeBeat implements Beat {
  private final PriorityQueue<Entry> calls =
      new PriorityQueue<>(Comparator.comparing(Entry::when).thenComparingLong(Entry::order));
  private Instant now;
  private long order;

  public FakeBeat(Instant start) {
    now = start;
  }

  private record Entry(Instant when, long order, Runnable action) {}

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Call at(Instant when, Runnable action) {
    var entry = new Entry(when, order++, action);
    calls.add(entry);
    return () -> calls.remove(entry);
  }

  /// Moves on by `time`, and makes every call that is due meanwhile.
  public void pass(Duration time) {
    passUntil(now.plus(time));
  }

  public void passUntil(Instant end) {
    while (!calls.isEmpty() && !calls.peek().when().isAfter(end)) {
      var entry = calls.remove();
      if (entry.when().isAfter(now)) {
        now = entry.when();
      }
      entry.action().run();
    }
    if (end.isAfter(now)) {
      now = end;
    }
  }

  /// Lets time go by within a call, as work does that takes long.
  public void spend(Duration time) {
    now = now.plus(time);
  }

  /// Forgets all calls, as the end of the process does.
  public void forget() {
    calls.clear();
  }

  public int waiting() {
    return calls.size();
  }
}
