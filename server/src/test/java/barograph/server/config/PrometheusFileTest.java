package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import barograph.ingest.discovery.TargetGroup;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.otlp.OtlpSettings;
import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.RelabelRule.Action;
import barograph.ingest.scrape.NameEscaping;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.ingest.scrape.ScrapeLimits;
import barograph.ingest.scrape.ScrapeProtocol;
import barograph.storage.model.Labels;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import barograph.storage.outbound.TlsSettings;
import barograph.storage.outbound.TlsSettings.Version;
import barograph.storage.outbound.TlsSettings.Versions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `prometheus.yml`: what it means, how it is shown, and how each mistake is named.
class PrometheusFileTest {
  private static final String FULL =
      """
      global:
        scrape_interval: 15s
        scrape_timeout: 8s
        evaluation_interval: 30s
        rule_query_offset: 5s
        sample_limit: 1000
        external_labels:
          region: "$REGION"
          price: "5$$"
          braced: "a${REGION}b"
      scrape_configs:
        - job_name: node
          honor_labels: true
          honor_timestamps: false
          scrape_interval: 1m30s
          scrape_timeout: 10s
          metrics_path: /probe
          scheme: https
          body_size_limit: 10MB
          label_limit: 40
          params:
            module: [http_2xx, fast]
          basic_auth:
            username: reader
            password: open sesame
          static_configs:
            - targets: ["db-1:9100", "db-2:9100"]
              labels: {tier: database}
          relabel_configs:
            - source_labels: [__address__, tier]
              separator: "@"
              regex: (.+):\\d+@(.*)
              target_label: host
              replacement: ${1}
          metric_relabel_configs:
            - source_labels: [__name__]
              regex: go_.*
              action: DROP
        - job_name: api
          authorization:
            credentials: hush
          scrape_protocols: [OpenMetricsText1.0.0, PrometheusText0.0.4]
          fallback_scrape_protocol: PrometheusText0.0.4
          static_configs:
            - targets: ["[::1]:80"]
      """;

  @TempDir private Path folder;

  @Test
  void otherAlertmanagersAreFoundWithTheirPathsAndCredentials() {
    var config =
        read(
            """
            alerting:
              alert_relabel_configs:
                - {action: labeldrop, regex: replica}
              alertmanagers:
                - static_configs: [{targets: ['a:9093', 'skip:1'], labels: {zone: x}}]
                  relabel_configs:
                    - {source_labels: [__address__], regex: 'skip.*', action: drop}
                - {scheme: https, path_prefix: /am/, timeout: 3s, basic_auth: {username: u, password: pw},
                   static_configs: [{targets: [b]}],
                   alert_relabel_configs: [{action: keep, source_labels: [severity], regex: page}]}
            """);
    var active =
        config.alertSending().alertmanagers().stream()
            .flatMap(set -> set.with(List.of()).active().stream())
            .toList();
    assertThat(active)
        .extracting(found -> found.alertsUrl() + " " + found.timeout())
        .containsExactly("http://a:9093/api/v2/alerts PT10S", "https://b/am/api/v2/alerts PT3S");
    assertThat(active.getLast().client().credentials())
        .isEqualTo(new Credentials.Basic(Secret.of("u"), Secret.of("pw")));
    var labels = Labels.of("alertname", "A", "replica", "1");
    assertThat(config.alertSending().relabeling().apply(labels))
        .isEqualTo(Labels.of("alertname", "A"));
    assertThat(active.getLast().relabeling().apply(labels)).isNull();
    assertThat(config.alertSending().alertmanagers().getFirst().with(List.of()).dropped())
        .containsExactly("http://skip:1/api/v2/alerts");
    assertThat(config.yaml()).contains("path_prefix: /am/", "<secret>").doesNotContain("pw");
  }

