package barograph.query.exec;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that all queries of an engine share, counted by those that take it.
public final class MemoryPool {
  private final long maxBytes;
  private final AtomicLong takenBytes = new AtomicLong();

  public MemoryPool(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Takes `bytes`; false, and nothing taken, if they are not there.
  boolean take(long bytes) {
    if (takenBytes.addAndGet(bytes) > maxBytes) {
      takenBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    takenBytes.addAndGet(-bytes);
  }

  /// What is taken now.
  public long takenBytes() {
    return takenBytes.get();
  }
}
