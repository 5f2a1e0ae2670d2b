package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.MatcherText;
import barograph.storage.model.Matcher;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertmanagerFileTest {
  @Test
  void theRouteTreeAndItsReceiversAreRead() {
    var config =
        AlertmanagerFile.read(
            "am.yml",
            """
            global: {resolve_timeout: 10m}
            route:
              receiver: team
              group_by: [alertname, job]
              group_wait: 10s
              group_interval: 1m
              repeat_interval: 4h
              routes:
                - matchers: ['severity="critical"', '{job=~"a|b",zone!=north}']
                  receiver: pager
                  group_wait: 0s
                  continue: true
                - match: {old: style}
                  match_re: {older: sty.*}
                  group_by: ['...']
            receivers:
              - name: team
                webhook_configs:
                  - url: http://127.0.0.1:1/a
                  - {url: "https://example.org/b", send_resolved: false, max_alerts: 5, timeout: 3s}
              - name: pager
            """);
    assertThat(config.resolveTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.route().receiver()).isEqualTo("team");
    assertThat(config.route().groupBy()).containsExactly("alertname", "job");
    assertThat(config.route().groupWait()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.route().repeatInterval()).isEqualTo(Duration.ofHours(4));
    var critical = config.route().routes().get(0);
    assertThat(texts(critical.matchers()))
        .containsExactly("severity=critical", "job=~a|b", "zone!=north");
    assertThat(critical.continueMatching()).isTrue();
    assertThat(critical.groupWait()).isZero();
    assertThat(critical.groupInterval()).isNull();
    var old = config.route().routes().get(1);
    assertThat(texts(old.matchers())).containsExactly("old=style", "older=~sty.*");
    assertThat(old.groupBy()).containsExactly("...");
    assertThat(config.receivers().get(0).webhooks())
        .containsExactly(
            new WebhookConfig(URI.create("http://127.0.0.1:1/a"), true, 0, Duration.ZERO),
            new WebhookConfig(
                URI.create("https://example.org/b"), false, 5, Duration.ofSeconds(3)));
    assertThat(config.receivers().get(1).webhooks()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                   | no route provided in config",
        "receivers: []                        | missing key \"route\"",
        "route: {}                            | root route must specify a default receiver",
        "route: {receiver: a}                 | undefined receiver \"a\" used in route",
        "route: {receiver: a, matchers: [x=y]}\\nreceivers: [{name: a}] | root route must not have"
            + " any matchers",
        "route: {receiver: a, group_by: [x, x]}\\nreceivers: [{name: a}] | duplicated label \"x\""
            + " in group_by",
        "route: {receiver: a, group_interval: 0s}\\nreceivers: [{name: a}] | group_interval cannot"
            + " be zero",
        "route: {receiver: a, routes: [{receiver: b}]}\\nreceivers: [{name: a}] | undefined"
            + " receiver \"b\"",
        "route: {receiver: a, routes: [{matchers: ['x ~ y']}]}\\nreceivers: [{name: a}] |"
            + " am.yml:1:43: route.routes[0].matchers[0]: bad matcher",
        "route: {receiver: a, routes: [{match_re: {x: '('}}]}\\nreceivers: [{name: a}] | error"
            + " parsing regexp",
        "route: {receiver: a}\\nreceivers: [{name: a}, {name: a}] | \"a\" is not unique",
        "route: {receiver: a}\\nreceivers: [{name: a, slack_configs: [{channel: c}]}] |"
            + " \"slack_configs\" is not supported yet; only webhook_configs",
        "route: {receiver: a}\\nreceivers: [{name: a, webhook_configs: [{}]}] | missing key"
            + " \"url\"",
        "route: {receiver: a}\\nreceivers: [{name: a, webhook_configs: [{url: 'mailto:x'}]}] |"
            + " unsupported scheme",
        "route: {receiver: a}\\nreceivers: [{name: a, webhook_config: []}] | am.yml:2:23:"
            + " receivers[0]: unknown key \"webhook_config\"; did you mean \"webhook_configs\"?",
        "route: {receiver: a}\\nreceivers: [{name: a}]\\ninhibit_rules: [{}] | \"inhibit_rules\" is"
            + " not supported yet",
        "global: {smtp_smarthost: h}\\nroute: {receiver: a} | only webhook_configs",
      })
  void aMistakeIsNamed(String text, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> AlertmanagerFile.read("am.yml", text.replace("\\n", "\n")))
        .withMessageStartingWith("am.yml")
        .withMessageContaining(words);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a=b               | a=b",
        "a = \"b c\"       | a=b c",
        "a!=b              | a!=b",
        "a=~\"b.*\"        | a=~b.*",
        "a!~\"b.c\"        | a!~b.c",
        "{a=b}             | a=b",
        "{ a=b , c=d, }    | a=b c=d",
        "a=b,c=~d          | a=b c=~d",
        "a=\"x\\\"y\"      | a=x\"y",
        "a=\"x\\\\y\"      | a=x\\y",
        "a=\"\"            | a=",
        "\"dotted.name\"=b | dotted.name=b",
        "a=\"{b,c}\"       | a={b,c}",
      })
  void matchersAreReadAsAlertmanagerReadsThem(String text, String expected) {
    assertThat(String.join(" ", texts(MatcherText.parse(text)))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "a", "=b", "a==b", "{a=b", "a=b}", "a=\"b", "a=b c=d", "a=~\"(\""})
  void aBadMatcherIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> MatcherText.parse(text));
  }

  private static List<String> texts(List<Matcher> matchers) {
    return matchers.stream().map(m -> m.name() + m.type().symbol() + m.value()).toList();
  }
}
