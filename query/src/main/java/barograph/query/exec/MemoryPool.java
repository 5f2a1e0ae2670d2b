package barograph.query.exec;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that all queries of an engine share, counted by those that take it.
public final class MemoryPool {
  private final long maxBytes;
  private final Heap heap;
  private final AtomicLong takenBytes = new AtomicLong();

  /// @param maxBytes what all queries together may have
  /// @param heap where it comes from
  public MemoryPool(long maxBytes, Heap heap) {
    this.maxBytes = maxBytes;
    this.heap = heap;
  }

  /// Takes `bytes`.
  ///
  /// @param percent how much of the whole may be taken afterwards: what less urgent queries hold
  ///   leaves some to the others
  /// @return what is in the way, and nothing is taken; empty if nothing is
  public String take(long bytes, int percent) {
    long now = takenBytes.addAndGet(bytes);
    long most = maxBytes / 100 * percent;
    if (now > most) {
      takenBytes.addAndGet(-bytes);
      return "all queries together would hold %d bytes, at most %d".formatted(now, most);
    }
    if (!heap.hasRoom(bytes)) {
      takenBytes.addAndGet(-bytes);
      return "the server's memory has no room for %d bytes more".formatted(bytes);
    }
    return "";
  }

  /// Gives back what was taken.
  public void giveBack(long bytes) {
    takenBytes.addAndGet(-bytes);
  }

  /// What is taken now.
  public long takenBytes() {
    return takenBytes.get();
  }
}
