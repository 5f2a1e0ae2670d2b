package barograph.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.query.EngineOptions;
import barograph.server.cli.Flags.UsageException;
import barograph.storage.StoreOptions.Durability;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static Options options(String... arguments) {
    return Options.from(Flags.parse(arguments), Path.of("home"));
  }

  @Test
  void withoutFlagsTheConfigurationIsTheOneThatComesWithIt() {
    var options = options();
    assertThat(options.configFile()).isEqualTo(Path.of("home/config/barograph.yml"));
    assertThat(options.ownConfig()).isTrue();
    assertThat(options.notificationFile()).isNull();
    assertThat(options.listenAddress().getPort()).isEqualTo(9090);
    assertThat(options.routePrefix()).isEqualTo("/");
    assertThat(options.externalUrl().toString()).startsWith("http://").endsWith(":9090");
    assertThat(options.store().folder()).isEqualTo(Path.of("data"));
    assertThat(options.store().durability()).isEqualTo(Durability.SYNC);
    assertThat(options.store().retentionTime()).isEqualTo(Duration.ofDays(15));
    assertThat(options.store().retentionBytes()).isZero();
    assertThat(options.queryConcurrency()).isEqualTo(20);
    assertThat(options.web().remoteWrite()).isTrue();
    assertThat(options.web().lifecycle()).isFalse();
    assertThat(options.web().adminApi()).isFalse();
    assertThat(options.rules().outageTolerance()).isEqualTo(Duration.ofHours(1));
    assertThat(options.engine())
        .isEqualTo(
            EngineOptions.defaults()
                .withLookback(Duration.ofMinutes(5))
                .withTimeout(Duration.ofMinutes(2))
                .withMaxSamples(50_000_000));
  }

  @Test
  void flagsAreTyped() {
    var options =
        options(
            "--config.file=my.yml",
            "--alertmanager.config.file=am.yml",
            "--storage.tsdb.path=elsewhere",
            "--storage.tsdb.retention.time=0",
            "--storage.tsdb.retention.size=10GiB",
            "--storage.durability=async",
            "--enable-feature=promql-experimental-functions,no-such-thing",
            "--web.enable-lifecycle",
            "--no-web.enable-remote-write-receiver",
            "--web.external-url=https://metrics.example.org/baro/");
    assertThat(options.configFile()).isEqualTo(Path.of("my.yml"));
    assertThat(options.ownConfig()).isFalse();
    assertThat(options.notificationFile()).isEqualTo(Path.of("am.yml"));
    assertThat(options.store().folder()).isEqualTo(Path.of("elsewhere"));
    assertThat(options.store().retentionTime()).isZero();
    assertThat(options.store().retentionBytes()).isEqualTo(10L << 30);
    assertThat(options.store().durability()).isEqualTo(Durability.ASYNC);
    assertThat(options.engine())
        .isEqualTo(EngineOptions.defaults().with(EngineOptions.Feature.EXPERIMENTAL_FUNCTIONS));
    assertThat(options.web().lifecycle()).isTrue();
    assertThat(options.web().remoteWrite()).isFalse();
    assertThat(options.routePrefix()).isEqualTo("/baro");
    assertThat(options.flags()).containsEntry("storage.durability", "async");
  }

  @ParameterizedTest(name = "{0} listens on {1} at {2}")
  @CsvSource({
    "127.0.0.1:0, 127.0.0.1, 0",
    ":8080, 0.0.0.0, 8080",
    "localhost, localhost, 9090",
    "[::1]:99, ::1, 99",
  })
  void anAddressIsAHostAndAPort(String text, String host, int port) throws UnknownHostException {
    var address = options("--web.listen-address=" + text).listenAddress();
    assertThat(address.getPort()).isEqualTo(port);
    assertThat(address.getAddress()).isEqualTo(InetAddress.getByName(host));
  }

  @ParameterizedTest(name = "{0} serves below {1}")
  @CsvSource({"baro, /baro", "/baro/, /baro", "/, /", "/a/b, /a/b"})
  void theRoutePrefixStartsWithASlashAndEndsWithNone(String given, String prefix) {
    assertThat(options("--web.route-prefix=" + given).routePrefix()).isEqualTo(prefix);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--web.listen-address=host:port | expected one host:port",
        "--web.listen-address=a:1,b:2   | expected one host:port",
        "--web.listen-address=:70000    | expected one host:port",
        "--web.external-url=here        | expected a URL",
        "--storage.durability=maybe     | --storage.durability is \"maybe\", expected sync or"
            + " async",
        "--storage.tsdb.retention.time=15 | expected a duration such as 90s or 15d",
        "--storage.tsdb.retention.size=15 | expected a size such as 512MB or 10GiB",
        "--storage.series-limit=-1      | expected a number from 0 up",
        "--query.max-concurrency=0      | expected a number from 1 to 100000",
        "--query.timeout=quick          | --query.timeout is \"quick\"",
        "--query.timeout=0s             | must all be above a millisecond",
        "--web.cors.origin=(            | expected a regular expression",
      })
  void aValueThatCannotBeUsedIsRefused(String argument, String words) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> options(argument))
        .withMessageContaining(words);
  }
}
