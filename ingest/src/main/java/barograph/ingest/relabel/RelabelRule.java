package barograph.ingest.relabel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Locale;

/// One relabel rule as configured, with the defaults of its keys already filled in.
///
/// An empty separator, regex or replacement is a value like any other and not a missing one.
///
/// @param sourceLabels labels whose values, joined by the separator, the rule looks at
/// @param separator stands between the source values
/// @param regex RE2, matched against the whole joined value, the dot matching a newline too
/// @param modulus for [Action#HASHMOD], else 0
/// @param targetLabel the label that is written or compared; may refer to the regex's groups
/// @param replacement what is written; may refer to the regex's groups as `$1` or `${name}`
public record RelabelRule(
    List<String> sourceLabels,
    String separator,
    String regex,
    long modulus,
    String targetLabel,
    String replacement,
    Action action) {
  public static final String DEFAULT_SEPARATOR = ";";
  public static final String DEFAULT_REGEX = "(.*)";
  public static final String DEFAULT_REPLACEMENT = "$1";

  /// What a rule does to a label set.
  public enum Action {
    REPLACE,
    KEEP,
    DROP,
    KEEPEQUAL,
    DROPEQUAL,
    HASHMOD,
    LABELMAP,
    LABELDROP,
    LABELKEEP,
    LOWERCASE,
    UPPERCASE;

    /// The action that a configuration file calls `name`, whatever its case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Action named(String name) {
      for (Action action : values()) {
        if (action.configName().equals(name.toLowerCase(Locale.ROOT))) {
          return action;
        }
      }
      throw new IllegalArgumentException("unknown relabel action \"%s\"".formatted(name));
    }

    /// As a configuration file writes it.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @throws IllegalArgumentException if the rule lacks a key that its action needs, has one that
  ///   it must not have, or its regex is not RE2's
  public RelabelRule {
    sourceLabels = List.copyOf(sourceLabels);
    for (String source : sourceLabels) {
      if (source.isEmpty()) {
        throw new IllegalArgumentException("\"\" is not a valid source label");
      }
    }
    String actionName = action.configName();
    compile(regex);
    switch (action) {
      case HASHMOD -> {
        if (modulus <= 0) {
          throw new IllegalArgumentException(
              "relabel configuration for hashmod requires non-zero modulus");
        }
        needTarget(actionName, targetLabel);
      }
      case REPLACE -> needTarget(actionName, targetLabel);
      case LOWERCASE, UPPERCASE -> {
        needTarget(actionName, targetLabel);
        if (!replacement.equals(DEFAULT_REPLACEMENT)) {
          throw new IllegalArgumentException(
              "'replacement' can not be set for %s action".formatted(actionName));
        }
      }
      case KEEPEQUAL, DROPEQUAL -> {
        needTarget(actionName, targetLabel);
        if (!regex.equals(DEFAULT_REGEX)
            || modulus != 0
            || !separator.equals(DEFAULT_SEPARATOR)
            || !replacement.equals(DEFAULT_REPLACEMENT)) {
          throw new IllegalArgumentException(
              "%s action requires only 'source_labels' and 'target_label', and no other fields"
                  .formatted(actionName));
        }
      }
      case LABELDROP, LABELKEEP -> {
        if (!sourceLabels.isEmpty()
            || !targetLabel.isEmpty()
            || modulus != 0
            || !separator.equals(DEFAULT_SEPARATOR)
            || !replacement.equals(DEFAULT_REPLACEMENT)) {
          throw new IllegalArgumentException(
              "%s action requires only 'regex', and no other fields".formatted(actionName));
        }
      }
      case LABELMAP -> {
        if (replacement.isEmpty()) {
          throw new IllegalArgumentException("\"\" is invalid 'replacement' for labelmap action");
        }
      }
      case KEEP, DROP -> {}
    }
  }

  /// A rule that replaces, with the defaults for everything else.
  public static RelabelRule replace(
      List<String> sourceLabels, String regex, String targetLabel, String replacement) {
    return new RelabelRule(
        sourceLabels, DEFAULT_SEPARATOR, regex, 0, targetLabel, replacement, Action.REPLACE);
  }

  /// A rule of an action that needs source labels and a regex only.
  public static RelabelRule filter(Action action, List<String> sourceLabels, String regex) {
    return new RelabelRule(
        sourceLabels, DEFAULT_SEPARATOR, regex, 0, "", DEFAULT_REPLACEMENT, action);
  }

  private static void needTarget(String action, String targetLabel) {
    if (targetLabel.isEmpty()) {
      throw new IllegalArgumentException(
          "relabel configuration for %s action requires 'target_label' value".formatted(action));
    }
  }

  static Pattern compile(String regex) {
    try {
      return Pattern.compile("^(?s:" + regex + ")$");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "error parsing regexp: %s: `%s`".formatted(e.getDescription(), e.getPattern()), e);
    }
  }
}
