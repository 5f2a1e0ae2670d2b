package barograph.alerting.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.alerting.template.NotificationData.AlertData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class NotificationTextsTest {
  private final NotificationTexts texts = NotificationTexts.of(List.of());

  private static NotificationData data() {
    var firing =
        new AlertData(
            true,
            Map.of(
                "alertname",
                "High",
                "instance",
                "a<b>:9090",
                "job",
                "node",
                "severity",
                "critical"),
            Map.of("summary", "CPU > 90% & \"rising\" + more", "url", "http://x/?a=b&c=d e"),
            Instant.parse("2026-11-21T10:11:12.123456789Z"),
            NotificationData.NEVER,
            "http://p:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
            "a1");
    var over =
        new AlertData(
            false,
            Map.of("alertname", "High", "instance", "c:9090", "job", "node"),
            Map.of(),
            Instant.parse("2026-11-21T10:00:00Z"),
            Instant.parse("2026-11-21T10:05:00Z"),
            "javascript:alert(1)",
            "a2");
    return new NotificationData(
        "team-x",
        true,
        List.of(firing, over),
        "first notification",
        Map.of("alertname", "High"),
        Map.of("alertname", "High", "job", "node"),
        Map.of("summary", "all of them"),
        "http://am:9093",
        Instant.parse("2026-11-21T12:00:00Z"));
  }

  static Stream<Arguments> rendered() throws IOException {
    var mapper = JsonMapper.builder().build();
    try (InputStream in = NotificationTextsTest.class.getResourceAsStream("rendered.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(mapper::readTree)
              .map(line ->
                  Arguments.of(
                      line.get("kind").asString(),
                      line.get("template").asString(),
                      line.get("text").asString()))
              .toList()
              .stream();
    }
  }

  /// What amtool 0.33.1 renders for the same data, the default templates included; it trims the
  /// end.
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rendered")
  void templatesGiveWhatAlertmanagersGive(String kind, String template, String text) {
    var expansion = texts.of(NotificationTextsTest::data);
    var given = kind.equals("html") ? expansion.html(template) : expansion.text(template);
    assertThat(given.replaceAll("\\n+$", "")).isEqualTo(text);
  }

  @Test
  void mailSaysOfEachAlertWhatItIs() {
    var html =
        texts.of(NotificationTextsTest::data).html("{{ template \"email.default.html\" . }}");
    assertThat(html.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip())
        .isEqualTo(
            "[FIRING:1] High (node) 2 alerts for alertname=High View in Alertmanager [1] Firing"
                + " Labels alertname = High instance = a&lt;b&gt;:9090 job = node severity ="
                + " critical Annotations summary = CPU &gt; 90% &amp; &#34;rising&#34; &#43; more"
                + " url = http://x/?a=b&amp;c=d e Source [1] Resolved Labels alertname = High"
                + " instance = c:9090 job = node Source Sent by Alertmanager");
    assertThat(html)
        .contains("href=\"http://am:9093/#/alerts?receiver=team-x\"")
        .contains("href=\"http://p:9090/graph?g0.expr=up&#43;%3D%3D&#43;0&amp;g0.tab=1\"")
        .doesNotContain("javascript:");
  }

  @Test
  void filesOfTheUserMayReplaceAndCallTheOthers() {
    var own =
        NotificationTexts.of(
            List.of(
                new TemplateFile(
                    "a.tmpl", "{{ define \"__subject\" }}mine: {{ .Status }}{{ end }}"),
                new TemplateFile(
                    "b.tmpl", "{{ define \"x\" }}<{{ template \"__subject\" . }}>{{ end }}")));
    var expansion = own.of(NotificationTextsTest::data);
    assertThat(expansion.text("{{ template \"x\" . }}")).isEqualTo("<mine: firing>");
    assertThat(expansion.text("{{ template \"slack.default.title\" . }}"))
        .isEqualTo("mine: firing");
    assertThat(expansion.text("{{ define \"x\" }}y{{ end }}{{ template \"x\" . }}")).isEqualTo("y");
    assertThat(expansion.text("{{ template \"x\" . }}")).isEqualTo("<mine: firing>");
  }

  @Test
  void aBrokenFileIsNamedWithItsLine() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () -> NotificationTexts.of(List.of(new TemplateFile("a.tmpl", "x\n{{ nope . }}"))))
        .withMessage("template: a.tmpl:2: function \"nope\" not defined");
    var own =
        NotificationTexts.of(
            List.of(new TemplateFile("a.tmpl", "x\n{{ define \"t\" }}\n{{ .Nope }}{{ end }}")));
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> own.of(NotificationTextsTest::data).text("{{ template \"t\" . }}"))
        .withMessage(
            "template: a.tmpl:3:3: executing \"t\" at <.Nope>: can't evaluate field Nope in type"
                + " template.Data");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{{ since (index .Alerts 0).StartsAt }} | 1h48m47.876543211s",
        "{{ (now.Sub (index .Alerts 1).EndsAt).Hours }} | 1.9166666666666667",
        "{{ now.Format \"02.01.2006\" }} | 21.11.2026",
        "{{ (index .Alerts 0).EndsAt.IsZero }} {{ (index .Alerts 1).EndsAt.IsZero }} | true false",
        "{{ (index .Alerts 1).StartsAt.Before (index .Alerts 0).StartsAt }} | true",
        "{{ base64encode \"a?b>\" }} {{ base64decode \"YT9iPg==\" }} | YT9iPg== a?b>",
        "{{ toUpper \"straße\" }} {{ toLower \"ÀÉ\" }} | STRAßE àé",
        "{{ tz \"Europe/Berlin\" now }} | 2026-11-21 13:00:00 +0100 CET",
      })
  void timesAndTheirDistancesAreThoseOfTheNotification(String template, String text) {
    assertThat(texts.of(NotificationTextsTest::data).text(template)).isEqualTo(text);
  }
}
