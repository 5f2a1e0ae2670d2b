package barograph.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.server.cli.Flags.UsageException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {
  @Test
  void defaultsAreThese() {
    assertThat(Flags.parse().all())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("alertmanager.config.file", ""),
                Map.entry("config.file", ""),
                Map.entry("enable-feature", ""),
                Map.entry("log.format", "logfmt"),
                Map.entry("log.level", "info"),
                Map.entry("query.lookback-delta", "5m"),
                Map.entry("query.max-concurrency", "20"),
                Map.entry("query.max-samples", "50000000"),
                Map.entry("query.log-slower-than", "10s"),
                Map.entry("query.max-bytes", "0"),
                Map.entry("query.timeout", "2m"),
                Map.entry("rules.alert.for-grace-period", "10m"),
                Map.entry("rules.alert.for-outage-tolerance", "1h"),
                Map.entry("rules.alert.resend-delay", "1m"),
                Map.entry("rules.max-concurrent-evals", "4"),
                Map.entry("storage.durability", "sync"),
                Map.entry("storage.series-limit", "0"),
                Map.entry("storage.series-limit.per-target", "0"),
                Map.entry("storage.series-limit.per-job", "0"),
                Map.entry("storage.remote.log-size", "4GB"),
                Map.entry("storage.remote.read-concurrent-limit", "10"),
                Map.entry("storage.remote.read-max-bytes-in-frame", "1048576"),
                Map.entry("storage.remote.read-sample-limit", "50000000"),
                Map.entry("storage.tsdb.path", "data/"),
                Map.entry("storage.tsdb.retention.size", "0"),
                Map.entry("storage.tsdb.retention.time", "15d"),
                Map.entry("web.cors.origin", ".*"),
                Map.entry("web.enable-admin-api", "false"),
                Map.entry("web.enable-lifecycle", "false"),
                Map.entry("web.enable-line-receiver", "true"),
                Map.entry("push.group-ttl", "0s"),
                Map.entry("web.enable-push-gateway", "true"),
                Map.entry("web.enable-otlp-receiver", "true"),
                Map.entry("web.enable-remote-write-receiver", "true"),
                Map.entry("web.external-url", ""),
                Map.entry("web.listen-address", "0.0.0.0:9090"),
                Map.entry("web.max-connections", "512"),
                Map.entry("web.read-timeout", "5m"),
                Map.entry("web.route-prefix", "")));
  }

  @Test
  void aValueFollowsAnEqualsSignOrABlank() {
    var flags = Flags.parse("--log.level=debug", "--query.timeout", "5s", "--config.file=a=b");
    assertThat(flags.get("log.level")).isEqualTo("debug");
    assertThat(flags.get("query.timeout")).isEqualTo("5s");
    assertThat(flags.get("config.file")).isEqualTo("a=b");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--web.enable-lifecycle, web.enable-lifecycle, true",
    "--web.enable-lifecycle=false, web.enable-lifecycle, false",
    "--no-web.enable-lifecycle, web.enable-lifecycle, false",
    "--no-web.enable-remote-write-receiver, web.enable-remote-write-receiver, false",
    "--no-web.enable-remote-write-receiver=false, web.enable-remote-write-receiver, true",
    "--web.enable-remote-write-receiver, web.enable-remote-write-receiver, true",
  })
  void aSwitchIsTurnedOnAndOff(String argument, String name, boolean on) {
    assertThat(Flags.parse(argument).isOn(name)).isEqualTo(on);
  }

  @Test
  void aListFlagComesSeveralTimesAndTakesCommas() {
    assertThat(Flags.parse("--enable-feature=a,b", "--enable-feature", "c").list("enable-feature"))
        .containsExactly("a", "b", "c");
    assertThat(Flags.parse().list("enable-feature")).isEmpty();
    assertThat(Flags.parse("--web.listen-address=:1").list("web.listen-address"))
        .containsExactly(":1");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--unknown             | unknown flag --unknown; --help lists all",
        "--no-config.file=x    | unknown flag --no-config.file",
        "--no-such.switch      | unknown flag --no-such.switch",
        "serve                 | unexpected \"serve\"",
        "-x                    | unexpected \"-x\"",
        "--config.file         | expected a value for flag --config.file",
        "--log.level=a --log.level=b | flag --log.level comes twice",
        "--web.enable-lifecycle=yes | --web.enable-lifecycle is \"yes\", expected true or false",
      })
  void aWrongCommandLineIsRefused(String line, String words) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Flags.parse(line.split(" ")))
        .withMessageContaining(words);
  }

  @Test
  void helpMentionsEveryFlag() {
    String help = Flags.help();
    for (String name : Flags.parse().all().keySet()) {
      assertThat(help).containsPattern("--(\\[no-\\])?" + name.replace(".", "\\.") + "[=\n]");
    }
    assertThat(help).contains("--help", "--version", "--[no-]web.enable-lifecycle\n");
  }
}
