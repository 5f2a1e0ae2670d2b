package barograph.server.config;

import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import barograph.storage.outbound.TlsSettings;
import barograph.storage.outbound.TlsSettings.Version;
import barograph.storage.outbound.TlsSettings.Versions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Reads how requests are made, which has the same keys wherever a server, a receiver or a target
/// is named.
final class ClientSettingsReader {
  private final YamlMap map;
  private final Path folder;

  private ClientSettingsReader(YamlMap map, Path folder) {
    this.map = map;
    this.folder = folder;
  }

  /// What the keys of `map` that are about requests say; its others are left to the caller.
  ///
  /// @param folder from which the names of files count
  static ClientSettings read(YamlMap map, Path folder) {
    return new ClientSettingsReader(map, folder).settings();
  }

  /// What an `http_config` says, which is about nothing else.
  ///
  /// @param folder from which the names of files count
  static ClientSettings read(YamlNode node, Path folder) {
    var map = node.asMap();
    var settings = read(map, folder);
    map.end();
    return settings;
  }

  /// Whose certificates are trusted, and which one is shown, from a `tls_config`.
  ///
  /// @param folder from which the names of files count
  static TlsSettings tls(YamlNode node, Path folder) {
    return new ClientSettingsReader(node.asMap(), folder).tls();
  }

  private ClientSettings settings() {
    // There is one protocol that everybody speaks, and it is HTTP/1.1.
    map.bool("enable_http2", true);
    boolean follow = map.bool("follow_redirects", true);
    var credentials = credentials();
    var tls = tlsOf(map);
    var proxy = proxy();
    var headers = httpHeaders();
    return map.checked(() -> new ClientSettings(credentials, tls, proxy, follow, headers));
  }

  private TlsSettings tlsOf(YamlMap from) {
    @Nullable YamlNode node = from.get("tls_config");
    return node == null ? TlsSettings.DEFAULT : tls(node, folder);
  }

  private TlsSettings tls() {
    @Nullable Secret authority = secret("ca");
    @Nullable Secret certificate = secret("cert");
    @Nullable Secret key = secret("key");
    String name = map.string("server_name", "");
    boolean unchecked = map.bool("insecure_skip_verify", false);
    var least = version("min_version", Versions.DEFAULT.least());
    var most = version("max_version", Versions.DEFAULT.most());
    map.end();
    return map.checked(() ->
        new TlsSettings(
            authority,
            certificate,
            key,
            name.isEmpty() ? null : name,
            unchecked,
            new Versions(least, most)));
  }

  private Version version(String key, Version otherwise) {
    String name = map.string(key, "");
    return name.isEmpty() ? otherwise : map.checked(() -> Version.named(name));
  }

  private Credentials credentials() {
    var found = new ArrayList<Credentials>();
    @Nullable YamlNode basic = map.get("basic_auth");
    if (basic != null) {
      found.add(new ClientSettingsReader(basic.asMap(), folder).basic());
    }
    @Nullable YamlNode general = map.get("authorization");
    if (general != null) {
      found.add(new ClientSettingsReader(general.asMap(), folder).token());
    }
    @Nullable YamlNode oauth = map.get("oauth2");
    if (oauth != null) {
      found.add(new ClientSettingsReader(oauth.asMap(), folder).oauth());
    }
    @Nullable Secret bearer = secret("bearer_token");
    if (bearer != null) {
      found.add(new Credentials.Token("Bearer", bearer));
    }
    if (found.size() > 1) {
      throw map.error(
          "at most one of basic_auth, oauth2, authorization, bearer_token & bearer_token_file must"
              + " be configured");
    }
    return found.isEmpty() ? Credentials.NONE : found.getFirst();
  }

  private Credentials basic() {
    @Nullable Secret username = secret("username");
    @Nullable Secret password = secret("password");
    map.end();
    return new Credentials.Basic(
        Objects.requireNonNullElse(username, Secret.of("")),
        Objects.requireNonNullElse(password, Secret.of("")));
  }

