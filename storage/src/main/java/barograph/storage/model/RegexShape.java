package barograph.storage.model;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a matcher's regular expression amounts to, so that the usual ones need no automaton.
///
/// Whatever is not plainly one of the simple shapes is [General], which is always right. Dots match
/// every character here, since matchers compile with the flag `s`.
sealed interface RegexShape {

  /// A choice among whole literals: `a`, `a|b|c`, `(a|b)`.
  record OneOf(Set<String> literals) implements RegexShape {
    public OneOf {
      literals = Set.copyOf(literals);
    }
  }

  /// A literal with `.*` or `.+` on one side, on both, or (as `.*` and `.+`) without a literal.
  ///
  /// @param before least number of characters in front, or -1 if the literal begins the value
  /// @param after least number of characters behind, or -1 if the literal ends the value
  record Around(int before, String literal, int after) implements RegexShape {}

  /// Literals with one character of any kind between each two: `10.0.1.7`, whose author meant dots
  /// and escaped none. With `.*` or `.+` on one side at most: on both sides it would have to be
  /// searched for.
  ///
  /// @param before least number of characters in front, or -1 if the first literal begins the value
  /// @param after least number of characters behind, or -1 if the last literal ends the value
  record Dotted(int before, List<String> literals, int after) implements RegexShape {
    public Dotted {
      if (before >= 0 && after >= 0) {
        throw new IllegalArgumentException("open on both sides: " + literals);
      }
      literals = List.copyOf(literals);
    }

    private boolean spans(String candidate) {
      return before < 0 ? spansFromStart(candidate) : spansFromEnd(candidate);
    }

    private boolean spansFromStart(String candidate) {
      int at = 0;
      for (int i = 0; i < literals.size(); i++) {
        if (i > 0) {
          if (at == candidate.length()) {
            return false;
          }
          at += Character.charCount(candidate.codePointAt(at));
        }
        String literal = literals.get(i);
        if (!candidate.startsWith(literal, at)) {
          return false;
        }
        at += literal.length();
      }
      return after < 0 ? at == candidate.length() : at + after <= candidate.length();
    }

    private boolean spansFromEnd(String candidate) {
      int at = candidate.length();
      for (int i = literals.size() - 1; i >= 0; i--) {
        if (i < literals.size() - 1) {
          if (at == 0) {
            return false;
          }
          at -= Character.charCount(candidate.codePointBefore(at));
        }
        String literal = literals.get(i);
        at -= literal.length();
        if (!candidate.startsWith(literal, at)) {
          return false;
        }
      }
      return at >= before;
    }
  }

  /// Any other expression.
  ///
  /// @param prefix how every matching value begins, as far as that is plain to see
  record General(Pattern pattern, String prefix) implements RegexShape {}

  /// What an expression amounts to that is plainly simple, and so a valid one; null for any other.
  static @Nullable RegexShape simple(String regex) {
    return ofBranches(withoutGroup(regex));
  }

  /// Any other expression.
  static RegexShape general(String regex, Pattern pattern) {
    return new General(pattern, plainPrefix(regex));
  }

  /// Whether the whole of `candidate` is matched.
  ///
  /// @param allowance asked for no memory now and then while a long one is read
  default boolean matches(String candidate, Allowance allowance) {
    return switch (this) {
      case OneOf(var literals) -> literals.contains(candidate);
      case Around(int before, var literal, int after) -> {
        if (before < 0) {
          yield candidate.startsWith(literal) && candidate.length() >= literal.length() + after;
        }
        if (after < 0) {
          yield candidate.endsWith(literal) && candidate.length() >= literal.length() + before;
        }
        int at = candidate.indexOf(literal, before);
        yield at >= 0 && at + literal.length() + after <= candidate.length();
      }
      case Dotted dotted -> dotted.spans(candidate);
      case General(var pattern, var prefix) ->
          candidate.startsWith(prefix)
              && pattern
                  .matcher(WatchedText.of(candidate, pattern.programSize(), allowance))
                  .matches();
    };
  }

  /// About how many steps a character of a candidate takes.
  default int programSize() {
    return switch (this) {
      case OneOf _, Around _, Dotted _ -> 1;
      case General(var pattern, _) -> pattern.programSize();
    };
  }

  /// How every matching value begins; empty if nothing is known.
  default String prefix() {
    return switch (this) {
      case OneOf(var literals) -> literals.size() == 1 ? literals.iterator().next() : "";
      case Around(int before, var literal, _) -> before < 0 ? literal : "";
      case Dotted(int before, var literals, _) -> before < 0 ? literals.getFirst() : "";
      case General(_, var prefix) -> prefix;
    };
  }