  @Test
  void alertmanagersAreDiscoveredAndNamedByTheirLabels() {
    var set =
        read("""
        alerting:
          alertmanagers:
            - file_sd_configs: [{files: [am/*.json]}]
              http_sd_configs: [{url: "http://sd/am"}]
              path_prefix: /am
              relabel_configs:
                - {source_labels: [team], regex: other, action: drop}
                - {source_labels: [__address__], regex: '(.*):.*', replacement: '$1:9094', target_label: __address__}
        """)
            .alertSending()
            .alertmanagers()
            .getFirst();
    assertThat(set.discoveries()).hasSize(2);
    var found =
        set.with(
            List.of(
                TargetGroup.of(List.of("a:1", "a:2", "b:1"), Labels.of("__scheme__", "https")),
                TargetGroup.of(List.of("c:1"), Labels.of("team", "other"))));
    assertThat(found.active())
        .extracting(alertmanager -> alertmanager.alertsUrl().toString())
        .containsExactly("https://a:9094/am/api/v2/alerts", "https://b:9094/am/api/v2/alerts");
    assertThat(found.dropped()).containsExactly("http://c:1/am/api/v2/alerts");
  }

  private ServerConfig read(String text) {
    return new PrometheusFile(
            folder.resolve("prometheus.yml"), Map.of("REGION", "north")::get, false)
        .read(text);
  }

