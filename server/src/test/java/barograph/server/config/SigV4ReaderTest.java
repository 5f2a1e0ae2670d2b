package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where keys come from that a configuration does not hold.
class SigV4ReaderTest {
  private static final URI STS = URI.create("https://sts.eu-west-1.amazonaws.com");

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();

  private AwsKeys keys(String yaml) {
    environment.put("HOME", home.toString());
    var map = Objects.requireNonNull(YamlNode.parse("test.yml", yaml)).asMap();
    return new SigV4Reader(environment::get).read(map, "aps").keys();
  }

  private AwsKeys keys() {
    return keys("{region: eu-west-1}");
  }

  private Path credentials() throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    return Files.writeString(home.resolve(".aws/credentials"), "[default]\n");
  }

  @Test
  void theFirstPlaceThatHasThemIsTaken() throws IOException {
    assertThat(keys()).isEqualTo(new AwsKeys.Machine(URI.create("http://169.254.169.254")));
    environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
    assertThat(keys())
        .isEqualTo(new AwsKeys.Container(URI.create("http://169.254.170.2/v2/x"), Secret.of("")));
    var file = credentials();
    assertThat(keys()).isEqualTo(new AwsKeys.Profile(file, "default"));
    environment.put("AWS_PROFILE", "ci");
    assertThat(keys()).isEqualTo(new AwsKeys.Profile(file, "ci"));
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    environment.put("AWS_ROLE_ARN", "arn:r");
    assertThat(keys())
        .isEqualTo(new AwsKeys.WebIdentity(Path.of("/token"), "arn:r", "barograph", STS));
    environment.put("AWS_ACCESS_KEY_ID", "AK");
    environment.put("AWS_SECRET_ACCESS_KEY", "hush");
    environment.put("AWS_SESSION_TOKEN", "t");
    assertThat(keys()).isEqualTo(new AwsKeys.Given("AK", Secret.of("hush"), Secret.of("t")));
    assertThat(keys("{region: eu-west-1, profile: named}"))
        .isEqualTo(new AwsKeys.Profile(file, "named"));
    assertThat(keys("{region: eu-west-1, profile: named, access_key: A, secret_key: B}"))
        .isEqualTo(new AwsKeys.Given("A", Secret.of("B"), Secret.of("")));
  }

  @Test
  void aRoleIsTakenOnWithTheKeysThatAreFound() {
    assertThat(keys("{region: cn-north-1, role_arn: 'arn:r', external_id: x}"))
        .isEqualTo(
            new AwsKeys.Role(
                new AwsKeys.Machine(URI.create("http://169.254.169.254")),
                "arn:r",
                "x",
                "cn-north-1",
                URI.create("https://sts.cn-north-1.amazonaws.com.cn")));
  }

  @Test
  void theMachinesServiceIsAskedWhereTheEnvironmentSays() {
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6");
    assertThat(keys()).isEqualTo(new AwsKeys.Machine(URI.create("http://[fd00:ec2::254]")));
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/");
    assertThat(keys()).isEqualTo(new AwsKeys.Machine(URI.create("http://127.0.0.1:1338/")));
  }

  @Test
  void aMachineThatMustNotBeAskedLeavesNoKeys() {
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    assertThatThrownBy(this::keys)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no keys to sign with: expected access_key")
        .hasMessageContaining("AWS_EC2_METADATA_DISABLED");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "http://127.0.0.1:9/a",
        "http://localhost/a",
        "http://[::1]:80/a",
        "http://169.254.170.23/v1/credentials",
        "http://[fd00:ec2::23]/v1/credentials",
        "https://keys.example/a",
      })
  void aContainersHostIsAskedWithItsToken(String uri) {
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer t");
    assertThat(keys()).isEqualTo(new AwsKeys.Container(URI.create(uri), Secret.of("Bearer t")));
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token");
    assertThat(keys())
        .isEqualTo(new AwsKeys.Container(URI.create(uri), Secret.in(Path.of("/var/token"))));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"http://keys.example/a", "http://127.0.0.1.example/", "http://10.0.0.1/", "ftp://x/"})
  void keysDoNotCrossANetworkInTheClear(String uri) {
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    assertThatThrownBy(this::keys)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI is \"" + uri);
  }
}
