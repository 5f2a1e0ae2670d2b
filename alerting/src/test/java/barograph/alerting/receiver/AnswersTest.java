package barograph.alerting.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.NotificationTexts;
import barograph.alerting.testkit.FakeWeb;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What places make of what they are answered.
class AnswersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final FakeWeb web = new FakeWeb(() -> NOW);

  private static final SlackConfig SLACK =
      new SlackConfig(
          Secret.of("http://h/hidden"),
          true,
          ClientSettings.PLAIN,
          SlackConfig.DEFAULTS,
          List.of(),
          List.of(),
          false,
          false,
          List.of(),
          false,
          Duration.ZERO);

  private static PagerDutyConfig pagerDuty(PagerDutyConfig.Key key) {
    return new PagerDutyConfig(
        URI.create("http://h/pd"),
        true,
        ClientSettings.PLAIN,
        key,
        PagerDutyConfig.DEFAULTS,
        Map.of(),
        List.of(),
        List.of(),
        Duration.ZERO);
  }

  private Outcome tell(IntegrationConfig place) throws InterruptedException {
    var alert =
        new Alert(
            Labels.of("alertname", "Down"),
            Map.of(),
            NOW.minusSeconds(60),
            NOW.plusSeconds(60),
            "");
    var notification =
        new Notification(
            "team",
            "{}:{}",
            Labels.EMPTY,
            List.of(alert),
            Notification.Reason.FIRST,
            NOW,
            "http://baro");
    return place
        .connect(new Means(web, NotificationTexts.of(List.of())))
        .tell(notification, Duration.ofSeconds(5));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | text/plain                | ok                              | delivered",
        "200 | text/html                 | invalid_token                   | for good",
        "200 | application/json; charset | {\"ok\":true}                   | delivered",
        "200 | application/json          | {\"ok\":false,\"error\":\"no\"} | for good",
        "200 | application/json          | <html>                          | for now",
        "404 | text/plain                | channel_not_found               | for good",
        "503 | text/plain                | later                           | for now",
      })
  void slackMayRefuseThoughTheStatusIsGood(
      int status, String contentType, String body, String expected) throws Exception {
    web.answer(status, contentType, body);
    var outcome = tell(SLACK);
    assertThat(
            switch (outcome) {
              case Delivered _ -> "delivered";
              case Refused(boolean worthRetrying, var _) -> worthRetrying ? "for now" : "for good";
            })
        .isEqualTo(expected);
  }

  @Test
  void pagerDutyIsTriedAgainWhenItHasHadEnough() throws Exception {
    var version2 = pagerDuty(new PagerDutyConfig.Key.Routing(Secret.of("key")));
    var version1 = pagerDuty(new PagerDutyConfig.Key.Service(Secret.of("key")));
    web.answer(429, 403, 429, 403);
    assertThat(tell(version2)).matches(outcome -> ((Refused) outcome).worthRetrying());
    assertThat(tell(version2)).matches(outcome -> !((Refused) outcome).worthRetrying());
    assertThat(tell(version1)).matches(outcome -> !((Refused) outcome).worthRetrying());
    assertThat(tell(version1)).matches(outcome -> ((Refused) outcome).worthRetrying());
    assertThat(web.messages().getLast().uri().getHost()).isEqualTo("events.pagerduty.com");
  }

  @Test
  void weChatForgetsATokenThatIsTooOld() throws Exception {
    var config =
        new WeChatConfig(
            URI.create("http://h/"),
            true,
            ClientSettings.PLAIN,
            Secret.of("s"),
            "corp",
            WeChatConfig.DEFAULTS,
            false);
    var means = new Means(web, NotificationTexts.of(List.of()));
    web.answer(200, "application/json", "{\"access_token\":\"a\"}");
    web.answer(200, "application/json", "{\"errcode\":42001,\"errmsg\":\"expired\"}");
    web.answer(200, "application/json", "{\"access_token\":\"b\"}");
    web.answer(200, "application/json", "{\"errcode\":0}");
    var place = config.connect(means);
    IntegrationConfig same =
        new IntegrationConfig() {
          @Override
          public String kind() {
            return "wechat";
          }

          @Override
          public boolean sendResolved() {
            return true;
          }

          @Override
          public Integration connect(Means unused) {
            return place;
          }
        };
    assertThat(tell(same)).isEqualTo(new Refused(true, "expired"));
    assertThat(tell(same)).isEqualTo(new Delivered());
    assertThat(web.messages().stream().map(message -> message.uri().toString()))
        .containsExactly(
            "http://h/gettoken?corpid=corp&corpsecret=s",
            "http://h/message/send?access_token=a",
            "http://h/gettoken?corpid=corp&corpsecret=s",
            "http://h/message/send?access_token=b");
  }

  @Test
  void whatIsSecretIsInNoMessage() throws Exception {
    web.breakNext();
    assertThat(tell(SLACK).toString()).contains("<redacted>").doesNotContain("hidden");
    assertThat(SLACK.toString()).doesNotContain("hidden");
    var settings =
        ClientSettings.PLAIN.with(new Credentials.Basic(Secret.of("u"), Secret.of("hidden")));
    assertThat(settings.toString()).doesNotContain("hidden");
  }

  @Test
  void aSecretThatCannotBeReadIsNotTriedAgain() throws Exception {
    var config = pagerDuty(new PagerDutyConfig.Key.Routing(Secret.in(Path.of("/nonexistent/key"))));
    assertThat(tell(config))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.worthRetrying()).isFalse();
              assertThat(refused.why()).startsWith("the secret in /nonexistent/key cannot be read");
            });
    assertThat(web.messages()).isEmpty();
  }

  @Test
  void longTextsAreCutToWhatAServiceTakes() {
    assertThat(Shortening.toCharacters("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Shortening.toCharacters("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Shortening.toCharacters("😀😀😀😀😀", 4)).isEqualTo("😀😀😀…");
    assertThat(Shortening.toBytes("aäöü", 7)).isEqualTo("aäöü");
    assertThat(Shortening.toBytes("aäöüx", 7)).isEqualTo("aä…");
  }
}
