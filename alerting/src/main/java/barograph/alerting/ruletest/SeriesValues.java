package barograph.alerting.ruletest;

import barograph.query.histogram.HistogramNotation;
import barograph.query.histogram.NativeHistogram;
import barograph.query.value.NumberText;
import barograph.storage.model.Staleness;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The values of a test's series, written as `1 2 _ 4+2x10 stale _x3 {{sum:3 count:2}}x2`.
final class SeriesValues {
  /// Enough for seven years of minutes; a larger count is a slip.
  private static final int MOST_VALUES = 4_000_000;

  /// What stands between spaces; within the braces of a histogram there may be some.
  private static final Pattern WORD = Pattern.compile("(?:\\{\\{.*?\\}\\}|\\S)+");

  private final List<Item> items = new ArrayList<>();

  private SeriesValues() {}

  /// One place of the sequence, an interval after the one before.
  sealed interface Item {
    /// No sample.
    record Gap() implements Item {}

    /// A float; may be the stale marker.
    record Point(double value) implements Item {}

    /// A native histogram.
    record Shape(NativeHistogram histogram) implements Item {}
  }

  /// The items that `text` spells.
  ///
  /// @throws IllegalArgumentException naming the word that is none
  static List<Item> parse(String text) {
    var values = new SeriesValues();
    var words = WORD.matcher(text);
    while (words.find()) {
      values.add(words.group());
    }
    return values.items;
  }

  private void add(String word) {
    if (word.contains("{{")) {
      addHistograms(word);
      return;
    }
    int times = repetition(word);
    var body = times < 0 ? word : word.substring(0, times);
    int count = times < 0 ? 0 : count(word, word.substring(times + 1));
    if (body.equals("_")) {
      addGaps(times < 0 ? 1 : count);
      return;
    }
    int step = signOfStep(body);
    double value = number(word, step < 0 ? body : body.substring(0, step));
    double each = step < 0 ? 0 : number(word, body.substring(step));
    for (int i = 0; i <= count; i++) {
      items.add(new Item.Point(value));
      value += each;
    }
  }

  /// Adds what `{{…}}`, `{{…}}x3` or `{{…}}+{{…}}x3` spells.
  private void addHistograms(String word) {
    int end = word.lastIndexOf("}}") + 2;
    var tail = word.substring(end);
    if (!tail.isEmpty() && tail.charAt(0) != 'x') {
      throw new IllegalArgumentException(
          "\"%s\" behind a histogram in \"%s\", expected a repetition such as x5"
              .formatted(tail, word));
    }
    int times = tail.isEmpty() ? 0 : count(word, tail.substring(1));
    int second = word.lastIndexOf("{{");
    boolean steps = second > 0;
    var value = HistogramNotation.parse(steps ? word.substring(0, second - 1) : word);
    @Nullable NativeHistogram step =
        steps ? HistogramNotation.parse(word.substring(second, end)) : null;
    boolean down = steps && word.charAt(second - 1) == '-';
    for (int i = 0; i <= times; i++) {
      items.add(new Item.Shape(value));
      if (step != null) {
        value = down ? value.minus(step, remark -> {}) : value.plus(step, remark -> {});
      }
    }
  }

  private void addGaps(int count) {
    for (int i = 0; i < count; i++) {
      items.add(new Item.Gap());
    }
  }

  /// Where the `x` of a repetition stands, or -1; that of `0x1F` is none.
  private static int repetition(String word) {
    int x = word.lastIndexOf('x');
    boolean hexadecimal = x == 1 && word.charAt(0) == '0' && word.length() > 2 && isHex(word);
    return x > 0 && !hexadecimal ? x : -1;
  }

  /// Whether `0x…` can only be a number in base sixteen; `0x10` repeats a zero.
  private static boolean isHex(String word) {
    return word.substring(2).chars().anyMatch(c -> Character.digit(c, 10) < 0);
  }

  /// Where the sign of `a+b` stands, or -1; that of an exponent or at the start is none.
  private static int signOfStep(String body) {
    for (int i = 1; i < body.length(); i++) {
      char c = body.charAt(i);
      char before = Character.toLowerCase(body.charAt(i - 1));
      if ((c == '+' || c == '-') && before != 'e' && before != 'p') {
        return i;
      }
    }
    return -1;
  }

  private int count(String word, String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 0 && items.size() + (long) count < MOST_VALUES) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Answered below with the same words.
    }
    throw new IllegalArgumentException(
        "\"%s\" repeats \"%s\" times, expected a number up to %d"
            .formatted(word, text, MOST_VALUES));
  }

  private static double number(String word, String text) {
    if (text.equals("stale")) {
      return Staleness.MARKER;
    }
    try {
      return NumberText.parse(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no value, expected one such as 1, 1x5, 1+2x5, _, _x5 or stale".formatted(word),
          e);
    }
  }
}