  private static @Nullable RegexShape ofBranches(String regex) {
    var literals = new LinkedHashSet<String>();
    for (String branch : split(regex, '|')) {
      String literal = literal(branch);
      if (literal == null) {
        return literals.isEmpty() && branch.length() == regex.length() ? around(branch) : null;
      }
      literals.add(literal);
    }
    return new OneOf(literals);
  }

  private static @Nullable RegexShape around(String regex) {
    int from = 0;
    int to = regex.length();
    int before = -1;
    int after = -1;
    if (regex.startsWith(".*") || regex.startsWith(".+")) {
      before = regex.charAt(1) == '+' ? 1 : 0;
      from = 2;
    }
    if (to - from >= 2 && (regex.endsWith(".*") || regex.endsWith(".+"))) {
      after = regex.charAt(to - 1) == '+' ? 1 : 0;
      to -= 2;
    }
    String between = regex.substring(from, to);
    String literal = literal(between);
    if (literal == null) {
      return before < 0 || after < 0 ? dotted(before, between, after) : null;
    }
    boolean oneSided = (before < 0) != (after < 0);
    if ((before < 0 && after < 0) || (literal.isEmpty() && !oneSided)) {
      return null;
    }
    return new Around(before, literal, after);
  }

  private static @Nullable RegexShape dotted(int before, String between, int after) {
    var literals = new ArrayList<String>();
    for (String piece : split(between, '.')) {
      String literal = literal(piece);
      if (literal == null) {
        return null;
      }
      literals.add(literal);
    }
    return new Dotted(before, literals, after);
  }

  /// The inside of `(…)` or `(?:…)` around the whole, if nothing inside opens or closes a group.
  private static String withoutGroup(String regex) {
    if (regex.length() < 2 || regex.charAt(0) != '(' || !regex.endsWith(")")) {
      return regex;
    }
    String inside = regex.substring(regex.startsWith("(?:") ? 3 : 1, regex.length() - 1);
    boolean plain = inside.indexOf('(') < 0 && inside.indexOf(')') < 0 && inside.indexOf('\\') < 0;
    return plain && !inside.startsWith("?") ? inside : regex;
  }

  /// What is between the places where `separator` is not escaped.
  private static List<String> split(String regex, char separator) {
    var parts = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i < regex.length(); i++) {
      if (regex.charAt(i) == '\\') {
        i++;
      } else if (regex.charAt(i) == separator) {
        parts.add(regex.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(regex.substring(start));
    return parts;
  }

  /// The text that `regex` stands for if it has no operator in it and is whole; null otherwise.
  private static @Nullable String literal(String regex) {
    var text = new StringBuilder(regex.length());
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
        if (i == regex.length() || !isOperator(regex.charAt(i))) {
          return null;
        }
        text.append(regex.charAt(i));
      } else if (isOperator(c)) {
        return null;
      } else {
        text.append(c);
      }
    }
    // Half of a character beyond 16 bits could be found in a whole one, where the automaton does
    // not look.
    return text.codePoints().anyMatch(RegexShape::isHalf) ? null : text.toString();
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static String plainPrefix(String regex) {
    int end = 0;
    while (end < regex.length() && !isOperator(regex.charAt(end))) {
      end++;
    }
    if (end == 0 || end == regex.length() || mayBranchOutside(regex)) {
      return "";
    }
    if (regex.startsWith("(?", end) && !regex.startsWith("(?:", end)) {
      // After a change of flags a quantifier still takes the character before it.
      return "";
    }
    // A quantifier takes the character before it along.
    boolean quantified = "*+?{".indexOf(regex.charAt(end)) >= 0;
    int keep = quantified ? regex.offsetByCodePoints(end, -1) : end;
    return regex.substring(0, keep);
  }

  /// Whether there could be a `|` outside of all groups; when in doubt, there could.
  private static boolean mayBranchOutside(String regex) {
    if (regex.indexOf('|') < 0) {
      return false;
    }
    int depth = 0;
    for (int i = 0; i < regex.length(); i++) {
      switch (regex.charAt(i)) {
        case '\\' -> {
          i++;
          if (i < regex.length() && regex.charAt(i) == 'Q') {
            return true;
          }
        }
        case '[' -> {
          return true;
        }
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth == 0) {
            return true;
          }
        }
        default -> {}
      }
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOperator(char c) {
    return "\\.+*?()|[]{}^$".indexOf(c) >= 0;
  }
}
