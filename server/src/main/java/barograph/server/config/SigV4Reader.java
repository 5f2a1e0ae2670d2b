package barograph.server.config;

import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads and shows `sigv4` and the keys of `ec2_sd_configs`: who signs requests to Amazon's
/// services.
///
/// Keys stand in the configuration, in the environment or in a profile of the shared credentials
/// file. The service that lends keys to a machine itself is not asked.
final class SigV4Reader {
  private final UnaryOperator<@Nullable String> environment;

  /// @param environment answers the names that Amazon's tools go by
  SigV4Reader(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /// `client` with the signer that `map` names, if it names one.
  ClientSettings signing(YamlMap map, ClientSettings client, String service) {
    @Nullable YamlNode node = map.get("sigv4");
    if (node == null) {
      return client;
    }
    if (!(client.credentials() instanceof Credentials.None)) {
      throw map.error(
          "at most one of basic_auth, authorization, oauth2 and sigv4 must be configured");
    }
    return client.with(read(node.asMap(), service));
  }

  /// What `map`, to which no other keys belong, says.
  Credentials.SigV4 read(YamlMap map, String service) {
    var signing = readFrom(map, service);
    map.end();
    return signing;
  }

  /// What `map` says with the keys that are about signing.
  Credentials.SigV4 readFrom(YamlMap map, String service) {
    String named = map.string("region", "");
    String region = named.isEmpty() ? region() : named;
    var keys = keys(map, region);
    return map.checked(() -> new Credentials.SigV4(region, service, keys));
  }

  private String region() {
    String region = variable("AWS_REGION");
    return region.isEmpty() ? variable("AWS_DEFAULT_REGION") : region;
  }

  private AwsKeys keys(YamlMap map, String region) {
    String access = map.string("access_key", "");
    String secret = map.string("secret_key", "");
    if (access.isEmpty() != secret.isEmpty()) {
      throw map.error("must provide a AWS SigV4 Access key and Secret Key");
    }
    String profile = map.string("profile", "");
    String role = map.string("role_arn", "");
    String externalId = map.string("external_id", "");
    boolean fips = map.bool("use_fips_sts_endpoint", false);
    AwsKeys owner =
        access.isEmpty()
            ? inherited(map, profile)
            : new AwsKeys.Given(access, Secret.of(secret), Secret.of(""));
    if (role.isEmpty()) {
      return owner;
    }
    String own = variable("AWS_ENDPOINT_URL_STS");
    String usual = "https://sts%s.%s.amazonaws.com".formatted(fips ? "-fips" : "", region);
    return map.checked(() ->
        new AwsKeys.Role(owner, role, externalId, region, URI.create(own.isEmpty() ? usual : own)));
  }

  private AwsKeys inherited(YamlMap map, String named) {
    String access = variable("AWS_ACCESS_KEY_ID");
    String secret = variable("AWS_SECRET_ACCESS_KEY");
    if (named.isEmpty() && !access.isEmpty() && !secret.isEmpty()) {
      return new AwsKeys.Given(access, Secret.of(secret), Secret.of(variable("AWS_SESSION_TOKEN")));
    }
    String profile = named.isEmpty() ? variable("AWS_PROFILE") : named;
    String file = variable("AWS_SHARED_CREDENTIALS_FILE");
    String home = variable("HOME");
    if (file.isEmpty() && !home.isEmpty()) {
      file = Path.of(home, ".aws", "credentials").toString();
    }
    if (file.isEmpty() || (profile.isEmpty() && !Path.of(file).toFile().isFile())) {
      throw map.error(
          "no keys to sign with: expected access_key and secret_key, profile, or AWS_ACCESS_KEY_ID"
              + " and AWS_SECRET_ACCESS_KEY in the environment; a machine's own role is not asked"
              + " for");
    }
    return new AwsKeys.Profile(Path.of(file), profile.isEmpty() ? "default" : profile);
  }

  private String variable(String name) {
    return Objects.requireNonNullElse(environment.apply(name), "");
  }

  /// The signer as the status page shows it.
  static Map<String, Object> shown(Credentials.SigV4 signing) {
    var map = new LinkedHashMap<String, Object>();
    map.put("region", signing.region());
    var keys = signing.keys();
    if (keys instanceof AwsKeys.Role role) {
      map.put("role_arn", role.arn());
      keys = role.owner();
    }
    switch (keys) {
      case AwsKeys.Given(var access, _, _) -> {
        map.put("access_key", access);
        map.put("secret_key", "<secret>");
      }
      case AwsKeys.Profile(_, var name) -> map.put("profile", name);
      case AwsKeys.Role _ -> throw new AssertionError("a role is not taken on by a role");
    }
    return map;
  }
}
