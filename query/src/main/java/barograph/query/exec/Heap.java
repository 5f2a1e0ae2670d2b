package barograph.query.exec;

import java.util.concurrent.atomic.AtomicLong;

/// The JVM's heap, which queries share with everything else that lives in it.
///
/// A query may take memory only if a part of the heap stays free behind it: running out would be
/// the end of the process. How much is used is only known after a collection, so one is asked for
/// where the garbage alone may be in the way; but not all the time.
@FunctionalInterface
public interface Heap {
  /// Whether `bytes` more fit.
  boolean hasRoom(long bytes);

  /// A heap without end.
  Heap ENDLESS = bytes -> true;

  /// The heap of this process.
  static Heap ofProcess() {
    return new OfProcess();
  }

  /// Looks at the process's own heap.
  final class OfProcess implements Heap {
    /// Of a hundred bytes, so many may be used; a collector needs some to work with.
    private static final int USABLE_PERCENT = 85;

    /// A collection is asked for again only after so many times the time that the last one took.
    private static final int REST = 8;

    private final Runtime runtime = Runtime.getRuntime();
    private final AtomicLong restUntilNanos = new AtomicLong(System.nanoTime());

    private OfProcess() {}

    @Override
    public boolean hasRoom(long bytes) {
      return fits(bytes) || (collected() && fits(bytes));
    }

    private boolean fits(long bytes) {
      long used = runtime.totalMemory() - runtime.freeMemory();
      return used + bytes <= runtime.maxMemory() / 100 * USABLE_PERCENT;
    }

    private synchronized boolean collected() {
      long start = System.nanoTime();
      if (start - restUntilNanos.get() >= 0) {
        runtime.gc();
        long end = System.nanoTime();
        restUntilNanos.set(end + REST * (end - start));
      }
      return true;
    }
  }
}
