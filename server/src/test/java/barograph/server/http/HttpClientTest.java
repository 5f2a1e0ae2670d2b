package barograph.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.server.http.HttpClient.Outgoing;
import barograph.storage.model.Allowance;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import barograph.storage.outbound.TlsSettings;
import barograph.storage.outbound.TlsSettings.Versions;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests as their settings want them, told by servers and proxies on real sockets.
class HttpClientTest {
  private static final TlsSettings TRUSTING_OURS =
      new TlsSettings(Secret.of(resource("ca.pem")), null, null, null, false, Versions.DEFAULT);

  @TempDir private Path folder;
  private final Transport transport = new Transport(1);
  private final HttpClient client = new HttpClient(transport, Map.of());
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer plain;
  private HttpsServer secure;
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile boolean tokensByFormOnly;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    plain = HttpServer.create(loopback, 0);
    plain.createContext("/", HttpClientTest::tellHeaders);
    plain.createContext("/token", this::token);
    plain.start();
    secure = HttpsServer.create(loopback, 0);
    secure.setHttpsConfigurator(
        new HttpsConfigurator(context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    secure.createContext("/", exchange -> answer(exchange, 200, shown((HttpsExchange) exchange)));
    secure.start();
  }

  @AfterEach
  void stop() {
    plain.stop(0);
    secure.stop(0);
    client.close();
    transport.close();
  }

  private static SSLContext context() throws IOException, GeneralSecurityException {
    char[] password = "changeit".toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    try (var in = HttpClientTest.class.getResourceAsStream("server.p12")) {
      store.load(in, password);
    }
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = HttpClientTest.class.getResourceAsStream("ca.pem")) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static String resource(String name) {
    try (var in = HttpClientTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Who the client has shown itself to be, and by which protocol.
  private static String shown(HttpsExchange exchange) {
    var session = exchange.getSSLSession();
    try {
      return session.getProtocol() + " " + session.getPeerPrincipal().getName();
    } catch (IOException e) {
      return session.getProtocol() + " nobody";
    }
  }

  private static void tellHeaders(HttpExchange exchange) throws IOException {
    var told = new ArrayList<String>();
    for (String name : List.of("Authorization", "X-Tenant", "Cookie", "Proxy-Authorization")) {
      @Nullable String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        told.add(name + "=" + value);
      }
    }
    if (exchange.getRequestURI().getPath().startsWith("/away/")) {
      String to = exchange.getRequestURI().getPath().substring("/away/".length());
      exchange
          .getResponseHeaders()
          .set("Location", "http://" + to + ":" + exchange.getLocalAddress().getPort() + "/");
      answer(exchange, 302, "");
    } else {
      answer(exchange, 200, String.join(" ", told));
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    @Nullable String basic = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(basic + " " + form);
    if (tokensByFormOnly && basic != null) {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
    } else {
      answer(
          exchange,
          200,
          "{\"access_token\":\"t%d\",\"token_type\":\"bearer\",\"expires_in\":%s}"
              .formatted(tokens.incrementAndGet(), form.contains("short=yes") ? "5" : "3600"));
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String get(String url, ClientSettings settings) throws IOException {
    return new String(client.send(request(url, settings)).body(), UTF_8);
  }

  private static Outgoing request(String url, ClientSettings settings) {
    return new Outgoing(
        "GET",
        URI.create(url),
        Map.of(),
        new byte[0],
        Duration.ofSeconds(20),
        1 << 20,
        true,
        settings);
  }

  private String plainUrl(String path) {
    return "http://127.0.0.1:" + plain.getAddress().getPort() + path;
  }

  private String secureUrl() {
    return "https://127.0.0.1:" + secure.getAddress().getPort() + "/";
  }

  private static ClientSettings over(TlsSettings tls) {
    return new ClientSettings(
        Credentials.NONE, tls, ProxySettings.NONE, true, new LinkedHashMap<>());
  }

  private static ClientSettings by(ProxySettings proxy, TlsSettings tls) {
    return new ClientSettings(Credentials.NONE, tls, proxy, true, new LinkedHashMap<>());
  }

  private static SequencedMap<String, List<Secret>> header(String name, String... values) {
    var headers = new LinkedHashMap<String, List<Secret>>();
    headers.put(name, List.of(values).stream().map(Secret::of).toList());
    return headers;
  }

  @Test
  void saysWhoAsksByNameAndPasswordByTokenAndByHeaders() throws IOException {
    Path password = Files.writeString(folder.resolve("pw"), "pass\n");
    var basic = new Credentials.Basic(Secret.of("user"), Secret.in(password));
    assertThat(get(plainUrl("/"), ClientSettings.PLAIN.with(basic)))
        .isEqualTo("Authorization=Basic dXNlcjpwYXNz");
    Files.writeString(password, "other");
    assertThat(get(plainUrl("/"), ClientSettings.PLAIN.with(basic)))
        .isEqualTo("Authorization=Basic dXNlcjpvdGhlcg==");
    var token =
        new ClientSettings(
            new Credentials.Token("Custom ", Secret.of("abc")),
            TlsSettings.DEFAULT,
            ProxySettings.NONE,
            true,
            header("X-Tenant", "a", "b"));
    assertThat(get(plainUrl("/"), token)).isEqualTo("Authorization=Custom abc X-Tenant=a, b");
  }

  @Test
  void neitherCredentialsNorHeadersFollowARedirectToAnotherHost() throws IOException {
    var settings =
        new ClientSettings(
            new Credentials.Token("Bearer", Secret.of("abc")),
            TlsSettings.DEFAULT,
            ProxySettings.NONE,
            true,
            header("X-Tenant", "a"));
    assertThat(get(plainUrl("/away/127.0.0.1"), settings))
        .isEqualTo("Authorization=Bearer abc X-Tenant=a");
    assertThat(get(plainUrl("/away/localhost"), settings)).isEmpty();
  }

  @Test
  void aTokenIsAskedForOnceAndAgainWhenItEndsOrTheSecretIsAnother() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "s&1");
    var oauth =
        new Credentials.OAuth2(
            "me",
            Secret.in(secret),
            List.of("read", "write"),
            URI.create(plainUrl("/token")),
            Map.of("audience", "all"),
            ClientSettings.PLAIN);
    var settings = ClientSettings.PLAIN.with(oauth);
    assertThat(get(plainUrl("/"), settings)).isEqualTo("Authorization=Bearer t1");
    assertThat(get(plainUrl("/"), settings)).isEqualTo("Authorization=Bearer t1");
    assertThat(asked)
        .containsExactly(
            "Basic bWU6cyUyNjE=" + " grant_type=client_credentials&scope=read+write&audience=all");
    Files.writeString(secret, "s2");
    assertThat(get(plainUrl("/"), settings)).isEqualTo("Authorization=Bearer t2");
    var brief =
        ClientSettings.PLAIN.with(
            new Credentials.OAuth2(
                "me",
                Secret.of("x"),
                List.of(),
                URI.create(plainUrl("/token")),
                Map.of("short", "yes"),
                ClientSettings.PLAIN));
    assertThat(get(plainUrl("/"), brief)).isEqualTo("Authorization=Bearer t3");
    assertThat(get(plainUrl("/"), brief)).isEqualTo("Authorization=Bearer t4");
  }

  @Test
  void aServerOfTokensThatTakesNoBasicAuthenticationGetsTheSecretInTheForm() throws IOException {
    tokensByFormOnly = true;
    var oauth =
        new Credentials.OAuth2(
            "me",
            Secret.of("hush"),
            List.of(),
            URI.create(plainUrl("/token")),
            Map.of(),
            ClientSettings.PLAIN);
    assertThat(get(plainUrl("/"), ClientSettings.PLAIN.with(oauth)))
        .isEqualTo("Authorization=Bearer t1");
    assertThat(asked.getLast())
        .isEqualTo("null grant_type=client_credentials&client_id=me&client_secret=hush");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefusedUnlessItIsNamedOrNotChecked() throws IOException {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> get(secureUrl(), ClientSettings.PLAIN))
        .withMessageContaining("unable to find valid certification path");
    assertThat(get(secureUrl(), over(TRUSTING_OURS))).isEqualTo("TLSv1.3 nobody");
    var unchecked = new TlsSettings(null, null, null, "any.name", true, Versions.DEFAULT);
    assertThat(get(secureUrl(), over(unchecked))).isEqualTo("TLSv1.3 nobody");
  }

  @Test
  void theCertificateMustBeForTheNameThatIsGiven() throws IOException {
    var ca = Secret.of(resource("ca.pem"));
    var right = new TlsSettings(ca, null, null, "server.test", false, Versions.DEFAULT);
    assertThat(get(secureUrl(), over(right))).isEqualTo("TLSv1.3 nobody");
    var wrong = new TlsSettings(ca, null, null, "elsewhere.test", false, Versions.DEFAULT);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> get(secureUrl(), over(wrong)))
        .withMessageContaining("elsewhere.test");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "client.pem, client.p8, CN=a-client",
    "client.pem, client.sec1, CN=a-client",
    "rsa.pem, rsa.pkcs1, CN=rsa-client",
  })
  void aCertificateOfItsOwnIsShown(String certificate, String key, String name) throws IOException {
    var tls =
        new TlsSettings(
            Secret.of(resource("ca.pem")),
            Secret.of(resource(certificate)),
            Secret.of(resource(key)),
            null,
            false,
            new Versions(TlsSettings.Version.TLS10, TlsSettings.Version.TLS12));
    assertThat(get(secureUrl(), over(tls))).isEqualTo("TLSv1.2 " + name);
  }

  @Test
  void aCertificateThatIsRenewedOnDiskIsShownFromTheNextRequestOn() throws IOException {
    Path certificate = Files.writeString(folder.resolve("cert"), resource("client.pem"));
    Path key = Files.writeString(folder.resolve("key"), resource("client.p8"));
    var tls =
        new TlsSettings(
            Secret.of(resource("ca.pem")),
            Secret.in(certificate),
            Secret.in(key),
            null,
            false,
            Versions.DEFAULT);
    assertThat(get(secureUrl(), over(tls))).isEqualTo("TLSv1.3 CN=a-client");
    Files.writeString(certificate, resource("rsa.pem"));
    Files.writeString(key, resource("rsa.pkcs1"));
    assertThat(get(secureUrl(), over(tls))).isEqualTo("TLSv1.3 CN=rsa-client");
    Files.writeString(key, "nonsense");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> get(secureUrl(), over(tls)))
        .withMessageContaining("tls_config cannot be used");
  }

