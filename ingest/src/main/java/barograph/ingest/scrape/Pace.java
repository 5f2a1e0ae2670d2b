package barograph.ingest.scrape;

/// The clock that scraping keeps time by; tests give it a hand-driven one.
public interface Pace {
  /// Milliseconds since the epoch.
  long nowMillis();

  /// A monotonic clock in nanoseconds, for durations.
  long nanoTime();

  /// Waits until [#nowMillis()] is at least `millis`.
  void sleepUntil(long millis) throws InterruptedException;

  /// The machine's own clock.
  static Pace system() {
    return new Pace() {
      @Override
      public long nowMillis() {
        return System.currentTimeMillis();
      }

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void sleepUntil(long millis) throws InterruptedException {
        for (long left = millis - nowMillis(); left > 0; left = millis - nowMillis()) {
          Thread.sleep(left);
        }
      }
    };
  }
}
