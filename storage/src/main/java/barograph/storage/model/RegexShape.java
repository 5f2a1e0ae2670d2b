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

  /// Any other expression.
  ///
  /// @param prefix how every matching value begins, as far as that is plain to see
  record General(Pattern pattern, String prefix) implements RegexShape {}

  static RegexShape of(String regex, Pattern pattern) {
    RegexShape simple = simple(withoutGroup(regex));
    return simple != null ? simple : new General(pattern, plainPrefix(regex));
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
      case OneOf _, Around _ -> 1;
      case General(var pattern, _) -> pattern.programSize();
    };
  }

  /// How every matching value begins; empty if nothing is known.
  default String prefix() {
    return switch (this) {
      case OneOf(var literals) -> literals.size() == 1 ? literals.iterator().next() : "";
      case Around(int before, var literal, _) -> before < 0 ? literal : "";
      case General(_, var prefix) -> prefix;
    };
  }

  private static @Nullable RegexShape simple(String regex) {
    var literals = new LinkedHashSet<String>();
    for (String branch : branches(regex)) {
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
    String literal = literal(regex.substring(from, to));
    boolean oneSided = (before < 0) != (after < 0);
    if (literal == null || (before < 0 && after < 0) || (literal.isEmpty() && !oneSided)) {
      return null;
    }
    return new Around(before, literal, after);
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

  private static List<String> branches(String regex) {
    var branches = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i < regex.length(); i++) {
      if (regex.charAt(i) == '\\') {
        i++;
      } else if (regex.charAt(i) == '|') {
        branches.add(regex.substring(start, i));
        start = i + 1;
      }
    }
    branches.add(regex.substring(start));
    return branches;
  }

  /// The text that `regex` stands for if it has no operator in it; null otherwise.
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
    return text.toString();
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
