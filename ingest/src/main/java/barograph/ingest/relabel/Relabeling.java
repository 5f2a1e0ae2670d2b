package barograph.ingest.relabel;

import barograph.ingest.relabel.RelabelRule.Action;
import barograph.storage.model.Labels;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A list of relabel rules, compiled: each is applied to what the one before it has left.
///
/// Immutable and safe for any thread.
public final class Relabeling {
  /// Rules that leave everything as it is.
  public static final Relabeling NONE = new Relabeling(List.of());

  private final List<Step> steps;

  private Relabeling(List<Step> steps) {
    this.steps = steps;
  }

  public static Relabeling of(List<RelabelRule> rules) {
    return rules.isEmpty() ? NONE : new Relabeling(rules.stream().map(Step::new).toList());
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /// What the rules make of `labels`, or null if one of them drops the set.
  public @Nullable Labels apply(Labels labels) {
    @Nullable Labels left = labels;
    for (int i = 0; i < steps.size() && left != null; i++) {
      left = steps.get(i).apply(left);
    }
    return left;
  }

  private static final class Step {
    private final RelabelRule rule;
    private final Pattern pattern;
    private final boolean plain;

    Step(RelabelRule rule) {
      this.rule = rule;
      this.pattern = RelabelRule.compile(rule.regex());
      this.plain =
          rule.regex().equals(RelabelRule.DEFAULT_REGEX)
              && !rule.targetLabel().contains("$")
              && !rule.replacement().contains("$");
    }

    @Nullable Labels apply(Labels labels) {
      return switch (rule.action()) {
        case REPLACE -> replace(labels);
        case KEEP -> pattern.matcher(source(labels)).find() ? labels : null;
        case DROP -> pattern.matcher(source(labels)).find() ? null : labels;
        case KEEPEQUAL -> labels.get(rule.targetLabel()).equals(source(labels)) ? labels : null;
        case DROPEQUAL -> labels.get(rule.targetLabel()).equals(source(labels)) ? null : labels;
        case HASHMOD -> labels.with(rule.targetLabel(), hashModulus(source(labels)));
        case LABELMAP -> map(labels);
        case LABELDROP -> labels.filter(name -> !pattern.matcher(name).find());
        case LABELKEEP -> labels.filter(name -> pattern.matcher(name).find());
        case LOWERCASE -> labels.with(rule.targetLabel(), source(labels).toLowerCase(Locale.ROOT));
        case UPPERCASE -> labels.with(rule.targetLabel(), source(labels).toUpperCase(Locale.ROOT));
      };
    }

    private String source(Labels labels) {
      List<String> sources = rule.sourceLabels();
      if (sources.size() == 1) {
        return labels.get(sources.getFirst());
      }
      var values = new ArrayList<String>(sources.size());
      for (String source : sources) {
        values.add(labels.get(source));
      }
      return String.join(rule.separator(), values);
    }

    private Labels replace(Labels labels) {
      if (plain) {
        return labels.with(rule.targetLabel(), rule.replacement());
      }
      String source = source(labels);
      Matcher matcher = pattern.matcher(source);
      if (!matcher.find()) {
        return labels;
      }
      String target = expand(rule.targetLabel(), matcher);
      return target.isEmpty() ? labels : labels.with(target, expand(rule.replacement(), matcher));
    }

    private Labels map(Labels labels) {
      Labels mapped = labels;
      for (int i = 0; i < labels.size(); i++) {
        Matcher matcher = pattern.matcher(labels.name(i));
        if (matcher.find()) {
          String name = expand(rule.replacement(), matcher);
          if (!name.isEmpty()) {
            mapped = mapped.with(name, labels.value(i));
          }
        }
      }
      return mapped;
    }

    private String hashModulus(String source) {
      try {
        byte[] digest =
            MessageDigest.getInstance("MD5").digest(source.getBytes(StandardCharsets.UTF_8));
        return Long.toUnsignedString(
            Long.remainderUnsigned(ByteBuffer.wrap(digest).getLong(8), rule.modulus()));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java has MD5, which " + Action.HASHMOD + " needs", e);
      }
    }

    /// `template` with `$1`, `${1}`, `$name` and `${name}` replaced by what the groups matched, and
    /// `$$` by `$`. A name is as long as letters, digits and underscores go; an unknown one stands
    /// for nothing; a `$` that begins no name stays.
    private String expand(String template, Matcher matcher) {
      if (template.indexOf('$') < 0) {
        return template;
      }
      var text = new StringBuilder();
      for (int i = 0; i < template.length(); ) {
        char c = template.charAt(i);
        if (c != '$') {
          text.append(c);
          i++;
          continue;
        }
        if (i + 1 < template.length() && template.charAt(i + 1) == '$') {
          text.append('$');
          i += 2;
          continue;
        }
        boolean braced = i + 1 < template.length() && template.charAt(i + 1) == '{';
        int start = i + (braced ? 2 : 1);
        int stop = start;
        while (stop < template.length() && isWord(template.charAt(stop))) {
          stop++;
        }
        boolean closed = !braced || (stop < template.length() && template.charAt(stop) == '}');
        if (stop == start || !closed) {
          text.append('$');
          i++;
          continue;
        }
        text.append(group(template.substring(start, stop), matcher));
        i = braced ? stop + 1 : stop;
      }
      return text.toString();
    }

    private String group(String name, Matcher matcher) {
      @Nullable Integer number = pattern.namedGroups().get(name);
      if (number == null) {
        number = number(name);
      }
      if (number < 0 || number > matcher.groupCount()) {
        return "";
      }
      @Nullable String matched = matcher.group(number);
      return matched == null ? "" : matched;
    }

    private static int number(String digits) {
      int number = 0;
      for (int i = 0; i < digits.length(); i++) {
        char c = digits.charAt(i);
        if (c < '0' || c > '9' || number > 100_000) {
          return -1;
        }
        number = number * 10 + (c - '0');
      }
      return number;
    }

    private static boolean isWord(char c) {
      return c == '_' || Character.isLetterOrDigit(c);
    }
  }
}
