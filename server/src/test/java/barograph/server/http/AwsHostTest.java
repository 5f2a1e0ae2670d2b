package barograph.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys that whatever a program runs in lends it.
class AwsHostTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String ROLES =
      "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
  private static final AwsKeys MACHINE = new AwsKeys.Machine(URI.create("http://169.254.169.254/"));

  private final List<String> asked = new ArrayList<>();
  private final Map<String, String> pages = new HashMap<>();
  private Instant now = NOON;
  private final AwsKeyRing ring = new AwsKeyRing(this::answer, () -> now);

  /// Tells of itself whoever holds the token that it has given.
  private Reply answer(Outgoing request) {
    asked.add(request.method() + " " + request.uri());
    if (request.method().equals("PUT")) {
      boolean lasting =
          request.headers().containsKey("X-aws-ec2-metadata-token-ttl-seconds")
              && request.uri().getPath().equals("/latest/api/token");
      return lasting ? reply(200, "ticket\n") : reply(400, "");
    }
    boolean known =
        "ticket".equals(request.headers().get("X-aws-ec2-metadata-token"))
            || "Bearer t".equals(request.headers().get("Authorization"));
    String page = pages.get(request.uri().toString());
    return !known ? reply(401, "") : page == null ? reply(404, "") : reply(200, page);
  }

  @BeforeEach
  void aMachineWithARole() {
    pages.put(ROLES, "writer\n");
    lend("AK1", NOON.plus(Duration.ofHours(1)));
  }

  private void lend(String accessKey, Instant until) {
    pages.put(ROLES + "writer", keys(accessKey, until));
  }

  @Test
  void aMachineLendsTheKeysOfItsRoleAndAgainBeforeTheyEnd() throws IOException {
    assertThat(asked).isEmpty();
    assertThat(ring.reveal(MACHINE)).isEqualTo(new AwsSignature.Keys("AK1", "s/+", "tok"));
    assertThat(asked)
        .containsExactly(
            "PUT http://169.254.169.254/latest/api/token",
            "GET " + ROLES,
            "GET " + ROLES + "writer");
    now = NOON.plus(Duration.ofMinutes(54));
    lend("AK2", NOON.plus(Duration.ofHours(7)));
    assertThat(ring.reveal(MACHINE).accessKey()).isEqualTo("AK1");
    assertThat(asked).hasSize(3);
    now = NOON.plus(Duration.ofMinutes(56));
    assertThat(ring.reveal(MACHINE).accessKey()).isEqualTo("AK2");
  }

  @Test
  void keysServeToTheirEndWhenTheMachineIsSilent() throws IOException {
    ring.reveal(MACHINE);
    pages.clear();
    now = NOON.plus(Duration.ofMinutes(59));
    assertThat(ring.reveal(MACHINE).accessKey()).isEqualTo("AK1");
    now = NOON.plus(Duration.ofMinutes(60));
    assertThatThrownBy(() -> ring.reveal(MACHINE))
        .isInstanceOf(IOException.class)
        .hasMessage(ROLES + ": status 404, expected 200");
  }

  @Test
  void aMachineTellsItsRegionAndNothingElseIsTakenForOne() throws IOException {
    var about = URI.create("http://169.254.169.254");
    String place = about + "/latest/meta-data/placement/region";
    pages.put(place, "eu-west-1\n");
    assertThat(ring.regionOf(about)).isEqualTo("eu-west-1");
    pages.put(place, "<html>");
    assertThatThrownBy(() -> ring.regionOf(about))
        .isInstanceOf(IOException.class)
        .hasMessage(place + ": found \"<html>\", expected a region");
  }

  @Test
  void aMachineWithoutARoleSaysSo() {
    pages.put(ROLES, "\n");
    assertThatThrownBy(() -> ring.reveal(MACHINE)).hasMessage(ROLES + ": the machine has no role");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "",
        "no",
        "[]",
        "{\"Code\":\"Failed\"}",
        "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"B\",\"Token\":\"C\",\"Expiration\":\"soon\"}"
      })
  void anAnswerThatHoldsNoKeysIsRefused(String answer) {
    pages.put(ROLES + "writer", answer);
    assertThatThrownBy(() -> ring.reveal(MACHINE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(ROLES + "writer: the ");
  }

  @Test
  void aContainersHostIsShownTheTokenThatStandsInTheFileNow(@TempDir Path folder)
      throws IOException {
    var uri = URI.create("http://127.0.0.1/keys");
    var token = Files.writeString(folder.resolve("token"), "Bearer old\n");
    var container = new AwsKeys.Container(uri, Secret.in(token));
    pages.put(uri.toString(), keys("AKC", NOON.plus(Duration.ofHours(1))));
    assertThatThrownBy(() -> ring.reveal(container)).hasMessage(uri + ": status 401, expected 200");
    Files.writeString(token, "Bearer t\n");
    assertThat(ring.reveal(container).accessKey()).isEqualTo("AKC");
  }

  private static String keys(String accessKey, Instant until) {
    return """
    {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "%s", "SecretAccessKey": "s/+",
     "Token": "tok", "Expiration": "%s"}
    """
        .formatted(accessKey, until);
  }

  private static Reply reply(int status, String body) {
    return new Reply(status, "reason", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