  private Credentials token() {
    String type = map.string("type", "Bearer");
    @Nullable Secret credentials = secret("credentials");
    map.end();
    return map.checked(
        () -> new Credentials.Token(type, Objects.requireNonNullElse(credentials, Secret.of(""))));
  }

  private Credentials oauth() {
    map.refuse(
        Map.of(
            "grant_type", "tokens are asked for with client_credentials",
            "client_certificate_key", "use client_secret",
            "client_certificate_key_file", "use client_secret_file"));
    String id = map.string("client_id", "");
    @Nullable Secret secret = secret("client_secret");
    var scopes = map.list("scopes").stream().map(YamlNode::asString).toList();
    URI tokenUrl = url("token_url");
    var parameters = map.stringMap("endpoint_params");
    var tls = tlsOf(map);
    var proxy = proxy();
    var headers = httpHeaders();
    map.end();
    return map.checked(() ->
        new Credentials.OAuth2(
            id,
            Objects.requireNonNullElse(secret, Secret.of("")),
            scopes,
            tokenUrl,
            parameters,
            new ClientSettings(Credentials.NONE, tls, proxy, true, headers)));
  }

  private ProxySettings proxy() {
    var headers = connectHeaders();
    boolean fromEnvironment = map.bool("proxy_from_environment", false);
    boolean named = !map.string("proxy_url", "").isEmpty();
    String exceptions = map.string("no_proxy", "");
    if (fromEnvironment && named) {
      throw map.error("if proxy_from_environment is configured, proxy_url must not be configured");
    }
    if (fromEnvironment && !exceptions.isEmpty()) {
      throw map.error("if proxy_from_environment is configured, no_proxy must not be configured");
    }
    if (!exceptions.isEmpty() && !named) {
      throw map.error("if no_proxy is configured, proxy_url must also be configured");
    }
    if (!headers.isEmpty() && !named && !fromEnvironment) {
      throw map.error(
          "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be"
              + " configured");
    }
    if (fromEnvironment) {
      return new ProxySettings.FromEnvironment(headers);
    }
    if (!named) {
      return ProxySettings.NONE;
    }
    URI url = url("proxy_url");
    return map.checked(() -> new ProxySettings.By(url, exceptions, headers));
  }

  private SequencedMap<String, List<Secret>> connectHeaders() {
    var found = new LinkedHashMap<String, List<Secret>>();
    @Nullable YamlNode node = map.get("proxy_connect_header");
    if (node != null) {
      var all = node.asMap();
      for (String name : all.names()) {
        found.put(name, all.need(name).asStrings().stream().map(Secret::of).toList());
      }
    }
    return found;
  }

  private URI url(String key) {
    return map.checked(() -> URI.create(map.string(key, "")));
  }

  private SequencedMap<String, List<Secret>> httpHeaders() {
    var found = new LinkedHashMap<String, List<Secret>>();
    @Nullable YamlNode node = map.get("http_headers");
    if (node != null) {
      var all = node.asMap();
      for (String name : all.names()) {
        var reader = new ClientSettingsReader(all.need(name).asMap(), folder);
        found.put(name, reader.values());
      }
    }
    return found;
  }

  private List<Secret> values() {
    var values = new ArrayList<Secret>();
    map.list("values").forEach(value -> values.add(Secret.of(value.asString())));
    map.list("secrets").forEach(value -> values.add(Secret.of(value.asString())));
    map.list("files").forEach(file -> values.add(Secret.in(folder.resolve(file.asString()))));
    map.end();
    return values;
  }

  private @Nullable Secret secret(String key) {
    @Nullable YamlNode inline = map.get(key);
    @Nullable YamlNode file = map.get(key + "_file");
    if (inline != null && file != null) {
      throw map.error("at most one of %s & %s_file must be configured".formatted(key, key));
    }
    if (file != null) {
      return Secret.in(folder.resolve(file.asString()));
    }
    return inline == null ? null : Secret.of(inline.asString());
  }
}