  @Test
  void aProxyIsToldTheWholeAddress() throws IOException {
    try (var proxy = new FakeProxy(0, "")) {
      var settings =
          by(
              new ProxySettings.By(proxy.url("me:pw@"), "", header("X-Only", "tunnels")),
              TlsSettings.DEFAULT);
      assertThat(get("http://far.away:8080/x?y=z", settings)).isEqualTo("by proxy");
      assertThat(proxy.heads())
          .singleElement()
          .asString()
          .startsWith("GET http://far.away:8080/x?y=z HTTP/1.1\r\n")
          .containsIgnoringCase("host: far.away:8080\r\n")
          .containsIgnoringCase("proxy-authorization: Basic bWU6cHc=\r\n")
          .doesNotContain("X-Only");
    }
  }

  @Test
  void encryptedRequestsGoThroughATunnelOfTheProxy() throws IOException {
    try (var proxy = new FakeProxy(secure.getAddress().getPort(), "200 Connection established")) {
      var settings =
          by(new ProxySettings.By(proxy.url(""), "", header("X-Only", "tunnels")), TRUSTING_OURS);
      assertThat(get("https://server.test/", settings)).isEqualTo("TLSv1.3 nobody");
      assertThat(get("https://server.test/", settings)).isEqualTo("TLSv1.3 nobody");
      assertThat(proxy.heads())
          .singleElement()
          .asString()
          .startsWith("CONNECT server.test:443 HTTP/1.1\r\n")
          .contains("X-Only: tunnels\r\n");
    }
  }

