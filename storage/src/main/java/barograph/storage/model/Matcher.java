package barograph.storage.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A condition on one label: `name = value`, `!=`, `=~` or `!~`.
///
/// A label that a series does not have counts as the empty string. Regular expressions are RE2's,
/// match the whole value, and let the dot match a newline too.
public final class Matcher {
  /// How a matcher compares.
  public enum Type {
    EQUAL("="),
    NOT_EQUAL("!="),
    REGEX("=~"),
    NOT_REGEX("!~");

    private final String symbol;

    Type(String symbol) {
      this.symbol = symbol;
    }

    /// As PromQL writes it.
    public String symbol() {
      return symbol;
    }
  }

  /// What RE2/J blames instead of the expression when a parenthesis closes that was never opened.
  private static final String STRAY_PARENTHESIS = "stack underflow";

  private final Type type;
  private final String name;
  private final String value;
  private final @Nullable RegexShape regex;
  private final boolean matchesEmpty;

  /// @throws IllegalArgumentException if a regular expression is not RE2's
  public Matcher(Type type, String name, String value) {
    this.type = type;
    this.name = name;
    this.value = value;
    this.regex =
        switch (type) {
          case EQUAL, NOT_EQUAL -> null;
          case REGEX, NOT_REGEX -> compile(value);
        };
    this.matchesEmpty = matches("");
  }

  public static Matcher equal(String name, String value) {
    return new Matcher(Type.EQUAL, name, value);
  }

  private static RegexShape compile(String regex) {
    RegexShape simple = RegexShape.simple(regex);
    return simple != null ? simple : RegexShape.general(regex, automaton(regex));
  }

  private static Pattern automaton(String regex) {
    String dotted = "(?s)" + regex;
    try {
      return Pattern.compile(dotted);
    } catch (PatternSyntaxException e) {
      boolean stray = STRAY_PARENTHESIS.equals(e.getPattern());
      String blamed = stray || dotted.equals(e.getPattern()) ? regex : e.getPattern();
      throw new IllegalArgumentException(
          "error parsing regexp: %s: `%s`"
              .formatted(stray ? "unexpected )" : e.getDescription(), blamed),
          e);
    }
  }

  public Type type() {
    return type;
  }

  public String name() {
    return name;
  }

  /// The value or the regular expression as it was written.
  public String value() {
    return value;
  }

  /// Whether a series whose label [#name()] has `candidate` (empty if absent) passes.
  public boolean matches(String candidate) {
    return matches(candidate, Allowance.UNLIMITED);
  }

  boolean matches(String candidate, Allowance allowance) {
    return switch (type) {
      case EQUAL -> candidate.equals(value);
      case NOT_EQUAL -> !candidate.equals(value);
      case REGEX -> regex != null && regex.matches(candidate, allowance);
      case NOT_REGEX -> regex == null || !regex.matches(candidate, allowance);
    };
  }

  /// What [#matches] says, to be tried on many values.
  ///
  /// @param allowance asked for no memory now and then, also in the middle of a long value, so that
  ///   it may refuse
  public Predicate<String> watchedBy(Allowance allowance) {
    return new WatchedMatcher(this, allowance);
  }

  /// About how many steps a character of a value takes.
  int programSize() {
    return regex == null ? 1 : regex.programSize();
  }

  /// Whether a series without the label passes.
  public boolean matchesEmpty() {
    return matchesEmpty;
  }

  /// The values that the expression stands for if it is a choice among literals, or the one value
  /// that is compared with; null if there may be others. A negative matcher passes all but these.
  public @Nullable Set<String> literals() {
    return switch (regex) {
      case null -> Set.of(value);
      case RegexShape.OneOf(var literals) -> literals;
      case RegexShape.Around _, RegexShape.Dotted _, RegexShape.General _ -> null;
    };
  }

  /// How every value begins that the expression matches, which a negative matcher lets not pass;
  /// empty if nothing is known.
  public String prefix() {
    return regex == null ? value : regex.prefix();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matcher that
        && type == that.type
        && name.equals(that.name)
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * type.hashCode() + name.hashCode()) + value.hashCode();
  }

  @Override
  public String toString() {
    return name + type.symbol + '"' + value + '"';
  }
}
