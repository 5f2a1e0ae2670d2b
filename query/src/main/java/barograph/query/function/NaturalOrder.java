package barograph.query.function;

import java.util.Comparator;

/// Orders texts as people do: runs of digits by their number, `node-9` before `node-10`.
public final class NaturalOrder {
  /// The order itself.
  public static final Comparator<String> COMPARATOR = NaturalOrder::compare;

  private NaturalOrder() {}

  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
        int endA = endOfDigits(a, i);
        int endB = endOfDigits(b, j);
        int order = compareNumbers(a, i, endA, b, j, endB);
        if (order != 0) {
          return order;
        }
        i = endA;
        j = endB;
      } else {
        int order = Character.compare(a.charAt(i), b.charAt(j));
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static int compareNumbers(String a, int i, int endA, String b, int j, int endB) {
    int startA = i;
    int startB = j;
    while (startA < endA - 1 && a.charAt(startA) == '0') {
      startA++;
    }
    while (startB < endB - 1 && b.charAt(startB) == '0') {
      startB++;
    }
    int order = Integer.compare(endA - startA, endB - startB);
    if (order != 0) {
      return order;
    }
    order = a.substring(startA, endA).compareTo(b.substring(startB, endB));
    return order != 0 ? order : Integer.compare(endA - i, endB - j);
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
