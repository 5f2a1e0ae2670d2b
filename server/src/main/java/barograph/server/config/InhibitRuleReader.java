package barograph.server.config;

import barograph.alerting.inhibit.InhibitRule;

/// Reads the rules by which alerts keep others quiet.
final class InhibitRuleReader {
  private InhibitRuleReader() {}

  static InhibitRule read(YamlNode node) {
    var map = node.asMap();
    var name = map.string("name", "");
    var source = RouteReader.matchers(map, "source_match", "source_match_re", "source_matchers");
    var target = RouteReader.matchers(map, "target_match", "target_match_re", "target_matchers");
    var equal = map.list("equal").stream().map(YamlNode::asString).toList();
    map.end();
    return map.checked(() -> new InhibitRule(name, source, target, equal));
  }
}
