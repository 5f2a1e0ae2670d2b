package barograph.storage.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Lets readers copy a series while the one writer changes it, without ever stopping the writer: a
/// sequence lock for every so many series.
///
/// The number is odd while the writer is at work. A reader copies, and starts again if the number
/// was odd or has changed; what it copied in the meantime may be nonsense.
final class Versions {
  private static final VarHandle NUMBER = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int STRIPES = 4096;

  private final int[] numbers = new int[STRIPES];

  void beginWrite(int ref) {
    int stripe = ref & (STRIPES - 1);
    NUMBER.setOpaque(numbers, stripe, numbers[stripe] + 1);
    VarHandle.storeStoreFence();
  }

  void endWrite(int ref) {
    int stripe = ref & (STRIPES - 1);
    NUMBER.setRelease(numbers, stripe, numbers[stripe] + 1);
  }

  /// Waits until nobody writes and gives the number then.
  int beginRead(int ref) {
    int stripe = ref & (STRIPES - 1);
    int number = (int) NUMBER.getAcquire(numbers, stripe);
    while ((number & 1) != 0) {
      Thread.onSpinWait();
      number = (int) NUMBER.getAcquire(numbers, stripe);
    }
    return number;
  }

  /// Whether all that was read since [#beginRead] gave `number` belongs together.
  boolean isValid(int ref, int number) {
    VarHandle.loadLoadFence();
    return (int) NUMBER.getOpaque(numbers, ref & (STRIPES - 1)) == number;
  }
}
