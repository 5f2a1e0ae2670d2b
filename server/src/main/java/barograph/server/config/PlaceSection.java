package barograph.server.config;

import barograph.alerting.receiver.Texts;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One entry of a receiver, such as one of its `slack_configs`, with what all kinds of them share.
///
/// @param folder of the configuration, from which the names of files count
record PlaceSection(YamlMap map, GlobalSection global, Path folder) {

  boolean sendResolved(boolean otherwise) {
    return map.bool("send_resolved", otherwise);
  }

  /// The entry's own `http_config`, else that for all.
  ClientSettings http() {
    @Nullable YamlNode own = map.get("http_config");
    @Nullable YamlNode node = own == null ? global.get("http_config") : own;
    return node == null ? ClientSettings.PLAIN : ClientSettingsReader.read(node, folder);
  }

  /// The texts under the names of `defaults`, those where nothing is given.
  Texts texts(Texts defaults) {
    return texts(map, defaults);
  }

  static Texts texts(YamlMap from, Texts defaults) {
    var given = new LinkedHashMap<String, String>();
    for (String name : defaults.names()) {
      @Nullable YamlNode node = from.get(name);
      if (node != null) {
        given.put(name, node.asString());
      }
    }
    return defaults.and(new Texts(given));
  }

  /// The secret under `key` or in the file under `key_file`; null if there is neither.
  @Nullable Secret secret(String key) {
    @Nullable YamlNode inline = map.get(key);
    @Nullable YamlNode file = map.get(key + "_file");
    if (given(inline) && given(file)) {
      throw map.error("at most one of %s & %s_file must be configured".formatted(key, key));
    }
    return secret(inline, file);
  }

  /// That secret, else the one for all; null if there is none.
  @Nullable Secret secret(String key, String globalKey) {
    @Nullable Secret own = secret(key);
    return own == null ? secret(global.get(globalKey), global.get(globalKey + "_file")) : own;
  }

  /// The same where both may be given, of which the file counts.
  @Nullable Secret fileOrSecret(String key, String globalKey) {
    @Nullable YamlNode inline = map.get(key);
    @Nullable YamlNode file = map.get(key + "_file");
    @Nullable Secret own = file != null && given(file) ? secret(null, file) : secret(inline, null);
    return own == null ? secret(global.get(globalKey), global.get(globalKey + "_file")) : own;
  }

  private @Nullable Secret secret(@Nullable YamlNode inline, @Nullable YamlNode file) {
    if (inline != null && given(inline)) {
      return Secret.of(inline.asString());
    }
    return file != null && given(file) ? Secret.in(folder.resolve(file.asString())) : null;
  }

  private static boolean given(@Nullable YamlNode node) {
    return node != null && !node.asString().isEmpty();
  }

  /// `secret`, which must be there.
  Secret needed(@Nullable Secret secret, String complaint) {
    if (secret == null) {
      throw map.error(complaint);
    }
    return secret;
  }

  /// The address that is a secret, under `key` or in the file under `key_file`.
  @Nullable Secret secretAddress(String key) {
    @Nullable Secret address = secret(key);
    if (address instanceof Secret.Inline(String url)) {
      checkAddress(url);
    }
    return address;
  }

  /// That address, which must be there.
  Secret neededAddress(String key) {
    return needed(
        secretAddress(key), "one of %s or %s_file must be configured".formatted(key, key));
  }

  /// The address under `key`, else the one for all.
  URI address(String key, String globalKey) {
    @Nullable YamlNode own = map.get(key);
    @Nullable String text = own == null ? global.address(globalKey) : own.asString();
    if (text == null) {
      throw map.error("no %s given and no global %s set".formatted(key, globalKey));
    }
    checkAddress(text);
    return URI.create(text);
  }

  /// That address, with a slash at its end.
  URI folderAddress(String key, String globalKey) {
    String text = address(key, globalKey).toString();
    return URI.create(text.endsWith("/") ? text : text + "/");
  }

  /// Refuses what nobody can be told at; says nothing of the address itself, which may be a secret.
  private void checkAddress(String text) {
    checkAddress(map, text);
  }

  static void checkAddress(YamlMap map, String text) {
    if (text.equals(HiddenSecrets.SECRET)) {
      // A configuration as the API shows it, which is looked at and not worked with.
      return;
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw map.error("an address is no URL: " + e.getReason());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw map.error(
          "unsupported scheme \"%s\" for URL, expected http or https".formatted(scheme));
    }
    if (uri.getHost() == null || uri.getHost().isEmpty()) {
      throw map.error("missing host for URL");
    }
  }

  /// The maps in the list under `key`, each with these keys and no other.
  List<Map<String, String>> maps(String key, String... names) {
    return map.list(key).stream().map(node -> strings(node, names)).toList();
  }

  static Map<String, String> strings(YamlNode node, String... names) {
    var from = node.asMap();
    var strings = new TreeMap<String, String>();
    for (String name : names) {
      strings.put(name, from.string(name, ""));
    }
    from.end();
    return strings;
  }
}