  @Test
  void aProxyThatRefusesATunnelIsNamed() throws IOException {
    try (var proxy = new FakeProxy(1, "407 Proxy Authentication Required")) {
      var settings = by(new ProxySettings.By(proxy.url(""), "", header("X", "y")), TRUSTING_OURS);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> get("https://server.test/", settings))
          .withMessage("proxy 127.0.0.1 refused a tunnel: 407 Proxy Authentication Required");
    }
  }

  @Test
  void anAnswerWithoutEndIsHandedOnAsItComes() throws IOException, InterruptedException {
    var taken = new CountDownLatch(1);
    plain.createContext(
        "/stream",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            body.write("first".getBytes(UTF_8));
            body.flush();
            taken.await();
            body.write(" and last".getBytes(UTF_8));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    var text = new StringBuilder();
    var reply =
        client.stream(
            request(plainUrl("/stream"), ClientSettings.PLAIN),
            chunk -> {
              text.append(new String(chunk, UTF_8));
              taken.countDown();
            });
    assertThat(reply.status()).isEqualTo(200);
    assertThat(text).hasToString("first and last");
    var refused =
        client.stream(
            request(plainUrl("/away/127.0.0.1"), ClientSettings.PLAIN),
            chunk -> text.append("never"));
    assertThat(refused.status()).isEqualTo(302);
    assertThat(text).hasToString("first and last");
  }

  @Test
  void anAnswerThatMemoryIsRefusedForIsNotReadToItsEnd() {
    plain.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            while (true) {
              body.write(new byte[8 << 10]);
            }
          } catch (IOException e) {
            exchange.close();
          }
        });
    var taken = new AtomicInteger();
    Allowance little =
        bytes -> {
          if (taken.addAndGet((int) bytes) > 1 << 20) {
            throw new IllegalStateException("no room for %d bytes".formatted(bytes));
          }
        };
    var endless =
        request(plainUrl("/endless"), ClientSettings.PLAIN)
            .within(Duration.ofMinutes(1), Long.MAX_VALUE);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> client.send(endless, little))
        .withMessageStartingWith("no room for ");
    assertThat(taken).hasValueBetween(1 << 20, 4 << 20);
  }

  @Test
  void aTakerThatFailsEndsTheStream() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            client.stream(
                request(
                    plainUrl("/"),
                    ClientSettings.PLAIN.with(
                        new Credentials.Token("Bearer", Secret.of("some text")))),
                chunk -> {
                  throw new IOException("enough");
                }))
        .withMessage("enough");
  }

  @Test
  void aSocketThatIsAFileIsNamedBeforeThePath() throws IOException, InterruptedException {
    Path socket = folder.resolve("s.sock");
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      var serving =
          Thread.ofVirtual()
              .start(() -> {
                try (var channel = listener.accept()) {
                  var head = ByteBuffer.allocate(4096);
                  while (!UTF_8.decode(head.duplicate().flip()).toString().contains("\r\n\r\n")) {
                    channel.read(head);
                  }
                  asked.add(UTF_8.decode(head.flip()).toString());
                  var answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
                  channel.write(ByteBuffer.wrap(answer.getBytes(UTF_8)));
                } catch (IOException e) {
                  asked.add(e.toString());
                }
              });
      assertThat(get("unix:" + socket + ":/containers/json?a=b", ClientSettings.PLAIN))
          .isEqualTo("hi");
      serving.join();
    }
    assertThat(asked.getFirst())
        .startsWith("GET /containers/json?a=b HTTP/1.1\r\n")
        .containsIgnoringCase("host: localhost\r\n");
  }

  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "*                    | http://a.b/         | true",
        "b.org                | http://b.org/       | true",
        "b.org                | http://a.b.org/     | true",
        "b.org                | http://ab.org/      | false",
        ".b.org               | http://b.org/       | false",
        "*.b.org              | http://a.B.org/     | true",
        "x, b.org:81          | http://b.org/       | false",
        "x, b.org:81          | http://b.org:81/    | true",
        "b.org:443            | https://b.org/      | true",
        "10.0.0.0/8           | http://10.1.2.3/    | true",
        "10.0.0.0/8           | http://11.1.2.3/    | false",
        "10.1.2.3             | http://10.1.2.3:99/ | true",
        "fe80::/10            | http://[fe80::1]/   | true",
        "[fe80::1]:80         | http://[fe80::1]/   | true",
        "nothing              | http://localhost/   | true",
        "nothing              | http://127.0.0.9/   | true",
      })
  void exceptionsAreNamesAddressesAndNetworks(String exceptions, URI to, boolean covered) {
    assertThat(ProxyChoice.excepted(exceptions, to)).isEqualTo(covered);
  }

  @Test
  void theEnvironmentNamesAProxyForEachScheme() {
    var environment =
        Map.of("http_proxy", "p:1", "HTTPS_PROXY", "http://q:2", "NO_PROXY", "direct.org");
    var choice = new ProxyChoice(environment);
    var settings = new ProxySettings.FromEnvironment(new LinkedHashMap<>());
    assertThat(choice.proxyFor(settings, URI.create("http://a/")))
        .isEqualTo(URI.create("http://p:1"));
    assertThat(choice.proxyFor(settings, URI.create("https://a/")))
        .isEqualTo(URI.create("http://q:2"));
    assertThat(choice.proxyFor(settings, URI.create("http://direct.org/"))).isNull();
    assertThat(new ProxyChoice(Map.of()).proxyFor(settings, URI.create("http://a/"))).isNull();
  }
}
