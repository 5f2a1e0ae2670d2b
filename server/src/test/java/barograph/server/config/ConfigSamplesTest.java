package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.testkit.SharedData;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Prometheus's own samples: the good ones are taken, the bad ones refused.
class ConfigSamplesTest {
  private final ConfigLoader loader = new ConfigLoader(Map.of());

  private static Path sample(String name) {
    return SharedData.require("spec/data/" + name);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "promtool/at-modifier.yml",
        "promtool/bad-rules-error.yml",
        "promtool/features.yml",
        "promtool/negative-offset.yml",
        "promtool/prometheus-rules.lint.yml",
        "promtool/rules.yml",
        "promtool/rules_duplicates.yml",
        "promtool/rules_large.yml",
        "rulefmt/legacy_validation_annotation.good.yaml",
        "rulefmt/test.yaml",
        "rulefmt/test_aliases.yaml",
        "rulefmt/utf-8_annotation.good.yaml",
        "rulefmt/utf-8_lname.good.yaml",
        "rules/alert_rule.yaml",
        "rules/rules.yaml",
        "rules/rules_dependencies.yaml",
        "rules/rules_multiple.yaml",
      })
  void goodRulesAreTaken(String name) {
    Path file = sample(name);
    assertThatCode(() -> RuleFileReader.read(file)).doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "promtool/bad-rules-syntax.yml",
        "promtool/rules-bad.yml",
        "promtool/rules_extrafields.yml",
        "rulefmt/bad_expr.bad.yaml",
        "rulefmt/bad_field.bad.yaml",
        "rulefmt/duplicate_grp.bad.yaml",
        "rulefmt/invalid_label_name.bad.yaml",
        "rulefmt/invalid_record_name.bad.yaml",
        "rulefmt/no_rec_alert.bad.yaml",
        "rulefmt/noexpr.bad.yaml",
        "rulefmt/record_and_alert.bad.yaml",
        "rulefmt/record_and_for.bad.yaml",
        "rulefmt/record_and_keep_firing_for.bad.yaml",
        "rules/invalid_rules.yaml",
      })
  void badRulesAreRefusedWithTheirFile(String name) {
    Path file = sample(name);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RuleFileReader.read(file))
        .withMessageStartingWith(file.toString());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "promtool/authorization_credentials_file.good.yml",
        "promtool/prometheus-config.good.yml",
        "promtool/prometheus-config.lint.too_long_scrape_interval.yml",
        "promtool/prometheus-config.lint.yml",
        "promtool/url_in_scrape_targetgroup_with_relabel_config.good.yml",
      })
  void goodConfigurationsAreTaken(String name) {
    Path file = sample(name);
    assertThatCode(() -> loader.server(file)).doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"promtool/prometheus-config.bad.yml", "promtool/config_with_rule_files.yml"})
  void badConfigurationsAreRefusedWithTheirFile(String name) {
    Path file = sample(name);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> loader.server(file))
        .withMessageStartingWith(file.toString());
  }
}
