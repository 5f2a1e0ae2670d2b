package barograph.server.http;

import barograph.server.http.AwsKeyRing.Lent;
import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where a program runs, asked for the keys of the role that it was given: a container's host, or a
/// machine of EC2, which answers about itself whoever holds a token of its (IMDSv2).
final class AwsHost {
  /// It is next door, or not there at all.
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final long MOST_BYTES = 1 << 20;
  private static final String TOKEN = "X-aws-ec2-metadata-token";
  private static final String TOKEN_SECONDS = "21600";
  private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Identification.Way way;

  AwsHost(Identification.Way way) {
    this.way = way;
  }

  Lent ofContainer(AwsKeys.Container container) throws IOException {
    String token = container.token().reveal().strip();
    return read(
        container.endpoint(),
        ask(
            "GET",
            container.endpoint(),
            token.isEmpty() ? Map.of() : Map.of("Authorization", token)));
  }

  /// @param about the machine's service about itself
  Lent ofMachine(URI about) throws IOException {
    var token = token(about);
    URI roles = at(about, ROLES);
    String role = text(ask("GET", roles, token)).lines().findFirst().orElse("").strip();
    if (role.isEmpty()) {
      throw new IOException(roles + ": the machine has no role");
    }
    URI keys = at(about, ROLES + role);
    return read(keys, ask("GET", keys, token));
  }

  String regionOf(URI about) throws IOException {
    URI place = at(about, "/latest/meta-data/placement/region");
    String region = text(ask("GET", place, token(about))).strip();
    if (!region.matches("[a-z0-9-]+")) {
      throw new IOException("%s: found \"%s\", expected a region".formatted(place, region));
    }
    return region;
  }

  /// The header without which a machine tells nothing of itself.
  private Map<String, String> token(URI about) throws IOException {
    var reply =
        ask(
            "PUT",
            at(about, "/latest/api/token"),
            Map.of("X-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS));
    return Map.of(TOKEN, text(reply).strip());
  }

  private Reply ask(String method, URI uri, Map<String, String> headers) throws IOException {
    var reply =
        way.send(
            new Outgoing(
                method,
                uri,
                headers,
                new byte[0],
                TIMEOUT,
                MOST_BYTES,
                false,
                ClientSettings.PLAIN));
    if (reply.status() != 200) {
      throw new IOException("%s: status %d, expected 200".formatted(uri, reply.status()));
    }
    return reply;
  }

  private static Lent read(URI from, Reply reply) throws IOException {
    try {
      JsonNode told = JSON.readTree(reply.body());
      return new Lent(
          new AwsSignature.Keys(
              need(told, "AccessKeyId", from),
              need(told, "SecretAccessKey", from),
              need(told, "Token", from)),
          Instant.parse(need(told, "Expiration", from)));
    } catch (JacksonException | DateTimeParseException e) {
      throw new IOException(from + ": the keys cannot be read", e);
    }
  }

  private static String need(JsonNode told, String name, URI from) throws IOException {
    String text = told.path(name).asString("");
    if (text.isEmpty()) {
      throw new IOException("%s: the answer has no %s".formatted(from, name));
    }
    return text;
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static URI at(URI about, String path) {
    return URI.create(about.toString().replaceAll("/+$", "") + path);
  }
}
