package barograph.server.config;

import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads and shows `sigv4` and the keys of `ec2_sd_configs`: who signs requests to Amazon's
/// services.
///
/// Keys stand in the configuration, in the environment or in a profile of the shared credentials
/// file; or else they are lent: for a token in a file, by a container's host, by the machine. Where
/// they come from is settled here, nobody is asked yet.
final class SigV4Reader {
  private static final String CONTAINERS_HOST = "http://169.254.170.2";
  private static final List<String> CONTAINERS_HOSTS =
      List.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]");
  private static final String MACHINE = "http://169.254.169.254";
  private static final String MACHINE_BY_IPV6 = "http://[fd00:ec2::254]";

  /// Of the token service that is nobody's neighbour.
  private static final String TOKEN_SERVICES_REGION = "us-east-1";

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
    String region = region(map);
    var keys = keys(map, region);
    return map.checked(() -> new Credentials.SigV4(region, service, keys));
  }

  /// What `map` or the environment names; empty if neither does.
  String region(YamlMap map) {
    String named = map.string("region", "");
    String region = named.isEmpty() ? variable("AWS_REGION") : named;
    return region.isEmpty() ? variable("AWS_DEFAULT_REGION") : region;
  }

  /// @param region empty for one that is not known yet
  AwsKeys keys(YamlMap map, String region) {
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
            ? inherited(map, profile, region)
            : new AwsKeys.Given(access, Secret.of(secret), Secret.of(""));
    if (role.isEmpty()) {
      return owner;
    }
    return map.checked(() ->
        new AwsKeys.Role(
            owner,
            role,
            externalId,
            region.isEmpty() ? TOKEN_SERVICES_REGION : region,
            tokenService(region, fips)));
  }

  private URI tokenService(String region, boolean fips) {
    String own = variable("AWS_ENDPOINT_URL_STS");
    if (!own.isEmpty()) {
      return URI.create(own);
    }
    return URI.create(
        "https://sts%s%s.amazonaws.com%s"
            .formatted(
                fips ? "-fips" : "",
                region.isEmpty() ? "" : "." + region,
                region.startsWith("cn-") ? ".cn" : ""));
  }

  /// Keys that the configuration does not hold, from where Amazon's tools take them, in their
  /// order.
  private AwsKeys inherited(YamlMap map, String profile, String region) {
    if (!profile.isEmpty()) {
      return new AwsKeys.Profile(Path.of(credentialsFile()), profile);
    }
    String access = variable("AWS_ACCESS_KEY_ID");
    String secret = variable("AWS_SECRET_ACCESS_KEY");
    if (!access.isEmpty() && !secret.isEmpty()) {
      return new AwsKeys.Given(access, Secret.of(secret), Secret.of(variable("AWS_SESSION_TOKEN")));
    }
    String token = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
    String role = variable("AWS_ROLE_ARN");
    if (!token.isEmpty() && !role.isEmpty()) {
      String session = variable("AWS_ROLE_SESSION_NAME");
      return map.checked(() ->
          new AwsKeys.WebIdentity(
              Path.of(token),
              role,
              session.isEmpty() ? "barograph" : session,
              tokenService(region, false)));
    }
    String usual = variable("AWS_PROFILE");
    if (!usual.isEmpty() || Path.of(credentialsFile()).toFile().isFile()) {
      return new AwsKeys.Profile(Path.of(credentialsFile()), usual.isEmpty() ? "default" : usual);
    }
    return ofTheHost(map);
  }

  /// Keys of the role of whatever this process runs in.
  private AwsKeys ofTheHost(YamlMap map) {
    String path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    String whole = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!path.isEmpty() || !whole.isEmpty()) {
      String tokenFile = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
      var token =
          tokenFile.isEmpty()
              ? Secret.of(variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
              : Secret.in(Path.of(tokenFile));
      return map.checked(() ->
          new AwsKeys.Container(
              path.isEmpty() ? near(URI.create(whole)) : URI.create(CONTAINERS_HOST + path),
              token));
    }
    if (!mayAskMachine()) {
      throw map.error(
          "no keys to sign with: expected access_key and secret_key, profile, or AWS_ACCESS_KEY_ID"
              + " and AWS_SECRET_ACCESS_KEY in the environment; AWS_EC2_METADATA_DISABLED forbids"
              + " to ask the machine for its role");
    }
    return map.checked(() -> new AwsKeys.Machine(machine()));
  }

  boolean mayAskMachine() {
    return !variable("AWS_EC2_METADATA_DISABLED").equalsIgnoreCase("true");
  }

  /// Where a machine of EC2 tells of itself.
  URI machine() {
    String own = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    boolean six = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").equalsIgnoreCase("ipv6");
    return URI.create(own.isEmpty() ? six ? MACHINE_BY_IPV6 : MACHINE : own);
  }

  /// Keys go over the wire in the clear only to hosts that stand for this one.
  private static URI near(URI uri) {
    String host = Objects.requireNonNullElse(uri.getHost(), "");
    boolean loopback =
        host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    if (!"https".equals(uri.getScheme()) && !loopback && !CONTAINERS_HOSTS.contains(host)) {
      throw new IllegalArgumentException(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI is \"%s\", expected https, or http to the loopback or to one of %s"
              .formatted(uri, String.join(", ", CONTAINERS_HOSTS)));
    }
    return uri;
  }

  private String credentialsFile() {
    String file = variable("AWS_SHARED_CREDENTIALS_FILE");
    return file.isEmpty() ? Path.of(variable("HOME"), ".aws", "credentials").toString() : file;
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
      case AwsKeys.WebIdentity _, AwsKeys.Container _, AwsKeys.Machine _ -> {}
      case AwsKeys.Role _ -> throw new AssertionError("a role is not taken on by a role");
    }
    return map;
  }
}
