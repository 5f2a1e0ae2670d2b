package barograph.ingest.scrape;

import java.util.concurrent.Semaphore;

/// Lets large pages that are all new be read a few at a time.
///
/// The labels of a page's new series take several times the room of the page until the store has
/// written them down. After a start all targets have such a page at once; in turn they need the
/// room of a few, and are done no later, as the processors are busy either way.
final class FirstPages {
  private final Semaphore turns;
  private final int large;

  /// @param atOnce how many are read at a time
  /// @param large from how many bytes on a page waits for its turn
  FirstPages(int atOnce, int large) {
    this.turns = new Semaphore(atOnce, true);
    this.large = large;
  }

  /// Two, or one for each processor, of those with 256 KiB or more, which is some thousand series.
  static FirstPages usual() {
    return new FirstPages(Math.max(2, Runtime.getRuntime().availableProcessors()), 256 << 10);
  }

  /// Waits for the turn of a page of `length` bytes, if it is large; [#stored] ends it.
  ///
  /// @return whether there was need of a turn
  boolean await(int length) throws InterruptedException {
    if (length < large) {
      return false;
    }
    turns.acquire();
    return true;
  }

  /// Ends a turn: the page is stored, or will not be.
  void stored() {
    turns.release();
  }

  /// How many wait, about.
  int waiting() {
    return turns.getQueueLength();
  }
}
