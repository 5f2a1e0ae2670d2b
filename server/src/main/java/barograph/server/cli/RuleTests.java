package barograph.server.cli;

import barograph.alerting.ruletest.RuleTestRun;
import barograph.query.EngineOptions;
import barograph.server.config.ConfigException;
import barograph.server.config.RuleTestReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `barograph test rules <files>`: runs promtool's unit tests of rules and says what differs.
final class RuleTests {
  private final EngineOptions options;
  private final @Nullable Pattern only;
  private final boolean ignoreUnknown;

  /// @param only names of the tests to be run; null for all
  /// @param ignoreUnknown whether keys of rule files that nobody knows are passed over
  RuleTests(EngineOptions options, @Nullable Pattern only, boolean ignoreUnknown) {
    this.options = options;
    this.only = only;
    this.ignoreUnknown = ignoreUnknown;
  }

  /// Whether all tests of all files pass.
  boolean run(List<Path> files, PrintStream out, PrintStream complaints) {
    boolean passed = true;
    for (var file : files) {
      var failures = failures(file);
      out.println("Testing " + file);
      if (failures.isEmpty()) {
        out.println("  SUCCESS");
      } else {
        out.flush();
        complaints.println("  FAILED:");
        failures.forEach(complaints::println);
        complaints.flush();
        passed = false;
      }
      out.println();
    }
    return passed;
  }

  private List<String> failures(Path file) {
    var failures = new ArrayList<String>();
    try {
      var tests = RuleTestReader.read(file, ignoreUnknown);
      for (var test : tests.tests()) {
        if (only == null || only.matcher(test.name()).find()) {
          failures.addAll(RuleTestRun.failures(tests, test, options));
        }
      }
    } catch (ConfigException e) {
      failures.add("    " + e.getMessage());
    }
    return failures;
  }
}
