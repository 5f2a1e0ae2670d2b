package barograph.ingest.pushed;

import java.util.concurrent.atomic.AtomicLongArray;

/// Requests that were answered "too many" not long ago, by their hash, so that one that comes again
/// is told for good.
///
/// Some senders (vmagent is one) try a request that was answered 429 for ever and hold back what
/// comes after it: samples of series that are within every limit. They are to drop it instead.
/// Forgets what another request's hash takes the place of; then a request is tried once more.
final class Repeats {
  private static final int SLOTS_SHIFT = 12;
  private static final int UNUSED = 0;

  private final AtomicLongArray slots = new AtomicLongArray(1 << SLOTS_SHIFT);

  /// Whether the request has been here; from now on it has.
  boolean isRepeat(long hash) {
    long marked = hash == UNUSED ? 1 : hash;
    return slots.getAndSet((int) (marked >>> (Long.SIZE - SLOTS_SHIFT)), marked) == marked;
  }
}
