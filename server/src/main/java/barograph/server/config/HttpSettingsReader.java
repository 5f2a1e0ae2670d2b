package barograph.server.config;

import barograph.alerting.receiver.HttpSettings;
import barograph.alerting.receiver.HttpSettings.Authorization;
import barograph.alerting.receiver.Secret;
import barograph.alerting.receiver.TlsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads an `http_config` of an `alertmanager.yml`.
final class HttpSettingsReader {
  private final YamlMap map;
  private final Path folder;

  private HttpSettingsReader(YamlMap map, Path folder) {
    this.map = map;
    this.folder = folder;
  }

  /// @param folder from which the names of files count
  static HttpSettings read(YamlNode node, Path folder) {
    return new HttpSettingsReader(node.asMap(), folder).read();
  }

  private HttpSettings read() {
    map.refuse(
        Map.of(
            "oauth2", "give a token by authorization",
            "tls_config", "leave it out, certificates are checked against the system's",
            "proxy_url", "leave it out",
            "proxy_from_environment", "leave it out",
            "no_proxy", "leave it out",
            "proxy_connect_header", "leave it out"));
    boolean follow = map.bool("follow_redirects", true);
    // There is one protocol that every receiver speaks.
    map.bool("enable_http2", true);
    var authorization = authorization();
    var headers = headers();
    map.end();
    return map.checked(() -> new HttpSettings(authorization, follow, headers));
  }

  /// Whose certificates are trusted, from a `tls_config`.
  ///
  /// @param folder from which the names of files count
  static TlsSettings tls(YamlNode node, Path folder) {
    var reader = new HttpSettingsReader(node.asMap(), folder);
    var tls = reader.map;
    tls.refuse(
        Map.of(
            "cert", "leave it out, no certificate of one's own is shown so far",
            "cert_file", "leave it out, no certificate of one's own is shown so far",
            "key", "leave it out, no certificate of one's own is shown so far",
            "key_file", "leave it out, no certificate of one's own is shown so far",
            "min_version", "leave it out, TLS 1.2 and 1.3 are spoken",
            "max_version", "leave it out, TLS 1.2 and 1.3 are spoken"));
    @Nullable Secret authority = reader.secret(tls, "ca");
    @Nullable YamlNode name = tls.get("server_name");
    boolean unchecked = tls.bool("insecure_skip_verify", false);
    tls.end();
    return new TlsSettings(authority, name == null ? null : name.asString(), unchecked);
  }

  private Authorization authorization() {
    var found = new ArrayList<Authorization>();
    @Nullable YamlNode basic = map.get("basic_auth");
    if (basic != null) {
      found.add(basic(basic.asMap()));
    }
    @Nullable YamlNode general = map.get("authorization");
    if (general != null) {
      found.add(token(general.asMap()));
    }
    @Nullable Secret bearer = secret(map, "bearer_token");
    if (bearer != null) {
      found.add(new Authorization.Token("Bearer", bearer));
    }
    if (found.size() > 1) {
      throw map.error(
          "at most one of basic_auth, oauth2, authorization, bearer_token & bearer_token_file must"
              + " be configured");
    }
    return found.isEmpty() ? new Authorization.None() : found.getFirst();
  }

  private Authorization basic(YamlMap basic) {
    @Nullable Secret username = secret(basic, "username");
    @Nullable Secret password = secret(basic, "password");
    basic.end();
    return new Authorization.Basic(
        Objects.requireNonNullElse(username, Secret.of("")),
        Objects.requireNonNullElse(password, Secret.of("")));
  }

  private Authorization token(YamlMap general) {
    String type = general.string("type", "Bearer");
    @Nullable Secret credentials = secret(general, "credentials");
    general.end();
    return general.checked(() ->
        new Authorization.Token(type, Objects.requireNonNullElse(credentials, Secret.of(""))));
  }

  private @Nullable Secret secret(YamlMap from, String key) {
    @Nullable YamlNode inline = from.get(key);
    @Nullable YamlNode file = from.get(key + "_file");
    if (inline != null && file != null) {
      throw from.error("at most one of %s & %s_file must be configured".formatted(key, key));
    }
    if (file != null) {
      return Secret.in(folder.resolve(file.asString()));
    }
    return inline == null ? null : Secret.of(inline.asString());
  }

  private Map<String, List<Secret>> headers() {
    @Nullable YamlNode node = map.get("http_headers");
    var headers = new LinkedHashMap<String, List<Secret>>();
    if (node != null) {
      var all = node.asMap();
      for (String name : all.names()) {
        headers.put(name, values(all.need(name).asMap()));
      }
    }
    return headers;
  }

  private List<Secret> values(YamlMap header) {
    var values = new ArrayList<Secret>();
    header.list("values").forEach(value -> values.add(Secret.of(value.asString())));
    header.list("secrets").forEach(value -> values.add(Secret.of(value.asString())));
    header.list("files").forEach(file -> values.add(Secret.in(folder.resolve(file.asString()))));
    header.end();
    return values;
  }
}
