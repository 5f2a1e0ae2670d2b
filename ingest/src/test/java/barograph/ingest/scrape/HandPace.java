package barograph.ingest.scrape;

import java.util.HashMap;
import java.util.Map;

/// A clock that stands still until a test moves it, and knows who waits for it.
final class HandPace implements Pace {
  private final Map<Thread, Long> sleepers = new HashMap<>();
  private long now;

  HandPace(long now) {
    this.now = now;
  }

  @Override
  public synchronized long nowMillis() {
    return now;
  }

  @Override
  public synchronized long nanoTime() {
    return now * 1_000_000;
  }

  @Override
  public synchronized void sleepUntil(long millis) throws InterruptedException {
    sleepers.put(Thread.currentThread(), millis);
    notifyAll();
    try {
      while (now < millis) {
        wait();
      }
    } finally {
      sleepers.remove(Thread.currentThread());
      notifyAll();
    }
  }

  /// Waits until `count` threads sleep into the future, then moves on to `millis`.
  synchronized void advance(int count, long millis) throws InterruptedException {
    awaitSleepers(count);
    now = millis;
    notifyAll();
  }

  /// Waits until exactly `count` threads sleep into the future.
  synchronized void awaitSleepers(int count) throws InterruptedException {
    while (sleepers.values().stream().filter(until -> until > now).count() != count
        || sleepers.values().stream().anyMatch(until -> until <= now)) {
      wait();
    }
  }

  /// When the first of `count` sleepers wakes.
  synchronized long nextWake(int count) throws InterruptedException {
    awaitSleepers(count);
    return sleepers.values().stream().min(Long::compare).orElseThrow();
  }
}