  private void refuses(String text, String... words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(text))
        .satisfies(e ->
            assertThat(e.getMessage())
                .startsWith(folder.resolve("prometheus.yml").toString())
                .contains(words));
  }

  private static RelabelRule onlyRule(ServerConfig config) {
    return config.jobs().getFirst().labelling().targetRules().getFirst();
  }

  private ServerConfig withRule(String rule) {
    return read("scrape_configs: [{job_name: a, relabel_configs: [%s]}]".formatted(rule));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "# nothing\n", "---\n", "global:\n", "scrape_configs:\n"})
  void anEmptyFileMeansTheDefaults(String text) {
    var config = read(text);
    assertThat(config.jobs()).isEmpty();
    assertThat(config.ruleFiles()).isEmpty();
    assertThat(config.evaluationInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.ruleQueryOffset()).isZero();
    assertThat(config.yaml())
        .contains("scrape_interval: 1m", "scrape_timeout: 10s", "evaluation_interval: 1m");
  }

  @Test
  void theGlobalSectionIsRead() {
    var config = read(FULL);
    assertThat(config.evaluationInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.ruleQueryOffset()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.externalLabels())
        .isEqualTo(Labels.of(Map.of("region", "north", "price", "5$", "braced", "anorthb")));
  }

  @Test
  void aJobOverridesWhatHoldsForAll() {
    var node = read(FULL).jobs().get(0);
    assertThat(node.timing()).isEqualTo(new Timing(Duration.ofSeconds(90), Duration.ofSeconds(10)));
    assertThat(node.limits()).isEqualTo(new ScrapeLimits(10 << 20, 1000, 40, 0, 0, 0, 0, false));
    assertThat(node.asking().scheme()).isEqualTo("https");
    assertThat(node.asking().metricsPath()).isEqualTo("/probe");
    assertThat(node.asking().params()).isEqualTo(Map.of("module", List.of("http_2xx", "fast")));
    assertThat(node.labelling().honorLabels()).isTrue();
    assertThat(node.labelling().honorTimestamps()).isFalse();
    assertThat(node.staticTargets().getFirst().addresses())
        .containsExactly("db-1:9100", "db-2:9100");
    assertThat(node.staticTargets().getFirst().labels())
        .isEqualTo(Labels.of(Map.of("tier", "database")));
    assertThat(node.labelling().metricRules().getFirst().action()).isEqualTo(Action.DROP);
    assertThat(onlyRule(read(FULL)))
        .isEqualTo(
            new RelabelRule(
                List.of("__address__", "tier"),
                "@",
                "(.+):\\d+@(.*)",
                0,
                "host",
                "${1}",
                Action.REPLACE));
  }

  @Test
  void aJobThatSaysNothingInherits() {
    var api = read(FULL).jobs().get(1);
    assertThat(api.timing()).isEqualTo(new Timing(Duration.ofSeconds(15), Duration.ofSeconds(8)));
    assertThat(api.limits().samples()).isEqualTo(1000);
    assertThat(api.asking().protocols())
        .containsExactly(ScrapeProtocol.OPEN_METRICS_1_0_0, ScrapeProtocol.PROMETHEUS_TEXT_0_0_4);
    assertThat(api.asking().fallbackProtocol()).isEqualTo(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4);
  }

  @Test
  void aGlobalTimeoutIsCutToAShorterInterval() {
    var job = read("scrape_configs: [{job_name: quick, scrape_interval: 2s}]").jobs().getFirst();
    assertThat(job.timing()).isEqualTo(new Timing(Duration.ofSeconds(2), Duration.ofSeconds(2)));
  }

  @Test
  void credentialsAreThoseOfTheFile() {
    var jobs = read(FULL).jobs();
    assertThat(jobs.get(0).asking().client().credentials())
        .isEqualTo(new Credentials.Basic(Secret.of("reader"), Secret.of("open sesame")));
    assertThat(jobs.get(1).asking().client().credentials())
        .isEqualTo(new Credentials.Token("Bearer", Secret.of("hush")));
  }

  @Test
  void readsHowRequestsAreMade() {
    var config =
        read(
            """
            scrape_configs:
              - job_name: a
                oauth2:
                  client_id: me
                  client_secret: open sesame
                  scopes: [read]
                  token_url: https://id.example.org/token
                  endpoint_params: {audience: all}
                  tls_config: {insecure_skip_verify: true}
                tls_config:
                  {ca_file: ca.pem, cert_file: c.pem, key: hush, server_name: x.org, min_version: TLS13}
                proxy_url: http://me:pw@proxy:3128
                no_proxy: localhost,.lan
                proxy_connect_header: {X-A: [hush]}
                http_headers: {X-B: {values: [v], secrets: [hush], files: [b]}}
                follow_redirects: false
                enable_http2: false
              - job_name: b
                proxy_from_environment: true
                basic_auth: {username_file: u, password_file: p}
            """);
    var unchecked = new TlsSettings(null, null, null, null, true, Versions.DEFAULT);
    var headers = new LinkedHashMap<String, List<Secret>>();
    headers.put("X-B", List.of(Secret.of("v"), Secret.of("hush"), Secret.in(folder.resolve("b"))));
    var connecting = new LinkedHashMap<String, List<Secret>>();
    connecting.put("X-A", List.of(Secret.of("hush")));
    assertThat(config.jobs().getFirst().asking().client())
        .isEqualTo(
            new ClientSettings(
                new Credentials.OAuth2(
                    "me",
                    Secret.of("open sesame"),
                    List.of("read"),
                    URI.create("https://id.example.org/token"),
                    Map.of("audience", "all"),
                    new ClientSettings(
                        Credentials.NONE,
                        unchecked,
                        ProxySettings.NONE,
                        true,
                        new LinkedHashMap<>())),
                new TlsSettings(
                    Secret.in(folder.resolve("ca.pem")),
                    Secret.in(folder.resolve("c.pem")),
                    Secret.of("hush"),
                    "x.org",
                    false,
                    new Versions(Version.TLS13, Version.TLS13)),
                new ProxySettings.By(
                    URI.create("http://me:pw@proxy:3128"), "localhost,.lan", connecting),
                false,
                headers));
    assertThat(config.jobs().getLast().asking().client())
        .isEqualTo(
            new ClientSettings(
                new Credentials.Basic(
                    Secret.in(folder.resolve("u")), Secret.in(folder.resolve("p"))),
                TlsSettings.DEFAULT,
                new ProxySettings.FromEnvironment(new LinkedHashMap<>()),
                true,
                new LinkedHashMap<>()));
    assertThat(config.yaml())
        .contains("token_url: https://id.example.org/token", "no_proxy: localhost,.lan")
        .contains(
            "http://me:xxxxx@proxy:3128", "min_version: TLS13", "proxy_from_environment: true")
        .doesNotContain("hush", "open sesame", "pw@");
    assertThat(config.toString()).doesNotContain("hush", "open sesame", "pw@");
    assertThat(read(config.yaml()).yaml()).isEqualTo(config.yaml());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "basic_auth: {username: u}, oauth2: {client_id: a, token_url: 'http://t'} | at most one",
        "authorization: {type: Basic} | use \"basic_auth\" instead",
        "oauth2: {token_url: 'http://t'} | client_id must be configured",
        "oauth2: {client_id: a} | token_url is \"\"",
        "oauth2: {client_id: a, token_url: 'http://t', grant_type: x} | \"grant_type\" is not"
            + " supported",
        "proxy_url: 'http://p', proxy_from_environment: true | proxy_url must not be configured",
        "no_proxy: a | proxy_url must also be configured",
        "proxy_connect_header: {a: [b]} | must also be configured",
        "proxy_url: 'socks5://p:1' | has the scheme \"socks5\"",
        "tls_config: {cert_file: a} | key or key_file",
        "tls_config: {key: a} | cert or cert_file",
        "tls_config: {ca: a, ca_file: b} | at most one of ca & ca_file",
        "tls_config: {min_version: TLS14} | unknown TLS version",
        "tls_config: {min_version: TLS13, max_version: TLS12} | is newer than max_version",
        "http_headers: {Host: {values: [a]}} | setting header \"Host\" is not allowed",
      })
  void requestsThatCannotBeMadeAreRefused(String keys, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("scrape_configs: [{job_name: a, " + keys + "}]"))
        .withMessageContaining("scrape_configs[0]")
        .withMessageContaining(words);
  }

  @Test
  void aPasswordFileLiesBesideTheConfiguration() throws IOException {
    Files.writeString(folder.resolve("token"), "from a file\n");
    var config = read("scrape_configs: [{job_name: a, authorization: {credentials_file: token}}]");
    var credentials = config.jobs().getFirst().asking().client().credentials();
    assertThat(credentials)
        .isEqualTo(new Credentials.Token("Bearer", Secret.in(folder.resolve("token"))));
    assertThat(config.yaml()).contains("credentials_file: " + folder.resolve("token"));
  }

  @Test
  void theShownConfigurationHidesSecrets() {
    assertThat(read(FULL).yaml())
        .doesNotContain("open sesame", "hush")
        .contains("username: reader", "password: <secret>", "credentials: <secret>");
    assertThat(read(FULL).toString()).doesNotContain("open sesame", "hush");
  }

  @Test
  void theShownConfigurationHidesHeadersThatAreSecret() {
    var config =
        read(
            """
            scrape_configs:
              - job_name: a
                proxy_url: http://127.0.0.1:3128
                proxy_connect_header: {Proxy-Authorization: [open sesame]}
                http_headers:
                  X-Key: {secrets: [hush]}
            """);
    assertThat(config.yaml())
        .doesNotContain("open sesame", "hush")
        .contains("Proxy-Authorization", "X-Key", "<secret>");
  }

  @Test
  void theShownConfigurationReadsAsTheSameAgain() {
    var first = read(FULL);
    var again = read(first.yaml().replace("5$", "5$$"));
    assertThat(again.yaml()).isEqualTo(first.yaml());
    assertThat(again.externalLabels()).isEqualTo(first.externalLabels());
    assertThat(again.jobs().get(0))
        .usingRecursiveComparison()
        .ignoringFields("asking.client.credentials")
        .isEqualTo(first.jobs().get(0));
    assertThat(again.jobs().get(0).asking().client().credentials())
        .isInstanceOf(Credentials.Basic.class);
  }

  @Test
  void equalFilesMakeEqualJobs() {
    assertThat(read(FULL).jobs()).isEqualTo(read(FULL).jobs());
  }

  @Test
  void aMergedMappingGivesWhatTheMappingItselfDoesNotSay() {
    var config =
        read(
            """
            scrape_configs:
              - &base
                job_name: one
                metrics_path: /one
                scheme: https
              - <<: *base
                job_name: two
                metrics_path: /two
              - <<: [{scheme: http, honor_labels: true}, *base]
                job_name: three
            """);
    var two = config.jobs().get(1);
    assertThat(two.jobName()).isEqualTo("two");
    assertThat(two.asking().metricsPath()).isEqualTo("/two");
    assertThat(two.asking().scheme()).isEqualTo("https");
    var three = config.jobs().get(2);
    assertThat(three.asking().scheme()).isEqualTo("http");
    assertThat(three.asking().metricsPath()).isEqualTo("/one");
    assertThat(three.labelling().honorLabels()).isTrue();
  }

  @Test
  void aMappingThatMergesItselfIsRefused() {
    refuses("global: &g\n  <<: *g\n  scrape_interval: 5s\n", ":1:9: global: ", "itself");
  }

  @Test
  void relabelKeysThatAreMissingTakeTheirDefaults() {
    var rule = onlyRule(withRule("{target_label: x}"));
    assertThat(rule.separator()).isEqualTo(";");
    assertThat(rule.regex()).isEqualTo("(.*)");
    assertThat(rule.replacement()).isEqualTo("$1");
    assertThat(rule.action()).isEqualTo(Action.REPLACE);
  }

  @Test
  void relabelKeysThatAreEmptyStayEmpty() {
    var rule = onlyRule(withRule("{target_label: x, separator: '', regex: '', replacement: ''}"));
    assertThat(rule.separator()).isEmpty();
    assertThat(rule.regex()).isEmpty();
    assertThat(rule.replacement()).isEmpty();
  }

  @Test
  void ruleFilesAreFoundByTheirPatternInOrderAndOnce() throws IOException {
    Files.createDirectory(folder.resolve("rules"));
    for (String name : List.of("b.yml", "a.yml", "c.txt")) {
      Files.writeString(
          folder.resolve("rules").resolve(name), "groups: [{name: %s}]".formatted(name));
    }
    var files = read("rule_files: ['rules/*.yml', rules/a.yml, 'none/*.yml']").ruleFiles();
    assertThat(files)
        .extracting(file -> Path.of(file.path()).getFileName().toString())
        .containsExactly("a.yml", "b.yml");
  }

  @Test
  void aRuleFileThatIsNamedMustExist() {
    refuses("rule_files: [gone.yml]", ":1:14: rule_files[0]", "gone.yml\" does not exist");
  }

  @Test
  void aMistakeInARuleFileIsNamedThere() throws IOException {
    Files.writeString(
        folder.resolve("r.yml"),
        "groups:\n  - name: a\n    rules:\n      - {recrod: x, expr: 1}\n");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("rule_files: [r.yml]"))
        .withMessageStartingWith(folder.resolve("r.yml") + ":4:");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "global: {scrape_intervall: 5s} | :1:10: global: unknown key \"scrape_intervall\"; did you"
            + " mean \"scrape_interval\"?",
        "globl: {}                      | :1:1: unknown key \"globl\"; did you mean \"global\"?",
        "zzzzzzzzzzzz: 1                | :1:1: unknown key \"zzzzzzzzzzzz\"",
        "runtime: {gogcc: 5}            | :1:11: runtime: unknown key \"gogcc\"; did you mean"
            + " \"gogc\"?",
        "global: {}\\nglobal: {}        | :2:1: key \"global\" comes twice",
        "global: [1]                    | :1:9: global: expected a mapping, found a list",
        "scrape_configs: {}             | :1:17: scrape_configs: expected a list, found a mapping",
        "scrape_configs: [{}]           | :1:18: scrape_configs[0]: missing key \"job_name\"",
        "scrape_configs: [null]         | :1:18: scrape_configs[0]: empty or null entry in a list",
        "scrape_configs: [{job_name: a}, {job_name: a}] | :1:33: scrape_configs[1]: found multiple"
            + " scrape configs with job name \"a\"",
        "scrape_configs: [{job_name: ''}] | scrape_configs[0]: job_name is empty",
        "scrape_configs: [{job_name: a, scheme: ftp}] | scheme is \"ftp\", expected http or https",
        "scrape_configs: [{job_name: a, honor_labels: perhaps}] | honor_labels: expected true or"
            + " false, found \"perhaps\"",
        "scrape_configs: [{job_name: a, sample_limit: -1}] | sample_limit: expected a number from 0"
            + " to",
        "scrape_configs: [{job_name: a, sample_limit: many}] | sample_limit: expected a whole"
            + " number, found \"many\"",
        "scrape_configs: [{job_name: a, body_size_limit: 10}] | body_size_limit: \"10\" is no size",
        "scrape_configs: [{job_name: a, static_configs: [{targets: ['http://x/y']}]}] |"
            + " \"http://x/y\" is not a valid hostname",
        "scrape_configs: [{job_name: a, scrape_protocols: [Morse]}] | unknown scrape protocol"
            + " \"Morse\"",
        "scrape_configs: [{job_name: a, basic_auth: {username: u}, bearer_token: t}] | at most one"
            + " of",
        "scrape_configs: [{job_name: a, basic_auth: {password: p, password_file: f}}] | at most one"
            + " of password & password_file",
        "scrape_configs: [{job_name: a, authorization: {type: basic}}] | use \"basic_auth\""
            + " instead",
        "scrape_configs: [{job_name: a, nomad_sd_configs: [{server: x}]}] |"
            + " \"nomad_sd_configs\" is not supported yet; list the targets by http_sd_configs",
        "remote_write: [{url: 'x'}] | url of remote write is \"x\", expected http",
        "remote_write: [{url: 'http://x', protobuf_message: m}] | unknown remote write protobuf",
        "remote_write: [{url: 'http://x'}, {url: 'http://x'}] | give each a name",
        "remote_write: [{url: 'http://x', headers: {Host: y}}] | Host is a reserved header",
        "remote_write: [{url: 'http://x', sigv4: {}}] | region not configured in sigv4",
        "remote_write: [{url: 'http://x', sigv4: {access_key: a, secret_key: b}}] | region not configured in sigv4",
        "remote_write: [{url: 'http://x', sigv4: {access_key: a}}] | must provide a AWS SigV4 Access key",
        "remote_write: [{url: 'http://x', basic_auth: {}, sigv4: {}}] | at most one of basic_auth",
        "remote_write: [{url: 'http://x', queue_config: {min_shards: 0}}] | min_shards is 0",
        "remote_read: [{name: x}] | missing key \"url\"",
        "remote_read: [{url: 'x'}] | url of remote read is \"x\", expected http",
        "remote_read: [{url: 'http://x', headers: {Host: y}}] | Host is a reserved header",
        "remote_read: [{url: 'http://x', remote_timeout: 0s}] | remote_timeout is 0s",
        "remote_read: [{url: 'http://x', chunked_read_limit: 1MB}] | \"1MB\" is no number of bytes",
        "remote_read: [{url: 'http://x', queue_config: {}}] | unknown key \"queue_config\"",
        "remote_read: [{url: 'http://x', name: a}, {url: 'http://y', name: a}] | found multiple remote read configs with job name \"a\"",
        "alerting: {alertmanagers: [{api_version: v1}]} | api_version is \"v1\", expected v2",
        "alerting: {alertmanagers: [{static_configs: [{targets: ['a b:1']}]}]} |"
            + " alerting.alertmanagers[0]: Illegal character",
        "global: {scrape_interval: 5}   | :1:27: global.scrape_interval: ",
        "global: {scrape_interval: 1.5h} | expected one such as 15s or 1h30m",
        "global: {scrape_interval: 0s}  | scrape interval is 0s, expected more",
        "global: {scrape_interval: 5s, scrape_timeout: 6s} | scrape timeout 6000ms is greater than"
            + " scrape interval 5000ms",
        "global: {evaluation_interval: 0s} | evaluation_interval",
        "'a: b: c'                      | :1:",
        "a: [                           | :1:",
        "a: *nobody                     | :1:4: ",
      })
  void aMistakeIsNamedWithItsPlace(String text, String words) {
    refuses(text.replace("\\n", "\n"), words);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{action: replace}                | target_label",
        "{action: fold, target_label: x}  | unknown relabel action \"fold\"",
        "{action: hashmod, target_label: x} | non-zero modulus",
        "{action: keep, regex: '('}       | error parsing regexp",
        "{action: keep, regex: '(?=x)'}   | error parsing regexp",
        "{action: labeldrop, source_labels: [a]} | labeldrop action requires only 'regex'",
        "{action: lowercase, target_label: x, replacement: y} | 'replacement' can not be set",
        "{action: keep, regexp: x}        | did you mean \"regex\"?",
      })
  void aRelabelRuleThatCannotWorkIsRefused(String rule, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> withRule(rule))
        .withMessageContaining("relabel_configs[0]")
        .withMessageContaining(words);
  }

  @Test
  void whatThisServerDoesWithoutMayStandThereSwitchedOff() {
    var config =
        read(
            """
            runtime: {gogc: 75}
            global: {scrape_native_histograms: false, metric_name_validation_scheme: utf8}
            scrape_configs:
              - job_name: a
                enable_http2: false
                follow_redirects: false
                kubernetes_sd_configs:
            """);
    assertThat(config.jobs()).extracting(ScrapeConfig::jobName).containsExactly("a");
    assertThat(config.jobs().getFirst().asking().client().followRedirects()).isFalse();
  }

  @Test
  void jobsOfOtherFilesHaveTheirOwnFolders() throws IOException {
    Path jobs = Files.createDirectories(folder.resolve("jobs"));
    Files.writeString(
        jobs.resolve("b.yml"),
        "scrape_configs: [{job_name: b, bearer_token_file: t, extra_scrape_metrics: true}]");
    Files.writeString(jobs.resolve("c.yml"), "scrape_configs: [{job_name: c}]");
    String text =
        """
        global: {scrape_failure_log_file: failed.log, scrape_interval: 7s}
        scrape_configs: [{job_name: a, scrape_failure_log_file: a.log}]
        scrape_config_files: ['jobs/*.yml']
        """;
    var config = read(text);
    assertThat(config.jobs()).extracting(ScrapeConfig::jobName).containsExactly("a", "b", "c");
    assertThat(config.jobs())
        .extracting(ScrapeConfig::failureLog)
        .containsExactly(
            folder.resolve("a.log"), folder.resolve("failed.log"), folder.resolve("failed.log"));
    assertThat(config.jobs().get(1).asking().client().credentials())
        .isEqualTo(new Credentials.Token("Bearer", Secret.in(jobs.resolve("t"))));
    assertThat(config.jobs().get(1).limits().told()).isTrue();
    assertThat(config.jobs().get(2).timing().interval()).isEqualTo(Duration.ofSeconds(7));
    Files.writeString(jobs.resolve("c.yml"), "scrape_configs: [{job_name: a}]");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(text))
        .withMessageContaining("multiple scrape configs with job name \"a\"")
        .withMessageContaining("c.yml");
  }

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

  @Test
  void readsWhoSignsRequestsToAmazon() {
    var config =
        read(
            """
            scrape_configs:
              - job_name: instances
                ec2_sd_configs:
                  - region: cn-north-1
                    access_key: AK
                    secret_key: hush
                    filters: [{name: tag:x, values: [a, b]}]
                    port: 9100
                  - region: eu-west-1
                    endpoint: localhost:4566
                    profile: ci
                  - access_key: AK
                    secret_key: hush
            remote_write:
              - url: http://aps/write
                sigv4: {region: eu-west-1, access_key: AK, secret_key: hush, role_arn: "arn:r"}
            """);
    var given = new AwsKeys.Given("AK", Secret.of("hush"), Secret.of(""));
    assertThat(config.jobs().getFirst().discoveries().getFirst())
        .isEqualTo(
            new DiscoveryConfig.Ec2(
                URI.create("https://ec2.cn-north-1.amazonaws.com.cn"),
                "cn-north-1",
                9100,
                Map.of("tag:x", List.of("a", "b")),
                ClientSettings.PLAIN.with(new Credentials.SigV4("cn-north-1", "ec2", given)),
                Duration.ofMinutes(1)));
    assertThat(((DiscoveryConfig.Ec2) config.jobs().getFirst().discoveries().get(1)).endpoint())
        .isEqualTo(URI.create("https://localhost:4566"));
    // The region of the machine that looks.
    assertThat(config.jobs().getFirst().discoveries().get(2))
        .isEqualTo(
            new DiscoveryConfig.Ec2Here(
                URI.create("http://169.254.169.254"),
                null,
                given,
                80,
                Map.of(),
                ClientSettings.PLAIN,
                Duration.ofMinutes(1)));
    assertThat(config.remoteWrites().getFirst().access().client().credentials())
        .isEqualTo(
            new Credentials.SigV4(
                "eu-west-1",
                "aps",
                new AwsKeys.Role(
                    given,
                    "arn:r",
                    "",
                    "eu-west-1",
                    URI.create("https://sts.eu-west-1.amazonaws.com"))));
    assertThat(config.yaml()).contains("sigv4:", "role_arn: arn:r").doesNotContain("hush");
  }

  @Test
  void readsHowPagesAreAskedForAndWhatIsTakenOfThem() {
    var config =
        read(
            """
            global: {scrape_native_histograms: true}
            scrape_configs:
              - job_name: natively
                scrape_classic_histograms: true
                native_histogram_bucket_limit: 100
                native_histogram_min_bucket_factor: 1.1
              - job_name: classically
                scrape_native_histograms: false
                metric_name_validation_scheme: legacy
              - job_name: converted
                scrape_native_histograms: false
                convert_classic_histograms_to_nhcb: true
              - job_name: named
                scrape_protocols: [PrometheusProto, OpenMetricsText0.0.1]
                metric_name_escaping_scheme: dots
            """);
    var natively = config.jobs().getFirst();
    assertThat(natively.histograms()).isEqualTo(new HistogramWishes(true, false, true, 100, 1.1));
    assertThat(natively.asking().protocols()).isEqualTo(ScrapeProtocol.WITH_NATIVE_HISTOGRAMS);
    var classically = config.jobs().get(1);
    assertThat(classically.histograms()).isEqualTo(HistogramWishes.CLASSIC);
    assertThat(classically.asking().protocols()).isEqualTo(ScrapeProtocol.DEFAULT);
    assertThat(classically.labelling().legacyNames()).isTrue();
    assertThat(classically.asking().escaping()).isEqualTo(NameEscaping.UNDERSCORES);
    assertThat(config.jobs().get(2).histograms())
        .isEqualTo(new HistogramWishes(false, true, false, 0, 0));
    var named = config.jobs().get(3);
    assertThat(named.asking().protocols())
        .containsExactly(ScrapeProtocol.PROMETHEUS_PROTO, ScrapeProtocol.OPEN_METRICS_0_0_1);
    assertThat(named.asking().escaping()).isEqualTo(NameEscaping.DOTS);
    assertThat(config.yaml())
        .contains(
            "scrape_native_histograms: true",
            "always_scrape_classic_histograms: true",
            "convert_classic_histograms_to_nhcb: true",
            "native_histogram_bucket_limit: 100",
            "native_histogram_min_bucket_factor: 1.1",
            "metric_name_validation_scheme: legacy",
            "metric_name_escaping_scheme: dots");
  }

  @Test
  void refusesNamesInUtf8WhereOnlyClassicOnesAreAllowed() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() ->
            read(
                """
                scrape_configs:
                  - job_name: a
                    metric_name_validation_scheme: legacy
                    metric_name_escaping_scheme: allow-utf-8
                """))
        .withMessageContaining("metric_name_escaping_scheme is allow-utf-8");
  }

  @Test
  void readsHowOpenTelemetrysMetricsBecomeSeries() {
    assertThat(read("{}").otlp()).isEqualTo(OtlpSettings.DEFAULT);
    assertThat(
            read("""
            otlp:
              promote_all_resource_attributes: true
              ignore_resource_attributes: [a.b]
              translation_strategy: NoTranslation
              keep_identifying_resource_attributes: true
              convert_histograms_to_nhcb: true
            """)
                .otlp())
        .isEqualTo(
            new OtlpSettings(
                OtlpSettings.Strategy.AS_SENT,
                true,
                Set.of(),
                Set.of("a.b"),
                true,
                true,
                false,
                false));
    assertThat(read("otlp: {promote_resource_attributes: [x, y]}").otlp().promoted())
        .containsExactlyInAnyOrder("x", "y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "otlp: {translation_strategy: Morse} | unknown translation_strategy \"Morse\"",
        "otlp: {ignore_resource_attributes: [a]} | needs promote_all_resource_attributes",
        "otlp: {promote_all_resource_attributes: true, promote_resource_attributes: [a]} | cannot"
            + " both",
        "otlp: {label_name_underscore_sanitization: false} | only true is served so far",
      })
  void refusesAnOtlpSectionThatContradictsItself(String text, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(text))
        .withMessageContaining(words);
  }
}
