package barograph.server.config;

import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import barograph.storage.outbound.TlsSettings;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How requests are made, as the status page shows it: without secrets.
final class ShownClient {
  private static final String HIDDEN = "<secret>";

  private ShownClient() {}

  static void put(Map<String, Object> map, ClientSettings client) {
    credentials(map, client.credentials());
    tls(map, client.tls());
    proxy(map, client.proxy());
    headers(map, client);
    map.put("follow_redirects", client.followRedirects());
  }

  private static void credentials(Map<String, Object> map, Credentials credentials) {
    var inner = new LinkedHashMap<String, Object>();
    switch (credentials) {
      case Credentials.None _ -> {}
      case Credentials.SigV4 signing -> map.put("sigv4", SigV4Reader.shown(signing));
      case Credentials.Basic(var username, var password) -> {
        switch (username) {
          case Secret.Inline(var name) -> inner.put("username", name);
          case Secret.InFile(var file) -> inner.put("username_file", file.toString());
        }
        secret(inner, "password", password);
        map.put("basic_auth", inner);
      }
      case Credentials.Token(var type, var token) -> {
        inner.put("type", type);
        secret(inner, "credentials", token);
        map.put("authorization", inner);
      }
      case Credentials.OAuth2 client -> {
        inner.put("client_id", client.clientId());
        secret(inner, "client_secret", client.clientSecret());
        if (!client.scopes().isEmpty()) {
          inner.put("scopes", client.scopes());
        }
        inner.put("token_url", client.tokenUrl().toString());
        if (!client.parameters().isEmpty()) {
          inner.put("endpoint_params", client.parameters());
        }
        tls(inner, client.way().tls());
        proxy(inner, client.way().proxy());
        headers(inner, client.way());
        map.put("oauth2", inner);
      }
    }
  }

  static void tls(Map<String, Object> map, TlsSettings tls) {
    if (tls.equals(TlsSettings.DEFAULT)) {
      return;
    }
    var inner = new LinkedHashMap<String, Object>();
    // Certificates are no secrets, but long.
    secret(inner, "ca", tls.authority());
    secret(inner, "cert", tls.certificate());
    secret(inner, "key", tls.key());
    if (tls.serverName() != null) {
      inner.put("server_name", tls.serverName());
    }
    inner.put("insecure_skip_verify", tls.unchecked());
    inner.put("min_version", tls.versions().least().name());
    inner.put("max_version", tls.versions().most().name());
    map.put("tls_config", inner);
  }

  private static void proxy(Map<String, Object> map, ProxySettings proxy) {
    switch (proxy) {
      case ProxySettings.Direct _ -> {}
      case ProxySettings.FromEnvironment(var headers) -> {
        map.put("proxy_from_environment", true);
        connectHeaders(map, headers);
      }
      case ProxySettings.By(var url, var exceptions, var headers) -> {
        map.put("proxy_url", withoutPassword(url));
        if (!exceptions.isEmpty()) {
          map.put("no_proxy", exceptions);
        }
        connectHeaders(map, headers);
      }
    }
  }

  private static String withoutPassword(URI url) {
    @Nullable String user = url.getRawUserInfo();
    return user == null || user.indexOf(':') < 0
        ? url.toString()
        : url.toString().replace(user, user.substring(0, user.indexOf(':')) + ":xxxxx");
  }

  private static void connectHeaders(Map<String, Object> map, Map<String, List<Secret>> headers) {
    if (!headers.isEmpty()) {
      var inner = new LinkedHashMap<String, Object>();
      headers.forEach((name, values) -> inner.put(name, values.stream().map(v -> HIDDEN).toList()));
      map.put("proxy_connect_header", inner);
    }
  }

  private static void headers(Map<String, Object> map, ClientSettings client) {
    if (!client.headers().isEmpty()) {
      var inner = new LinkedHashMap<String, Object>();
      client
          .headers()
          .forEach((name, values) ->
              inner.put(name, Map.of("secrets", values.stream().map(v -> HIDDEN).toList())));
      map.put("http_headers", inner);
    }
  }

  private static void secret(Map<String, Object> map, String key, @Nullable Secret secret) {
    switch (secret) {
      case null -> {}
      case Secret.Inline _ -> map.put(key, HIDDEN);
      case Secret.InFile(var file) -> map.put(key + "_file", file.toString());
    }
  }
}
