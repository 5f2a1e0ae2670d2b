package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.discovery.DiscoveryConfig;
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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How requests are made that `prometheus.yml` asks for: credentials, TLS, proxies, headers.
class RequestsOfPrometheusFileTest extends PrometheusFileText {
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
}
