package barograph.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A configuration as it may be shown: every value that could let a stranger in is `<secret>`,
/// which Alertmanager's own tools take for a value that is there.
final class HiddenSecrets {
  static final String SECRET = "<secret>";

  /// Keys of values that are secrets in themselves, addresses with tokens in them included.
  private static final Set<String> KEYS =
      Set.of(
          "api_key",
          "api_secret",
          "api_token",
          "api_url",
          "app_token",
          "alert_source_token",
          "auth_password",
          "auth_secret",
          "bearer_token",
          "bot_token",
          "client_secret",
          "client_certificate_key",
          "credentials",
          "key",
          "mattermost_webhook_url",
          "opsgenie_api_key",
          "password",
          "proxy_url",
          "rocketchat_token",
          "rocketchat_token_id",
          "routing_key",
          "secret_key",
          "service_key",
          "slack_api_url",
          "slack_app_token",
          "smtp_auth_password",
          "smtp_auth_secret",
          "telegram_bot_token",
          "token",
          "token_id",
          "url",
          "user_key",
          "victorops_api_key",
          "webhook_url",
          "wechat_api_secret");

  /// Keys of headers of requests, none of which is shown, in lists or not.
  private static final Set<String> HEADERS = Set.of("proxy_connect_header", "secrets");

  private HiddenSecrets() {}

  static String in(YamlNode root) {
    var settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return new Dump(settings).dumpToString(shown(root.node(), KEYS));
  }

  /// The same of a part of a file, as plain maps, lists and strings.
  static Object of(YamlNode node) {
    return shown(node.node(), KEYS);
  }

  /// The same of a part in which the values of `openly` are no secrets.
  static Object of(YamlNode node, String openly) {
    var hidden = new HashSet<>(KEYS);
    hidden.remove(openly);
    return shown(node.node(), hidden);
  }

  private static Object shown(Node node, Set<String> hidden) {
    return switch (node) {
      case MappingNode mapping -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (var entry : mapping.getValue()) {
          if (entry.getKeyNode() instanceof ScalarNode key) {
            Node value = entry.getValueNode();
            boolean secret = hidden.contains(key.getValue()) && value instanceof ScalarNode;
            boolean headers = HEADERS.contains(key.getValue());
            map.put(
                key.getValue(), headers ? masked(value) : secret ? SECRET : shown(value, hidden));
          }
        }
        yield map;
      }
      case SequenceNode sequence -> {
        List<Object> list = new ArrayList<>();
        sequence.getValue().forEach(item -> list.add(shown(item, hidden)));
        yield list;
      }
      case ScalarNode scalar -> shown(scalar);
      default -> "";
    };
  }

  /// What is there, with every text in it hidden.
  private static Object masked(Node node) {
    return switch (node) {
      case MappingNode mapping -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (var entry : mapping.getValue()) {
          if (entry.getKeyNode() instanceof ScalarNode key) {
            map.put(key.getValue(), masked(entry.getValueNode()));
          }
        }
        yield map;
      }
      case SequenceNode sequence ->
          sequence.getValue().stream().map(HiddenSecrets::masked).toList();
      default -> SECRET;
    };
  }

  /// The value as the type that it is: other programs do not take `"3"` for a number.
  private static Object shown(ScalarNode scalar) {
    var text = scalar.getValue();
    if (scalar.getTag().equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    }
    try {
      return scalar.getTag().equals(Tag.INT) ? (Object) Long.valueOf(text) : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
