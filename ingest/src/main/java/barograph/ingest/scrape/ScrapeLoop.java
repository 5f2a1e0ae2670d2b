package barograph.ingest.scrape;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// The beat of one target: a virtual thread that visits it at its moment of every interval.
final class ScrapeLoop {
  private static final Logger LOG = System.getLogger(ScrapeLoop.class.getName());
  private static final long TOLERANCE_MILLIS = 2;

  private final TargetScraper scraper;
  private final Pace pace;
  private final String forbidden;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean targetGone;

  /// @param forbidden why the target must not be asked, empty if it may
  ScrapeLoop(TargetScraper scraper, Pace pace, String forbidden) {
    this.scraper = scraper;
    this.pace = pace;
    this.forbidden = forbidden;
    this.thread = Thread.ofVirtual().name("scrape " + scraper.target().uri()).unstarted(this::run);
  }

  TargetScraper scraper() {
    return scraper;
  }

  /// Whether this one visits the same target in the same way.
  boolean isLike(ScrapeLoop other) {
    return scraper.target().equals(other.scraper.target()) && forbidden.equals(other.forbidden);
  }

  void start() {
    thread.start();
  }

  /// Ends the visits. If the target is gone, and not merely this loop, its series are marked as
  /// stale a little more than two intervals later, which leaves another owner time to take over.
  void stop(boolean gone) {
    targetGone = gone;
    stopping = true;
    thread.interrupt();
  }

  boolean running() {
    return thread.isAlive();
  }

  /// Waits until the loop has ended.
  void join() throws InterruptedException {
    thread.join();
  }

  private void run() {
    long interval = scraper.target().interval().toMillis();
    long tick = firstTick(pace.nowMillis(), interval, scraper.target().offsetMillis());
    try {
      while (!stopping) {
        pace.sleepUntil(tick);
        long now = pace.nowMillis();
        visit(aligned(now, tick, interval));
        long next = nextTick(tick, pace.nowMillis(), interval);
        scraper.missed((next - tick) / interval - 1);
        tick = next;
      }
    } catch (InterruptedException e) {
      // Told to stop, which the flag says as well.
    }
    if (targetGone) {
      farewell(tick, interval);
    }
  }

  /// A fault of ours costs one visit and not the target.
  private void visit(long timestampMillis) throws InterruptedException {
    try {
      scraper.visit(timestampMillis, forbidden);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "scrape of " + scraper.target().uri() + " failed unexpectedly", e);
    }
  }

  private void farewell(long tick, long interval) {
    try {
      pace.sleepUntil(tick);
      long staleAt = pace.nowMillis();
      pace.sleepUntil(staleAt + interval + interval / 10);
      scraper.markAllStale(staleAt);
    } catch (InterruptedException e) {
      // The process ends: series end without markers.
      Thread.currentThread().interrupt();
    }
  }

  /// The first moment after `now` that lies `offset` behind a multiple of the interval.
  static long firstTick(long now, long interval, long offset) {
    return now + Math.floorMod(offset - now, interval);
  }

  /// The tick itself if `now` is hardly later, so that timestamps of a target are evenly spaced and
  /// cost next to nothing.
  static long aligned(long now, long tick, long interval) {
    return Math.abs(now - tick) <= Math.min(TOLERANCE_MILLIS, interval / 100) ? tick : now;
  }

  /// The next tick that has not passed; those missed are left out.
  static long nextTick(long tick, long now, long interval) {
    long next = tick + interval;
    return next > now ? next : next + ((now - next) / interval + 1) * interval;
  }
}
