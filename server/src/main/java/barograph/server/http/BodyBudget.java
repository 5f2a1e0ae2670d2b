package barograph.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of request bodies that may be held at the same time, taken before the first one is read.
final class BodyBudget {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long limitBytes) {
    this.limit = limitBytes;
  }

  boolean take(long bytes) {
    long now = taken.addAndGet(bytes);
    if (now > limit) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
