package barograph.ingest.remoteread;

import barograph.storage.model.Allowance;
import org.jspecify.annotations.Nullable;

/// An asker's memory, lent to those who fetch answers for it on threads of their own.
///
/// It ends with the asking: what still comes then must not be counted, as nobody would give it
/// back.
final class LentAllowance implements Allowance, AutoCloseable {
  private final Allowance memory;
  private boolean over;
  private @Nullable RuntimeException refusal;

  LentAllowance(Allowance memory) {
    this.memory = memory;
  }

  @Override
  public synchronized void take(long bytes) {
    if (over) {
      throw new IllegalStateException("nobody waits for this answer any more");
    }
    try {
      memory.take(bytes);
    } catch (RuntimeException e) {
      refusal = e;
      throw e;
    }
  }

  /// Throws to the asker what was thrown to somebody who fetched.
  synchronized void rethrowRefusal() {
    if (refusal != null) {
      throw refusal;
    }
  }

  @Override
  public synchronized void close() {
    over = true;
  }
}
