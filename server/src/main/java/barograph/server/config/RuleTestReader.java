package barograph.server.config;

import barograph.alerting.rule.RuleFile;
import barograph.alerting.ruletest.RuleTest;
import barograph.alerting.ruletest.RuleTest.AlertCheck;
import barograph.alerting.ruletest.RuleTest.ExpectedAlert;
import barograph.alerting.ruletest.RuleTest.ExpectedSample;
import barograph.alerting.ruletest.RuleTest.ExprCheck;
import barograph.alerting.ruletest.RuleTest.InputSeries;
import barograph.alerting.ruletest.RuleTestFile;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads promtool's unit tests of rules, with the rule files that they name.
public final class RuleTestReader {
  private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

  private final Path file;
  private final boolean ignoreUnknown;

  private RuleTestReader(Path file, boolean ignoreUnknown) {
    this.file = file;
    this.ignoreUnknown = ignoreUnknown;
  }

  /// What `file` says.
  ///
  /// @param ignoreUnknown whether keys of rule files that nobody knows are passed over
  /// @throws ConfigException if it or a rule file cannot be read or used
  public static RuleTestFile read(Path file, boolean ignoreUnknown) {
    return new RuleTestReader(file, ignoreUnknown).read();
  }

  private RuleTestFile read() {
    @Nullable YamlNode root = YamlNode.parse(file.toString(), ConfigLoader.text(file));
    if (root == null) {
      return new RuleTestFile(List.of(), DEFAULT_INTERVAL, List.of(), false, List.of());
    }
    var map = root.asMap();
    var patterns = map.list("rule_files");
    var given = map.duration("evaluation_interval", Duration.ZERO);
    var interval = given.isZero() ? DEFAULT_INTERVAL : given;
    var order = map.list("group_eval_order").stream().map(YamlNode::asString).toList();
    boolean fuzzy = map.bool("fuzzy_compare", false);
    var tests = map.list("tests").stream().map(node -> test(node, interval)).toList();
    map.end();
    // Without a test nothing looks at the rules, so that nothing can be wrong with them.
    var rules = tests.isEmpty() ? List.<RuleFile>of() : rules(patterns);
    return map.checked(() -> new RuleTestFile(rules, interval, order, fuzzy, tests));
  }

  private List<RuleFile> rules(List<YamlNode> patterns) {
    Path parent = file.toAbsolutePath().getParent();
    Path folder = parent == null ? file.toAbsolutePath() : parent;
    var rules = new ArrayList<RuleFile>();
    for (var pattern : patterns) {
      for (Path path : RuleFileReader.matching(folder, pattern, pattern.asString())) {
        rules.add(RuleFileReader.read(path.toString(), ConfigLoader.text(path), ignoreUnknown));
      }
    }
    return rules;
  }

  private static RuleTest test(YamlNode node, Duration evaluationInterval) {
    var map = node.asMap();
    var interval = map.duration("interval", Duration.ZERO);
    var name = map.string("name", "");
    @Nullable YamlNode start = map.get("start_timestamp");
    var externalLabels = Labels.of(map.stringMap("external_labels"));
    var externalUrl = map.string("external_url", "");
    var input = map.list("input_series").stream().map(RuleTestReader::input).toList();
    var alerts = map.list("alert_rule_test").stream().map(RuleTestReader::alertCheck).toList();
    var exprs = map.list("promql_expr_test").stream().map(RuleTestReader::exprCheck).toList();
    map.end();
    return map.checked(() ->
        new RuleTest(
            name,
            interval.isZero() ? evaluationInterval : interval,
            start == null ? Instant.EPOCH : time(start),
            externalLabels,
            externalUrl,
            input,
            alerts,
            exprs));
  }

  private static InputSeries input(YamlNode node) {
    var map = node.asMap();
    var series = new InputSeries(map.string("series", ""), map.string("values", ""));
    map.end();
    return series;
  }

  private static AlertCheck alertCheck(YamlNode node) {
    var map = node.asMap();
    var at = map.duration("eval_time", Duration.ZERO);
    var name = map.string("alertname", "");
    var expected = map.list("exp_alerts").stream().map(RuleTestReader::expectedAlert).toList();
    map.end();
    return map.checked(() -> new AlertCheck(at, name, expected));
  }

  private static ExpectedAlert expectedAlert(YamlNode node) {
    var map = node.asMap();
    var alert = new ExpectedAlert(map.stringMap("exp_labels"), map.stringMap("exp_annotations"));
    map.end();
    return alert;
  }

  private static ExprCheck exprCheck(YamlNode node) {
    var map = node.asMap();
    var expr = map.string("expr", "");
    var at = map.duration("eval_time", Duration.ZERO);
    var expected = map.list("exp_samples").stream().map(RuleTestReader::expectedSample).toList();
    map.end();
    return new ExprCheck(expr, at, expected);
  }

  private static ExpectedSample expectedSample(YamlNode node) {
    var map = node.asMap();
    @Nullable YamlNode value = map.get("value");
    var sample =
        new ExpectedSample(
            map.string("labels", ""),
            value == null ? 0 : number(value),
            map.string("histogram", ""));
    map.end();
    return sample;
  }

  private static double number(YamlNode node) {
    var text = node.asString();
    try {
      // YAML writes the special ones with a dot.
      return NumberText.parse(text.replaceFirst("^([+-]?)\\.(?=[iInN])", "$1").replace("_", ""));
    } catch (NumberFormatException e) {
      throw node.error("expected a number, found \"%s\"".formatted(text));
    }
  }

  private static Instant time(YamlNode node) {
    var text = node.asString();
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      try {
        var millis = new BigDecimal(text).movePointRight(3);
        return Instant.ofEpochMilli(millis.longValue());
      } catch (NumberFormatException notUnix) {
        throw node.error(
            "expected a time such as 2024-01-01T00:00:00Z or seconds since 1970, found \"%s\""
                .formatted(text));
      }
    }
  }
}
