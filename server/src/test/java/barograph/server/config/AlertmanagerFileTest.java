package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import barograph.alerting.interval.DaySpan;
import barograph.alerting.interval.MinuteSpan;
import barograph.alerting.interval.Span;
import barograph.alerting.interval.TimeInterval;
import barograph.alerting.interval.TimeWindow;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.MatcherText;
import barograph.alerting.route.Route;
import barograph.storage.model.Matcher;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
    assertThat(config.receivers().get(0).places())
        .containsExactly(
            WebhookConfig.to(URI.create("http://127.0.0.1:1/a")),
            new WebhookConfig(
                Secret.of("https://example.org/b"),
                false,
                ClientSettings.PLAIN,
                5,
                Duration.ofSeconds(3),
                null));
    assertThat(config.receivers().get(1).places()).isEmpty();
  }

  @Test
  void requestsOfAReceiverAreMadeAsItsHttpConfigSaysOrElseTheOneForAll() {
    var config =
        AlertmanagerFile.read(
            "am.yml",
            """
            global:
              http_config: {proxy_url: "http://proxy:3128", follow_redirects: false}
            route: {receiver: team}
            receivers:
              - name: team
                webhook_configs:
                  - url: http://127.0.0.1:1/a
                  - url: http://127.0.0.1:1/b
                    http_config:
                      oauth2: {client_id: me, client_secret: s, token_url: "http://t/token"}
                      tls_config: {server_name: hooks, insecure_skip_verify: true}
                      http_headers: {X-Team: {values: [infra]}}
            """);
    var common = ((WebhookConfig) config.receivers().getFirst().places().getFirst()).http();
    assertThat(common.proxy()).isInstanceOf(ProxySettings.By.class);
    assertThat(common.followRedirects()).isFalse();
    var own = ((WebhookConfig) config.receivers().getFirst().places().getLast()).http();
    assertThat(own.proxy()).isEqualTo(ProxySettings.NONE);
    assertThat(own.credentials())
        .isInstanceOfSatisfying(
            Credentials.OAuth2.class, oauth -> assertThat(oauth.clientId()).isEqualTo("me"));
    assertThat(own.tls().serverName()).isEqualTo("hooks");
    assertThat(own.headers()).containsKey("X-Team");
  }

  @Test
  void timeIntervalsAndRulesOfInhibitionAreRead() {
    var config =
        AlertmanagerFile.read(
            "am.yml",
            """
            route:
              receiver: a
              routes:
                - {mute_time_intervals: [nights], active_time_intervals: [office]}
            receivers: [{name: a}]
            time_intervals:
              - name: office
                time_intervals:
                  - times: [{start_time: '09:00', end_time: '17:30'}]
                    weekdays: ['Monday:friday', sunday]
                    days_of_month: ['1:5', '-3:-1', '7']
                    months: ['january:march', '12']
                    years: ['2020:2030', 2040]
                    location: Europe/Berlin
            mute_time_intervals:
              - name: nights
                time_intervals:
                  - times: [{start_time: '00:00', end_time: '06:00'}, {start_time: '22:00', end_time: '24:00'}]
            inhibit_rules:
              - name: down
                source_matchers: [severity=critical]
                source_match: {job: x}
                target_match_re: {severity: warn.*}
                equal: [instance, cluster]
            """);
    assertThat(config.timeIntervals())
        .containsExactly(
            new TimeInterval(
                "nights",
                List.of(
                    new TimeWindow(
                        List.of(new MinuteSpan(0, 360), new MinuteSpan(1320, 1440)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        ZoneOffset.UTC))),
            new TimeInterval(
                "office",
                List.of(
                    new TimeWindow(
                        List.of(new MinuteSpan(540, 1050)),
                        List.of(new Span(1, 5), new Span(0, 0)),
                        List.of(new DaySpan(1, 5), new DaySpan(-3, -1), new DaySpan(7, 7)),
                        List.of(new Span(1, 3), new Span(12, 12)),
                        List.of(new Span(2020, 2030), new Span(2040, 2040)),
                        ZoneId.of("Europe/Berlin")))));
    assertThat(config.route().routes().getFirst().calendar())
        .isEqualTo(new Route.Calendar(List.of("nights"), List.of("office")));
    var rule = config.inhibitRules().getFirst();
    assertThat(texts(rule.source())).containsExactly("job=x", "severity=critical");
    assertThat(texts(rule.target())).containsExactly("severity=~warn.*");
    assertThat(rule.equal()).containsExactly("cluster", "instance");
  }

  @Test
  void theFileIsShownWithoutItsSecrets() {
    var config =
        AlertmanagerFile.read(
            "am.yml",
            """
            route: {receiver: a, group_by: ['...']}
            receivers: [{name: a, webhook_configs: [{url: 'http://127.0.0.1/token', max_alerts: 3, send_resolved: true}]}]
            """);
    assertThat(config.yaml())
        .contains("<secret>", "max_alerts: 3", "send_resolved: true")
        .doesNotContain("token");
    assertThat(AlertmanagerFile.read("shown.yml", config.yaml().replace("<secret>", "http://x/")))
        .extracting(NotificationConfig::route)
        .isEqualTo(config.route());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{times: [{start_time: '09:00', end_time: '09:00'}]}",
        "{times: [{start_time: '9:00', end_time: '10:00'}]}",
        "{times: [{start_time: '09:00'}]}",
        "{weekdays: ['friday:monday']}",
        "{weekdays: [xday]}",
        "{days_of_month: ['0']}",
        "{days_of_month: ['32']}",
        "{days_of_month: ['5:1']}",
        "{days_of_month: ['-1:-3']}",
        "{days_of_month: ['-5:5']}",
        "{days_of_month: ['28:-5']}",
        "{days_of_month: ['1:-31']}",
        "{months: ['march:1']}",
        "{years: ['2025:2020']}",
        "{years: [x]}",
        "{location: Nowhere/X}",
      })
  void aTimeIntervalThatAlertmanagerRefusesIsRefused(String window) {
    String text =
        "route: {receiver: a}\nreceivers: [{name: a}]\n"
            + "time_intervals: [{name: x, time_intervals: [%s]}]".formatted(window);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> AlertmanagerFile.read("am.yml", text))
        .withMessageStartingWith("am.yml:3:");
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
            + " no Slack API URL nor App token set",
        "route: {receiver: a}\\nreceivers: [{name: a, webhook_configs: [{}]}] | one of"
            + " url or url_file must be configured",
        "route: {receiver: a}\\nreceivers: [{name: a, webhook_configs: [{url: 'mailto:x'}]}] |"
            + " unsupported scheme",
        "route: {receiver: a}\\nreceivers: [{name: a, webhook_config: []}] | am.yml:2:23:"
            + " receivers[0]: unknown key \"webhook_config\"; did you mean \"webhook_configs\"?",
        "route: {receiver: a, mute_time_intervals: [x]}\\nreceivers: [{name: a}] | root route must"
            + " not have any mute time intervals",
        "route: {receiver: a, routes: [{active_time_intervals: [x]}]}\\nreceivers: [{name: a}] |"
            + " undefined time interval \"x\" used in route",
        "route: {receiver: a}\\nreceivers: [{name: a}]\\ninhibit_rules: [{equals: [x]}] |"
            + " unknown key \"equals\"; did you mean \"equal\"?",
        "route: {receiver: a}\\nreceivers: [{name: a}]\\ntime_intervals: [{name: n}, {name: n}] |"
            + " \"n\" is not unique",
        "global: {smtp_smarthos: h}\\nroute: {receiver: a} | did you mean \"smtp_smarthost\"?",
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
  @ValueSource(strings = {"a", "=b", "a=\"b", "a=~\"(\""})
  void aBadMatcherIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> MatcherText.parse(text));
  }

  private static List<String> texts(List<Matcher> matchers) {
    return matchers.stream().map(m -> m.name() + m.type().symbol() + m.value()).toList();
  }
}
