package barograph.storage.block;

import java.util.function.IntBinaryOperator;

/// Sorts numbers by a comparison of what they stand for: a merge sort that makes no object of them,
/// as the JDK has none for primitive numbers with an order of one's own.
final class IndexSort {
  /// Pieces of this length are sorted by insertion.
  private static final int SHORT = 8;

  private IndexSort() {}

  /// Sorts stably; `order` compares two of the numbers.
  static void sort(int[] numbers, IntBinaryOperator order) {
    sort(numbers.clone(), numbers, 0, numbers.length, order);
  }

  /// Sorts `from` to `to` of `target`, of which `source` is a copy.
  private static void sort(int[] source, int[] target, int from, int to, IntBinaryOperator order) {
    if (to - from <= SHORT) {
      for (int i = from + 1; i < to; i++) {
        int number = target[i];
        int at = i;
        for (; at > from && order.applyAsInt(target[at - 1], number) > 0; at--) {
          target[at] = target[at - 1];
        }
        target[at] = number;
      }
      return;
    }
    int middle = (from + to) >>> 1;
    sort(target, source, from, middle, order);
    sort(target, source, middle, to, order);
    if (order.applyAsInt(source[middle - 1], source[middle]) <= 0) {
      System.arraycopy(source, from, target, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean fromLeft =
          right == to || (left < middle && order.applyAsInt(source[left], source[right]) <= 0);
      target[i] = fromLeft ? source[left++] : source[right++];
    }
  }
}
