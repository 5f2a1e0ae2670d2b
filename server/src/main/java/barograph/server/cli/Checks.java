package barograph.server.cli;

import barograph.alerting.rule.Rule;
import barograph.alerting.rule.RuleFile;
import barograph.server.config.ConfigException;
import barograph.server.config.ConfigLoader;
import barograph.server.config.RuleFileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `barograph check config|rules <files>`: says whether files can be used, and changes nothing.
final class Checks {
  private final PrintStream out;
  private final PrintStream complaints;
  private final boolean ignoreUnknown;
  private final boolean findDuplicates;

  /// @param ignoreUnknown whether keys of rule files that nobody knows are passed over
  /// @param findDuplicates whether rules that come twice are complained of
  Checks(PrintStream out, PrintStream complaints, boolean ignoreUnknown, boolean findDuplicates) {
    this.out = out;
    this.complaints = complaints;
    this.ignoreUnknown = ignoreUnknown;
    this.findDuplicates = findDuplicates;
  }

  /// How a check went; the worse comes later.
  enum Verdict {
    GOOD,
    /// It can be used, but looks like a slip.
    DOUBTFUL,
    BAD;

    Verdict and(Verdict other) {
      return compareTo(other) > 0 ? this : other;
    }
  }

  /// Looks at files that are a `prometheus.yml` with its rule files, or an `alertmanager.yml`.
  Verdict configs(List<Path> files) {
    var verdict = Verdict.GOOD;
    for (var file : files) {
      out.println("Checking " + file);
      try {
        verdict = verdict.and(config(file));
      } catch (ConfigException e) {
        verdict = verdict.and(bad(String.valueOf(e.getMessage())));
      }
    }
    return verdict;
  }

  private Verdict config(Path file) {
    var loader = new ConfigLoader(System.getenv());
    if (ConfigLoader.isForNotifications(file)) {
      var config = loader.notifications(file);
      good("%d receivers found".formatted(config.receivers().size()));
      return Verdict.GOOD;
    }
    var config = loader.server(file);
    if (!config.ruleFiles().isEmpty()) {
      out.println("  SUCCESS: %d rule files found".formatted(config.ruleFiles().size()));
    }
    good("%s is valid prometheus config file syntax".formatted(file));
    var verdict = Verdict.GOOD;
    for (var rules : config.ruleFiles()) {
      out.println("Checking " + rules.path());
      verdict = verdict.and(duplicates(rules));
    }
    return verdict;
  }

  /// Looks at rule files.
  Verdict rules(List<Path> files) {
    var verdict = Verdict.GOOD;
    for (var file : files) {
      verdict = verdict.and(rules(file.toString(), () -> ConfigLoader.text(file)));
    }
    return verdict;
  }

  /// Looks at the rule file that `in` gives.
  Verdict rules(InputStream in) {
    return rules(
        "standard input",
        () -> {
          try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new ConfigException("standard input cannot be read: " + e.getMessage(), e);
          }
        });
  }

  private interface Text {
    String read();
  }

  private Verdict rules(String name, Text text) {
    out.println("Checking " + name);
    try {
      return duplicates(RuleFileReader.read(name, text.read(), ignoreUnknown));
    } catch (ConfigException e) {
      return bad(String.valueOf(e.getMessage()));
    }
  }

  private Verdict duplicates(RuleFile file) {
    var seen = new HashSet<Identity>();
    var twice = new LinkedHashSet<Identity>();
    int count = 0;
    for (var group : file.groups()) {
      for (var rule : group.rules()) {
        count++;
        var identity = Identity.of(rule);
        if (findDuplicates && !seen.add(identity)) {
          twice.add(identity);
        }
      }
    }
    if (twice.isEmpty()) {
      good("%d rules found".formatted(count));
      return Verdict.GOOD;
    }
    bad(complaint(twice));
    return Verdict.DOUBTFUL;
  }

  private static String complaint(Set<Identity> twice) {
    var lines = new ArrayList<String>();
    lines.add("%d duplicate rule(s) found.".formatted(twice.size()));
    for (var identity : twice) {
      lines.add("    %s %s".formatted(identity.name, identity.labels));
    }
    lines.add("    They write the same series: whichever comes last in a turn is stored.");
    return String.join("\n", lines);
  }

  /// What makes two rules the same to whoever reads their series.
  private record Identity(String name, Map<String, String> labels) {
    static Identity of(Rule rule) {
      return new Identity(rule.name(), rule.labels());
    }
  }

  private void good(String what) {
    out.println("  SUCCESS: " + what);
    out.println();
  }

  private Verdict bad(String why) {
    out.flush();
    complaints.println("  FAILED: " + why);
    complaints.flush();
    out.println();
    return Verdict.BAD;
  }
}
