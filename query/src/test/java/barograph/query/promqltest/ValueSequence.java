package barograph.query.promqltest;

import barograph.query.histogram.HistogramLiteral;
import barograph.query.value.NumberText;
import barograph.storage.model.Staleness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The values of one series line: numbers, gaps, stale markers and their repetitions.
final class ValueSequence {
  /// One place of the sequence.
  sealed interface Item {
    record Gap() implements Item {}

    record Point(double value) implements Item {}

    record Histogram(HistogramLiteral literal) implements Item {}
  }

  private ValueSequence() {}

  /// The items that `text` spells.
  static List<Item> parse(String text) {
    var items = new ArrayList<Item>();
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at;
      while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
        if (text.startsWith("{{", end)) {
          int close = text.indexOf("}}", end);
          if (close < 0) {
            throw new IllegalArgumentException("histogram without end in " + text);
          }
          end = close + 2;
        } else {
          end++;
        }
      }
      expand(text.substring(at, end), items);
      at = end;
    }
    return items;
  }

  private static void expand(String token, List<Item> into) {
    if (token.contains("{{")) {
      expandHistogram(token, into);
      return;
    }
    int x = repetition(token);
    if (token.startsWith("_")) {
      int count = x < 0 ? 1 : Integer.parseInt(token.substring(x + 1));
      for (int i = 0; i < count; i++) {
        into.add(new Item.Gap());
      }
      return;
    }
    if (x < 0) {
      into.add(new Item.Point(number(token)));
      return;
    }
    int count = Integer.parseInt(token.substring(x + 1)) + 1;
    String pattern = token.substring(0, x);
    int sign = signOfStep(pattern);
    double value = number(sign < 0 ? pattern : pattern.substring(0, sign));
    double step = sign < 0 ? 0 : number(pattern.substring(sign));
    for (int i = 0; i < count; i++) {
      into.add(new Item.Point(value));
      value += step;
    }
  }

  private static void expandHistogram(String token, List<Item> into) {
    int second = token.lastIndexOf("{{");
    String tail = token.substring(token.lastIndexOf("}}") + 2);
    int times = tail.startsWith("x") ? Integer.parseInt(tail.substring(1)) : 0;
    if (second == token.indexOf("{{")) {
      var literal = HistogramLiteral.parse(token);
      into.addAll(Collections.nCopies(times + 1, new Item.Histogram(literal)));
      return;
    }
    var first = HistogramLiteral.parse(token.substring(0, second - 1));
    var step = HistogramLiteral.parse(token.substring(second));
    boolean down = token.charAt(second - 1) == '-';
    first.stepped(step, down, times).forEach(next -> into.add(new Item.Histogram(next)));
  }

  private static int repetition(String token) {
    int x = token.lastIndexOf('x');
    return x > 0 && x < token.length() - 1 && Character.isDigit(token.charAt(x + 1)) ? x : -1;
  }

  private static int signOfStep(String pattern) {
    for (int i = 1; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      char before = Character.toLowerCase(pattern.charAt(i - 1));
      if ((c == '+' || c == '-') && before != 'e') {
        return i;
      }
    }
    return -1;
  }

  static double number(String token) {
    return token.equals("stale") ? Staleness.MARKER : NumberText.parse(token);
  }
}
