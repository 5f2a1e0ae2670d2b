package barograph.alerting.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.EmailConfig.Threading;
import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.NotificationTexts;
import barograph.alerting.testkit.FakeMailServer;
import barograph.alerting.testkit.FakeWeb;
import barograph.storage.model.Labels;
import barograph.storage.outbound.Secret;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final SmtpSettings.Login LOGIN =
      new SmtpSettings.Login("tim", "", Secret.of("pa ss"), Secret.of("tanstaaftanstaaf"));

  private static SmtpSettings smtp(
      FakeMailServer server, SmtpSettings.@Nullable Login login, boolean tls, TlsSettings trust) {
    return new SmtpSettings("localhost", server.port(), "me", login, tls, false, trust);
  }

  private static EmailConfig config(SmtpSettings smtp) {
    return new EmailConfig(
        true,
        "Ops <ops@x.org>, \"B, C\" <b@x.org>",
        "baro@x.org",
        Map.of("reply-to", "{{ .GroupLabels.alertname }}@x.org"),
        "<p>.{{ .GroupLabels.alertname }} <b>{{ .CommonAnnotations.summary }}</b></p>",
        "Grüße,\n.dot {{ .Status }}\n",
        Threading.DAILY,
        smtp);
  }

  private static Outcome tell(EmailConfig config) throws InterruptedException {
    var alert =
        new Alert(
            Labels.of("alertname", "Down"),
            Map.of("summary", "<ü>"),
            NOW.minusSeconds(60),
            NOW.plusSeconds(60),
            "");
    var notification =
        new Notification(
            "team",
            "{}:{}",
            Labels.of("alertname", "Down"),
            List.of(alert),
            Notification.Reason.FIRST,
            NOW,
            "http://baro");
    return config
        .connect(new Means(new FakeWeb(() -> NOW), NotificationTexts.of(List.of())))
        .tell(notification, Duration.ofSeconds(5));
  }

  @Test
  void theMailHasHeadersAndBothForms() throws Exception {
    try (var server = new FakeMailServer(null, false, "8BITMIME")) {
      assertThat(tell(config(smtp(server, null, false, TlsSettings.DEFAULT))))
          .isEqualTo(new Delivered());
      assertThat(server.heard())
          .startsWith(
              "EHLO me",
              "MAIL FROM:<baro@x.org>",
              "RCPT TO:<ops@x.org>",
              "RCPT TO:<b@x.org>",
              "DATA",
              "QUIT");
      var mail = server.mails().getFirst();
      var boundary = mail.replaceAll("(?s).*boundary=(\\w+).*", "$1");
      assertThat(
              mail.replace(boundary, "BOUNDARY")
                  .replaceAll("Message-Id: <[-0-9a-f]+@x.org>", "Message-Id: <ID@x.org>")
                  .replaceAll("Date: .*", "Date: DATE"))
          .isEqualTo(
              """
              From: baro@x.org
              Reply-To: Down@x.org
              Subject: [FIRING:1] Down\s
              To: Ops <ops@x.org>, "B, C" <b@x.org>
              Message-Id: <ID@x.org>
              References: <alert-ROOT-2026-11-21@alertmanager>
              In-Reply-To: <alert-ROOT-2026-11-21@alertmanager>
              Date: DATE
              Content-Type: multipart/alternative;  boundary=BOUNDARY
              MIME-Version: 1.0

              --BOUNDARY
              Content-Transfer-Encoding: quoted-printable
              Content-Type: text/plain; charset=UTF-8

              Gr=C3=BC=C3=9Fe,
              .dot firing

              --BOUNDARY
              Content-Transfer-Encoding: quoted-printable
              Content-Type: text/html; charset=UTF-8

              <p>.Down <b>&lt;=C3=BC&gt;</b></p>
              --BOUNDARY--
              """
                  .replace("ROOT", "cc9772a1ec901d26"));
    }
  }

  @Test
  void aPasswordIsSaidOnlyOnceTheConnectionIsSecret() throws Exception {
    try (var server = new FakeMailServer(certificate(), false, "STARTTLS", "AUTH PLAIN LOGIN")) {
      var trust = new TlsSettings(Secret.of(authority()), null, false);
      assertThat(tell(config(smtp(server, LOGIN, true, trust)))).isEqualTo(new Delivered());
      assertThat(server.heard())
          .startsWith("EHLO me", "STARTTLS", "*EHLO me", "*AUTH PLAIN AHRpbQBwYSBzcw==")
          .contains("*|tim|pa ss");
      assertThat(server.mails()).hasSize(1);
    }
  }

  @Test
  void aCertificateThatNobodyKnowsIsNotTrusted() throws Exception {
    try (var server = new FakeMailServer(certificate(), true, "AUTH PLAIN")) {
      var strict =
          new SmtpSettings(
              "localhost", server.port(), "me", LOGIN, true, true, TlsSettings.DEFAULT);
      assertThat(tell(config(strict)))
          .isInstanceOfSatisfying(
              Refused.class, refused -> assertThat(refused.worthRetrying()).isTrue());
      assertThat(server.mails()).isEmpty();
      var trusting =
          new SmtpSettings(
              "localhost",
              server.port(),
              "me",
              LOGIN,
              true,
              true,
              new TlsSettings(null, null, true));
      assertThat(tell(config(trusting))).isEqualTo(new Delivered());
    }
  }

  @Test
  void aServerThatCannotBecomeSecretIsNotUsedIfThatIsAskedFor() throws Exception {
    try (var server = new FakeMailServer(null, false, "AUTH PLAIN")) {
      assertThat(tell(config(smtp(server, LOGIN, true, TlsSettings.DEFAULT))))
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.why()).contains("does not advertise the STARTTLS extension"));
      assertThat(server.heard()).doesNotContain("*|tim|pa ss");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"CRAM-MD5", "LOGIN", "PLAIN"})
  void eachWayToLogInIsSpoken(String mechanism) throws Exception {
    try (var server = new FakeMailServer(null, false, "AUTH X-OTHER " + mechanism)) {
      assertThat(tell(config(smtp(server, LOGIN, false, TlsSettings.DEFAULT))))
          .isEqualTo(new Delivered());
      assertThat(server.heard())
          .contains(
              switch (mechanism) {
                // The example of RFC 2195.
                case "CRAM-MD5" -> "*tim b913a602c7eda7a495b4e6e7334d3890";
                case "LOGIN" -> "*pa ss";
                default -> "*|tim|pa ss";
              });
    }
  }

  @Test
  void aRefusalIsToldInTheServersWordsAndWithoutThePassword() throws Exception {
    try (var server = new FakeMailServer(null, false, "AUTH PLAIN")) {
      server.refuse("RCPT TO:<b@x.org>", "550 no such user");
      var outcome = tell(config(smtp(server, LOGIN, false, TlsSettings.DEFAULT)));
      assertThat(outcome)
          .isEqualTo(
              new Refused(
                  true, "IOException: the mail server said \"550 no such user\", expected 250"));
      assertThat(config(smtp(server, LOGIN, false, TlsSettings.DEFAULT)).toString())
          .doesNotContain("pa ss");
    }
  }

  @Test
  void anAddressThatIsNoneIsRefusedForGood() throws Exception {
    try (var server = new FakeMailServer(null, false)) {
      var good = config(smtp(server, null, false, TlsSettings.DEFAULT));
      var bad =
          new EmailConfig(
              true, "nobody", "a@x.org", Map.of(), "x", "", Threading.NONE, good.smtp());
      assertThat(tell(bad))
          .isEqualTo(new Refused(false, "parse 'to' addresses: \"nobody\" is no address"));
      assertThat(server.heard()).isEmpty();
    }
  }

  @Test
  void aHeaderComesOnce() throws Exception {
    try (var server = new FakeMailServer(null, false)) {
      var smtp = smtp(server, null, false, TlsSettings.DEFAULT);
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new EmailConfig(
                  true,
                  "a@x.org",
                  "a@x.org",
                  Map.of("x-a", "1", "X-A", "2"),
                  "",
                  "",
                  Threading.NONE,
                  smtp))
          .withMessage("duplicate header \"X-A\" in email config");
    }
  }

  @Test
  void whatIsNotPlainIsEncoded() {
    assertThat(EmailMessage.encoded("plain [x]")).isEqualTo("plain [x]");
    assertThat(EmailMessage.encoded("a\r\nBcc: b")).isEqualTo("a Bcc: b");
    assertThat(EmailMessage.encoded("ü = _")).isEqualTo("=?utf-8?q?=C3=BC_=3D_=5F?=");
    assertThat(EmailMessage.encoded("ä".repeat(20)).lines())
        .allMatch(line -> line.strip().length() <= 75)
        .hasSize(2);
    assertThat(EmailMessage.quotedPrintable("a=b \nc\t\n")).isEqualTo("a=3Db=20\r\nc=09\r\n");
    assertThat(EmailMessage.quotedPrintable("x".repeat(80)))
        .isEqualTo("x".repeat(75) + "=\r\n" + "x".repeat(5));
  }

  /// A certificate for `localhost` that signs itself.
  private static KeyStore keys() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = EmailTest.class.getResourceAsStream("localhost.p12")) {
      store.load(in, "changeit".toCharArray());
    }
    return store;
  }

  private static SSLContext certificate() throws Exception {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys(), "changeit".toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static String authority() throws Exception {
    var encoded = keys().getCertificate("localhost").getEncoded();
    var pem = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN CERTIFICATE-----\n"
        + pem.encodeToString(encoded)
        + "\n-----END CERTIFICATE-----\n";
  }
}
