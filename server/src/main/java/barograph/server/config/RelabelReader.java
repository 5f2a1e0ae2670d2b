package barograph.server.config;

import barograph.ingest.relabel.RelabelRule;
import barograph.ingest.relabel.RelabelRule.Action;
import java.util.List;

/// Reads lists of relabel rules.
final class RelabelReader {
  private RelabelReader() {}

  static List<RelabelRule> rules(List<YamlNode> nodes) {
    return nodes.stream().map(RelabelReader::rule).toList();
  }

  private static RelabelRule rule(YamlNode node) {
    var map = node.asMap();
    var source = map.get("source_labels");
    // An empty string is a value of its own here, and only a missing key takes the default.
    String separator = orDefault(map, "separator", RelabelRule.DEFAULT_SEPARATOR);
    String regex = orDefault(map, "regex", RelabelRule.DEFAULT_REGEX);
    String replacement = orDefault(map, "replacement", RelabelRule.DEFAULT_REPLACEMENT);
    String action = map.string("action", "replace");
    String target = map.string("target_label", "");
    var modulus = map.get("modulus");
    var rule =
        map.checked(() ->
            new RelabelRule(
                source == null ? List.of() : source.asStrings(),
                separator,
                regex,
                modulus == null ? 0 : modulus.asLong(),
                target,
                replacement,
                Action.named(action)));
    map.end();
    return rule;
  }

  private static String orDefault(YamlMap map, String key, String otherwise) {
    if (!map.has(key)) {
      return otherwise;
    }
    var value = map.get(key);
    return value == null ? otherwise : value.asString();
  }
}
