package barograph.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.discovery.DiscoveryConfig.Dns;
import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each way of finding targets, against servers that answer from memory.
class DiscoverersTest {
  private static final Duration REFRESH = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final FakeDirectory web = new FakeDirectory();
  private final Found found = new Found();

  private static HttpDiscoverer http(FakeDirectory web) {
    return new HttpDiscoverer(
        new DiscoveryConfig.Http(URI.create("http://sd/x"), ClientSettings.PLAIN, REFRESH), web);
  }

  @Test
  void anAddressIsAskedForAListOfGroups() throws IOException, InterruptedException {
    web.json(
        "http://sd/x",
        "[{\"targets\":[\"a:1\",\"b:2\"],\"labels\":{\"env\":\"x\"}},{\"targets\":[\"c:3\"]}]");
    http(web).look(found);
    assertThat(found.next())
        .containsExactly(
            Labels.of("__address__", "a:1", "__meta_url", "http://sd/x", "env", "x"),
            Labels.of("__address__", "b:2", "__meta_url", "http://sd/x", "env", "x"),
            Labels.of("__address__", "c:3", "__meta_url", "http://sd/x"));
    assertThat(web.requests().getFirst().headers())
        .containsEntry("Accept", "application/json")
        .containsEntry("X-Prometheus-Refresh-Interval-Seconds", "30.000000");
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | application/json | []                        | server returned HTTP status 500",
        "200 | text/html        | []                        | unsupported content type",
        "200 | application/json | {}                        | no list of groups",
        "200 | application/json | [1]                       | no group of targets",
        "200 | application/json | [{\"targets\": [1]}]      | must be strings",
        "200 | application/json | [                         | no JSON",
      })
  void anAnswerThatIsNoListOfGroupsIsAFailure(int status, String type, String body, String words) {
    web.answer("http://sd/x", status, Map.of("content-type", type), body);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> http(web).look(found))
        .withMessageContaining(words);
    assertThat(found.isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "SRV  | 10 5 9100 db.example.org. | db.example.org:9100 | __meta_dns_srv_record_port=9100 __meta_dns_srv_record_target=db.example.org.",
        "A    | 10.1.2.3                  | 10.1.2.3:80         | ''",
        "AAAA | fe80::1                   | [fe80::1]:80        | ''",
        "MX   | 10 mail.example.org.      | mail.example.org:80 | __meta_dns_mx_record_target=mail.example.org.",
        "NS   | ns.example.org.           | ns.example.org:80   | __meta_dns_ns_record_target=ns.example.org.",
      })
  void eachRecordOfANameIsATarget(RecordType type, String record, String address, String meta)
      throws IOException, InterruptedException {
    DnsRecords dns = (name, kind) -> name.equals("n") && kind == type ? List.of(record) : List.of();
    new DnsDiscoverer(new Dns(List.of("n", "none"), type, 80, REFRESH), dns).look(found);
    var expected = new Labels.Builder().set("__address__", address).set("__meta_dns_name", "n");
    for (String pair : meta.isEmpty() ? new String[0] : meta.split(" ", -1)) {
      expected.set(pair.split("=", -1)[0], pair.split("=", -1)[1]);
    }
    assertThat(found.next()).containsExactly(expected.build());
  }

  @Test
  void filesAreReadAgainWhenTheyChangeAndKeepTheirTargetsWhileTheyAreBroken()
      throws IOException, InterruptedException {
    TargetFiles reader =
        file -> {
          String text = Files.readString(file);
          if (text.isEmpty()) {
            throw new IOException("half written");
          }
          return List.of(TargetGroup.of(List.of(text.split(" ", -1)), Labels.EMPTY));
        };
    Path first = Files.writeString(folder.resolve("a.yml"), "a:1");
    Files.writeString(folder.resolve("other.txt"), "x:1");
    var config = new DiscoveryConfig.Files(List.of(folder + "/*.yml", folder + "/*.json"), REFRESH);
    var discoverer = new FileDiscoverer(config, reader);
    var looking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                discoverer.look(found);
              } catch (IOException e) {
                throw new AssertionError(e);
              } catch (InterruptedException e) {
                // The test is over.
              }
            });
    assertThat(found.next())
        .containsExactly(Labels.of("__address__", "a:1", "__meta_filepath", first.toString()));
    Files.writeString(folder.resolve("b.json"), "b:1 b:2");
    found.until("a:1", "b:1", "b:2");
    Files.writeString(first, "");
    Files.writeString(folder.resolve("b.json"), "b:3");
    found.until("a:1", "b:3");
    Files.delete(first);
    found.until("b:3");
    looking.interrupt();
    looking.join();
  }

  @Test
  void containersAreTargetsAtEachOfTheirPorts() throws IOException, InterruptedException {
    String containers = text("dockerprom/containers/json.json");
    web.json(
        "http://docker:2375/containers/json?filters=%7B%22status%22%3A%7B%22up%22%3Atrue%7D%7D",
        containers);
    web.json("http://docker:2375/networks", text("dockerprom/networks.json"));
    docker("tcp://docker:2375", Map.of("status", List.of("up")), true).look(found);
    var targets = found.next();
    assertThat(targets.getFirst())
        .isEqualTo(
            Labels.of(
                "__address__", "172.19.0.2:9100",
                "__meta_docker_container_id",
                    "c301b928faceb1a18fe379f6bc178727ef920bb30b0f9b8592b32b36255a0eca",
                "__meta_docker_container_image", "prom/node-exporter:v1.1.2",
                "__meta_docker_container_image_id",
                    "sha256:c19ae228f0699185488b6a1c0debb9c6b79672181356ad455c9a7924a41a01bb",
                "__meta_docker_container_label_com_docker_compose_project", "dockersd",
                "__meta_docker_container_label_com_docker_compose_service", "node",
                "__meta_docker_container_label_com_docker_compose_version", "1.25.0",
                "__meta_docker_container_label_maintainer",
                    "The Prometheus Authors <prometheus-developers@googlegroups.com>",
                "__meta_docker_container_label_prometheus_job", "node",
                "__meta_docker_container_name", "/dockersd_node_1",
                "__meta_docker_container_network_mode", "dockersd_default",
                "__meta_docker_network_id",
                    "7189986ab399e144e52a71b7451b4e04e2158c044b4cd2f3ae26fc3a285d3798",
                "__meta_docker_network_ingress", "false",
                "__meta_docker_network_internal", "false",
                "__meta_docker_network_ip", "172.19.0.2",
                "__meta_docker_network_label_com_docker_compose_network", "default",
                "__meta_docker_network_label_com_docker_compose_project", "dockersd",
                "__meta_docker_network_label_com_docker_compose_version", "1.25.0",
                "__meta_docker_network_name", "dockersd_default",
                "__meta_docker_network_scope", "local",
                "__meta_docker_port_private", "9100"));
    assertThat(targets).extracting(t -> t.get("__address__")).contains("localhost");
  }

  @Test
  void aDaemonIsReachedByItsSocketAndAContainerByItsNewerAddress()
      throws IOException, InterruptedException {
    web.json("unix:/run/docker.sock:/containers/json", text("dockeripv6/containers/json.json"));
    web.json("unix:/run/docker.sock:/networks", text("dockeripv6/networks.json"));
    docker("unix:///run/docker.sock", Map.of(), false).look(found);
    assertThat(found.nextAddresses()).contains("[fc00::2]:80");
  }

  private DockerDiscoverer docker(
      String host, Map<String, List<String>> filters, boolean firstNetwork) {
    return new DockerDiscoverer(
        new DiscoveryConfig.Docker(
            URI.create(host),
            80,
            "localhost",
            firstNetwork,
            filters,
            ClientSettings.PLAIN,
            REFRESH),
        web);
  }

  private static String text(String file) throws IOException {
    return Files.readString(SharedData.require("spec/data/sd/moby/" + file));
  }

  @Test
  void servicesOfConsulAreWatchedFromIndexToIndex() throws IOException, InterruptedException {
    var config =
        new DiscoveryConfig.Consul(
            URI.create("http://consul:8500"),
            null,
            List.of(),
            List.of("web"),
            Map.of(),
            Map.of("stale", ""),
            "",
            ",",
            ClientSettings.PLAIN,
            Duration.ofMillis(1));
    String wait = "&wait=120000ms&stale";
    web.json("http://consul:8500/v1/agent/self", "{\"Config\":{\"Datacenter\":\"dc1\"}}");
    String catalog = "http://consul:8500/v1/catalog/services?index=";
    web.answer(catalog + 0 + wait, 200, index(5), "{\"api\":[\"web\",\"x\"],\"db\":[\"y\"]}");
    web.later(catalog + 5 + wait);
    String health = "http://consul:8500/v1/health/service/api?index=";
    web.answer(health + 0 + wait + "&tag=web", 200, index(7), service("10.0.0.1", "passing"));
    web.later(health + 7 + wait + "&tag=web");
    var looking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                new ConsulDiscoverer(config, web).look(found);
              } catch (IOException e) {
                throw new AssertionError(e);
              } catch (InterruptedException e) {
                // The test is over.
              }
            });
    List<Labels> targets;
    do {
      targets = found.next();
    } while (targets.isEmpty());
    assertThat(targets)
        .containsExactly(
            Labels.of(
                "__address__", "10.0.0.1:8080",
                "__meta_consul_address", "192.168.0.9",
                "__meta_consul_dc", "dc1",
                "__meta_consul_health", "passing",
                "__meta_consul_metadata_rack", "r1",
                "__meta_consul_node", "n1",
                "__meta_consul_service", "api",
                "__meta_consul_service_address", "10.0.0.1",
                "__meta_consul_service_id", "api-1",
                "__meta_consul_service_metadata_v_1", "2",
                "__meta_consul_service_port", "8080",
                "__meta_consul_tagged_address_lan", "192.168.0.9",
                "__meta_consul_tags", ",web,x,"));
    web.later(health + 8 + wait + "&tag=web");
    web.answer(health + 7 + wait + "&tag=web", 200, index(8), service("", "critical"));
    targets = found.next();
    assertThat(targets.getFirst().get("__address__")).isEqualTo("192.168.0.9:8080");
    assertThat(targets.getFirst().get("__meta_consul_health")).isEqualTo("critical");
    web.later(catalog + 6 + wait);
    web.answer(catalog + 5 + wait, 200, index(6), "{\"db\":[\"y\"]}");
    found.until();
    looking.interrupt();
    looking.join();
  }

  private static Map<String, String> index(int index) {
    return Map.of("x-consul-index", Integer.toString(index));
  }

  private static String service(String address, String status) {
    return """
    [{"Node": {"Node": "n1", "Address": "192.168.0.9", "Datacenter": "dc1",
               "TaggedAddresses": {"lan": "192.168.0.9"}, "Meta": {"rack": "r1"}},
      "Service": {"ID": "api-1", "Service": "api", "Tags": ["web", "x"], "Address": "%s",
                  "Port": 8080, "Meta": {"v.1": "2"}},
      "Checks": [{"CheckID": "serfHealth", "Status": "passing"}, {"CheckID": "c", "Status": "%s"}]}]
    """
        .formatted(address, status);
  }
}
