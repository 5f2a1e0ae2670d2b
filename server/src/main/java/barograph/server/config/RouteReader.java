package barograph.server.config;

import barograph.alerting.route.MatcherText;
import barograph.alerting.route.Route;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the tree of routes, and the matchers that stand there and elsewhere in the file.
final class RouteReader {
  private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private RouteReader() {}

  static Route read(YamlNode node) {
    var map = node.asMap();
    map.refuse(Map.of("labels", "leave it out"));
    var receiver = map.get("receiver");
    var groupBy = map.get("group_by");
    var matchers = matchers(map, "match", "match_re", "matchers");
    boolean continues = map.bool("continue", false);
    var groupWait = map.duration("group_wait");
    var groupInterval = map.duration("group_interval");
    var repeatInterval = map.duration("repeat_interval");
    var calendar =
        new Route.Calendar(
            map.list("mute_time_intervals").stream().map(YamlNode::asString).toList(),
            map.list("active_time_intervals").stream().map(YamlNode::asString).toList());
    var routes = map.list("routes").stream().map(RouteReader::read).toList();
    map.end();
    return map.checked(() ->
        new Route(
            receiver == null ? null : receiver.asString(),
            groupBy == null ? null : groupBy.asStrings(),
            matchers,
            continues,
            groupWait,
            groupInterval,
            repeatInterval,
            calendar,
            routes));
  }

  /// The matchers of three keys: a map of equal values, one of regular expressions, and a list of
  /// texts.
  static List<Matcher> matchers(YamlMap map, String equal, String regex, String texts) {
    var matchers = new ArrayList<Matcher>();
    for (var entry : pairs(map, equal).entrySet()) {
      matchers.add(Matcher.equal(entry.getKey(), entry.getValue().asString()));
    }
    for (var entry : pairs(map, regex).entrySet()) {
      var value = entry.getValue();
      if (value.isNull()) {
        throw value.error("invalid regexp value for \"%s\"".formatted(entry.getKey()));
      }
      matchers.add(
          map.checked(() -> new Matcher(Matcher.Type.REGEX, entry.getKey(), value.asString())));
    }
    for (YamlNode text : map.list(texts)) {
      try {
        matchers.addAll(MatcherText.parse(text.asString()));
      } catch (IllegalArgumentException e) {
        throw text.error(String.valueOf(e.getMessage()));
      }
    }
    return matchers;
  }

  /// The entries of the map under `key`, whose names are those of labels as they have always been.
  private static Map<String, YamlNode> pairs(YamlMap map, String key) {
    @Nullable YamlNode node = map.get(key);
    Map<String, YamlNode> pairs = node == null ? Map.of() : node.asMap().entries();
    for (var entry : pairs.entrySet()) {
      if (!LABEL_NAME.matcher(entry.getKey()).matches()) {
        throw entry.getValue().error("invalid label name \"%s\"".formatted(entry.getKey()));
      }
    }
    return pairs;
  }
}
