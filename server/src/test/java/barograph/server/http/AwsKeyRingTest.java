package barograph.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the keys of Amazon's services come from, and what is signed with them.
class AwsKeyRingTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final AwsKeys OWN = new AwsKeys.Given("AKOWN", Secret.of("own"), Secret.of(""));
  private static final AwsKeys.Role ROLE =
      new AwsKeys.Role(
          OWN,
          "arn:aws:iam::1:role/writer",
          "them & us",
          "eu-west-1",
          URI.create("https://sts.eu-west-1.amazonaws.com"));

  private final List<Outgoing> asked = new ArrayList<>();
  private final List<Reply> answers = new ArrayList<>();
  private Instant now = NOON;

  private final AwsKeyRing ring = new AwsKeyRing(this::answer, () -> now);

  private Reply answer(Outgoing request) {
    asked.add(request);
    return answers.removeFirst();
  }

  @Test
  void aProfileIsReadEachTimeItsKeysAreUsed(@TempDir Path folder) throws IOException {
    var file = folder.resolve("credentials");
    Files.writeString(
        file,
        """
        [default]
        aws_access_key_id = AKDEFAULT
        aws_secret_access_key=no
        [ci]
        # aws_access_key_id = AKOLD
        aws_access_key_id=AKCI
        aws_secret_access_key = a=b/c
        aws_session_token = t
        [empty]
        """);
    assertThat(ring.reveal(new AwsKeys.Profile(file, "ci")))
        .isEqualTo(new AwsSignature.Keys("AKCI", "a=b/c", "t"));
    assertThatThrownBy(() -> ring.reveal(new AwsKeys.Profile(file, "empty")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("profile empty has no aws_access_key_id");
    Files.writeString(file, "[empty]\naws_access_key_id=A\naws_secret_access_key=B\n");
    assertThat(ring.reveal(new AwsKeys.Profile(file, "empty")))
        .isEqualTo(new AwsSignature.Keys("A", "B", ""));
  }

  @Test
  void theKeysOfARoleAreAskedForOnceAndAgainBeforeTheyEnd() throws IOException {
    answers.add(lent("AK1", NOON.plus(Duration.ofHours(1))));
    answers.add(lent("AK2", NOON.plus(Duration.ofHours(2))));
    var first = new AwsSignature.Keys("AK1", "s/+", "tok");
    assertThat(ring.reveal(ROLE)).isEqualTo(first);
    now = NOON.plus(Duration.ofMinutes(54));
    assertThat(ring.reveal(ROLE)).isEqualTo(first);
    now = NOON.plus(Duration.ofMinutes(56));
    assertThat(ring.reveal(ROLE).accessKey()).isEqualTo("AK2");
    assertThat(asked).hasSize(2);
    var request = asked.getFirst();
    assertThat(request.method() + " " + request.uri())
        .isEqualTo("POST https://sts.eu-west-1.amazonaws.com");
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .startsWith("Action=AssumeRole&Version=2011-06-15&")
        .contains("&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fwriter&")
        .endsWith("&ExternalId=them+%26+us");
    assertThat(request.headers())
        .containsEntry("X-Amz-Date", "20260301T120000Z")
        .hasEntrySatisfying(
            "Authorization",
            value ->
                assertThat(value)
                    .startsWith(
                        "AWS4-HMAC-SHA256"
                            + " Credential=AKOWN/20260301/eu-west-1/sts/aws4_request,"
                            + " SignedHeaders=content-type;host;x-amz-date, Signature="));
  }

  @Test
  void aTokenThatStandsInAFileIsShownForTheKeysOfARole(@TempDir Path folder) throws IOException {
    var identity =
        new AwsKeys.WebIdentity(
            Files.writeString(folder.resolve("token"), "ey.J+\n"),
            "arn:aws:iam::1:role/pod",
            "barograph",
            URI.create("https://sts.amazonaws.com"));
    answers.add(
        reply(200, lentText("AK1", NOON.plus(Duration.ofHours(1))).replace("AssumeRole", "Other")));
    assertThat(ring.reveal(identity)).isEqualTo(new AwsSignature.Keys("AK1", "s/+", "tok"));
    assertThat(ring.reveal(identity).accessKey()).isEqualTo("AK1");
    var request = asked.getFirst();
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fpod&RoleSessionName=barograph"
                + "&WebIdentityToken=ey.J%2B");
    assertThat(request.headers()).doesNotContainKey("Authorization");
    assertThat(asked).hasSize(1);
  }

  @Test
  void whatTheTokenServiceSaysAgainstItIsTold() {
    answers.add(
        reply(
            403,
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error>"
                + "</ErrorResponse>"));
    assertThatThrownBy(() -> ring.reveal(ROLE))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot take on role arn:aws:iam::1:role/writer: status 403: not you");
    answers.add(reply(200, "<html>no"));
    assertThatThrownBy(() -> ring.reveal(ROLE)).hasMessageContaining("has no AccessKeyId");
    answers.add(
        reply(
            200,
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a><AccessKeyId>&x;"
                + "</AccessKeyId></a>"));
    assertThatThrownBy(() -> ring.reveal(ROLE)).hasMessageContaining("has no AccessKeyId");
  }

  @Test
  void aRequestIsSignedWithTheKeysThatArePresent() throws IOException {
    answers.add(lent("AK1", NOON.plus(Duration.ofHours(1))));
    var identification = new Identification(this::answer, () -> now);
    var signing = new Credentials.SigV4("us-east-1", "aps", ROLE);
    var headers =
        identification.headers(
            new Outgoing(
                "POST",
                URI.create("https://aps.example/workspaces/a%20b/remote_write"),
                Map.of("Content-Type", "application/x-protobuf"),
                new byte[] {1, 2, 3},
                Duration.ofSeconds(1),
                1000,
                false,
                ClientSettings.PLAIN.with(signing)));
    assertThat(headers)
        .containsEntry("X-Amz-Security-Token", "tok")
        .hasEntrySatisfying(
            "Authorization",
            value ->
                assertThat(value)
                    .startsWith(
                        "AWS4-HMAC-SHA256 Credential=AK1/20260301/us-east-1/aps/aws4_request,"
                            + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"
                            + " Signature="
                            + "3a9085635edfe37632f06418e7519622345b0f5cbcf855203a6374c81494617d"));
  }

  private static Reply lent(String accessKey, Instant until) {
    return reply(200, lentText(accessKey, until));
  }

  private static String lentText(String accessKey, Instant until) {
    return """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleResult>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/writer/b</Arn></AssumedRoleUser>
        <Credentials>
          <AccessKeyId>%s</AccessKeyId>
          <SecretAccessKey>s/+</SecretAccessKey>
          <SessionToken>tok</SessionToken>
          <Expiration>%s</Expiration>
        </Credentials>
      </AssumeRoleResult>
    </AssumeRoleResponse>
    """
        .formatted(accessKey, until);
  }

  private static Reply reply(int status, String body) {
    return new Reply(status, "reason", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
