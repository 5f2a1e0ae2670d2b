package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import barograph.ingest.discovery.TargetGroup;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How targets are found by `prometheus.yml`.
class DiscoveryOfPrometheusFileTest extends PrometheusFileText {
  @Test
  void readsHowTargetsAreFound() {
    var config =
        read(
            """
            scrape_configs:
              - job_name: a
                file_sd_configs: [{files: ['targets/*.json']}]
                http_sd_configs: [{url: 'https://sd/x', refresh_interval: 5s, bearer_token: hush}]
                dns_sd_configs: [{names: [a, b]}, {names: [c], type: aaaa, port: 9}]
                consul_sd_configs: [{token: hush, services: [w], tags: [t], datacenter: d, allow_stale: false}]
                docker_sd_configs: [{host: 'unix:///s', filters: [{name: n, values: [v]}]}]
            """);
    assertThat(config.jobs().getFirst().discoveries())
        .containsExactly(
            new DiscoveryConfig.Files(
                List.of(folder.resolve("targets/*.json").toString()), Duration.ofMinutes(5)),
            new DiscoveryConfig.Http(
                URI.create("https://sd/x"),
                ClientSettings.PLAIN.with(new Credentials.Token("Bearer", Secret.of("hush"))),
                Duration.ofSeconds(5)),
            new DiscoveryConfig.Dns(List.of("a", "b"), RecordType.SRV, 0, Duration.ofSeconds(30)),
            new DiscoveryConfig.Dns(List.of("c"), RecordType.AAAA, 9, Duration.ofSeconds(30)),
            new DiscoveryConfig.Consul(
                URI.create("http://localhost:8500"),
                "d",
                List.of("w"),
                List.of("t"),
                Map.of(),
                Map.of("dc", "d"),
                "",
                ",",
                ClientSettings.PLAIN.with(new Credentials.Token("Bearer", Secret.of("hush"))),
                Duration.ofSeconds(30)),
            new DiscoveryConfig.Docker(
                URI.create("unix:///s"),
                80,
                "localhost",
                true,
                Map.of("n", List.of("v")),
                ClientSettings.PLAIN,
                Duration.ofMinutes(1)));
    assertThat(config.yaml()).contains("url: https://sd/x", "tags:").doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file_sd_configs: [{files: [a.txt]}]            | path name",
        "file_sd_configs: [{}]                          | must contain at least one path name",
        "dns_sd_configs: [{names: [a], type: A}]        | a port is required",
        "dns_sd_configs: [{names: [a], type: TXT}]      | invalid DNS-SD records type TXT",
        "dns_sd_configs: [{}]                           | must contain at least one",
        "http_sd_configs: [{url: 'ftp://x'}]            | expected an http or https URL",
        "docker_sd_configs: [{}]                        | expected one such as unix:",
        "consul_sd_configs: [{token: a, bearer_token: b}] | at most one of consul SD",
      })
  void refusesWaysOfFindingTargetsThatCannotWork(String keys, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("scrape_configs: [{job_name: a, " + keys + "}]"))
        .withMessageContaining(words);
  }

  @Test
  void filesOfTargetsAreYamlOrJson() throws IOException {
    Path file = folder.resolve("t");
    Files.writeString(
        file, "[{\"targets\": [\"a:1\"], \"labels\": {\"x\": \"y\"}}, {\"targets\": []}]");
    assertThat(TargetFileReader.read(file))
        .containsExactly(
            TargetGroup.of(List.of("a:1"), Labels.of("x", "y")),
            TargetGroup.of(List.of(), Labels.EMPTY));
    Files.writeString(file, "- targets: [a:1]\n  label: {}\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> TargetFileReader.read(file))
        .withMessageContaining("did you mean \"labels\"?");
  }
}
