package barograph.query.parse;

import barograph.query.ast.Quoting;
import java.util.Locale;

/// Tells numbers from durations, and both from digits that mean nothing.
///
/// Looks at a word of letters, digits, dots and underscores that begins like a number. It follows
/// the scanner of Prometheus step by step, since errors quote as far as that one had read.
final class NumberSyntax {
  /// What a word turned out to be.
  enum Kind {
    NUMBER,
    DURATION,
    NEITHER
  }

  private final String word;
  private final boolean lastInText;
  private int at;

  private NumberSyntax(String word, boolean lastInText) {
    this.word = word;
    this.lastInText = lastInText;
  }

  /// @param lastInText whether nothing, not even a space, follows the word
  /// @throws IllegalArgumentException if it is neither
  static Kind classify(String word, boolean lastInText) {
    var syntax = new NumberSyntax(word, lastInText);
    if (syntax.isNumber()) {
      return Kind.NUMBER;
    }
    if (syntax.isDuration()) {
      return Kind.DURATION;
    }
    throw new IllegalArgumentException(
        "bad number or duration syntax: " + Quoting.quote(word.substring(0, syntax.at)));
  }

  /// The value of a number: in base 10, or 16 after `0x`, or 8 after a bare `0`.
  ///
  /// @throws IllegalArgumentException if it is none after all
  static double value(String word) {
    String digits = word.replace("_", "");
    return switch (digits.toLowerCase(Locale.ROOT)) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> parse(word, digits);
    };
  }

  private static double parse(String word, String digits) {
    try {
      if (digits.startsWith("0x") || digits.startsWith("0X")) {
        return Long.parseLong(digits, 2, digits.length(), 16);
      }
      if (digits.length() > 1
          && digits.charAt(0) == '0'
          && digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
        return Long.parseLong(digits, 8);
      }
      if (digits.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0)) {
        double value = Double.parseDouble(digits);
        if (!Double.isInfinite(value)) {
          return value;
        }
        throw new IllegalArgumentException(
            "error parsing number: strconv.ParseFloat: parsing %s: value out of range"
                .formatted(Quoting.quote(word)));
      }
    } catch (NumberFormatException _) {
      // Refused below, with the others.
    }
    throw new IllegalArgumentException(
        "error parsing number: strconv.ParseFloat: parsing %s: invalid syntax"
            .formatted(Quoting.quote(word)));
  }

  private boolean isNumber() {
    boolean hex = false;
    if (accept("0") && accept("xX")) {
      accept("_");
      hex = true;
    }
    String digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
    accept(".");
    accept(digits);
    boolean dot = false;
    boolean exponent = false;
    while (nextIs(digits) || nextIs("._eE")) {
      if ((nextIs(".") && dot) || (nextIs("eE") && exponent)) {
        at++;
        return false;
      }
      if (accept(".")) {
        dot = true;
        if (accept("_.") || hex) {
          return false;
        }
      } else if (accept("eE")) {
        exponent = true;
        accept("+-");
        if (accept("._eE") || atEndOfText()) {
          return false;
        }
      } else if (accept("_")) {
        if (accept("._eE") || atEndOfText()) {
          return false;
        }
      } else {
        at++;
      }
    }
    return at == word.length();
  }

  private boolean isDuration() {
    if (!accept("smhdwy")) {
      return false;
    }
    accept("s");
    while (accept("0123456789")) {
      while (accept("0123456789")) {
        // All digits belong together.
      }
      if (!accept("smhdw")) {
        return false;
      }
      accept("s");
    }
    if (at == word.length() || word.charAt(at) == '.') {
      return true;
    }
    at++;
    return false;
  }

  private boolean nextIs(String set) {
    return at < word.length() && set.indexOf(word.charAt(at)) >= 0;
  }

  private boolean accept(String set) {
    if (nextIs(set)) {
      at++;
      return true;
    }
    return false;
  }

  private boolean atEndOfText() {
    return lastInText && at == word.length();
  }
}
