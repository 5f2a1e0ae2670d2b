package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.RelabelRule.Action;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.ingest.scrape.ScrapeLimits;
import barograph.ingest.scrape.ScrapeProtocol;
import barograph.storage.model.Labels;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `prometheus.yml`: what it means, how it is shown, and how each mistake is named.
class PrometheusFileTest extends PrometheusFileText {
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
        "remote_write: [{url: 'http://x', sigv4: {access_key: a, secret_key: b}}] | region not"
            + " configured in sigv4",
        "remote_write: [{url: 'http://x', sigv4: {access_key: a}}] | must provide a AWS SigV4"
            + " Access key",
        "remote_write: [{url: 'http://x', basic_auth: {}, sigv4: {}}] | at most one of basic_auth",
        "remote_write: [{url: 'http://x', queue_config: {min_shards: 0}}] | min_shards is 0",
        "tracing: {} | tracing endpoint must be set",
        "tracing: {endpoint: 'x:4317', foo: bar} | unknown key \"foo\"",
        "tracing: {endpoint: 'x:4317', client_type: tcp} | either http or grpc, but got \"tcp\"",
        "tracing: {endpoint: 'x:4318', client_type: http, compression: zip} | invalid compression"
            + " type zip",
        "tracing: {endpoint: 'x:4318', client_type: http, foo: bar} | unknown key \"foo\"",
        "remote_read: [{name: x}] | missing key \"url\"",
        "remote_read: [{url: 'x'}] | url of remote read is \"x\", expected http",
        "remote_read: [{url: 'http://x', headers: {Host: y}}] | Host is a reserved header",
        "remote_read: [{url: 'http://x', remote_timeout: 0s}] | remote_timeout is 0s",
        "remote_read: [{url: 'http://x', chunked_read_limit: 1MB}] | \"1MB\" is no number of bytes",
        "remote_read: [{url: 'http://x', queue_config: {}}] | unknown key \"queue_config\"",
        "remote_read: [{url: 'http://x', name: a}, {url: 'http://y', name: a}] | found multiple"
            + " remote read configs with job name \"a\"",
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

  @ParameterizedTest
  @ValueSource(strings = {"", ", client_type: grpc"})
  void spansThatOnlyAnotherProtocolCouldSendKeepNoFileFromLoading(String type) {
    assertThat(read("tracing: {endpoint: 'x:4317'%s}".formatted(type)).tracing()).isNull();
    assertThat(read("tracing: {endpoint: 'x:4318', client_type: http}").tracing()).isNotNull();
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
}
