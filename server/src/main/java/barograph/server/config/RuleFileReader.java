package barograph.server.config;

import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.RecordingRule;
import barograph.alerting.rule.Rule;
import barograph.alerting.rule.RuleFile;
import barograph.alerting.rule.RuleGroup;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/// Reads Prometheus's rule files.
public final class RuleFileReader {
  private final boolean ignoresUnknown;

  private RuleFileReader(boolean ignoresUnknown) {
    this.ignoresUnknown = ignoresUnknown;
  }

  /// The files that `pattern` names, sorted; its last segment may hold wildcards.
  static List<Path> matching(Path folder, YamlNode at, String pattern) {
    Path full = folder.resolve(pattern);
    Path parent = full.getParent();
    Path last = full.getFileName();
    if (parent == null || last == null) {
      throw at.error("\"%s\" names no file".formatted(pattern));
    }
    boolean wild = last.toString().chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
    if (!wild) {
      if (!Files.exists(full)) {
        throw at.error("\"%s\" does not exist".formatted(full));
      }
      return List.of(full);
    }
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    var found = new TreeSet<Path>();
    try (var entries = Files.newDirectoryStream(parent, last.toString())) {
      entries.forEach(found::add);
    } catch (PatternSyntaxException e) {
      throw at.error("syntax error in pattern \"%s\"".formatted(pattern));
    } catch (IOException | DirectoryIteratorException e) {
      throw at.error("\"%s\" cannot be listed: %s".formatted(parent, e));
    }
    return List.copyOf(found);
  }

  /// What `file` says.
  ///
  /// @throws ConfigException if it cannot be read or used
  public static RuleFile read(Path file) {
    return read(file.toString(), ConfigLoader.text(file));
  }

  static RuleFile read(String file, String text) {
    return read(file, text, false);
  }

  /// What `text` says.
  ///
  /// @param file as messages name it
  /// @param ignoreUnknown whether keys that nobody knows are passed over
  /// @throws ConfigException if it cannot be used
  public static RuleFile read(String file, String text, boolean ignoreUnknown) {
    var root = YamlNode.parse(file, text);
    if (root == null) {
      return new RuleFile(file, List.of());
    }
    var reader = new RuleFileReader(ignoreUnknown);
    var map = root.asMap();
    var groups = map.list("groups").stream().map(reader::group).toList();
    reader.end(map);
    return map.checked(() -> new RuleFile(file, groups));
  }

  private void end(YamlMap map) {
    if (!ignoresUnknown) {
      map.end();
    }
  }

  private RuleGroup group(YamlNode node) {
    var map = node.asMap();
    String name = map.string("name", "");
    var interval = map.duration("interval");
    var offset = map.duration("query_offset");
    int limit = map.count("limit", 0);
    var labels = map.stringMap("labels");
    var rules = new ArrayList<Rule>();
    map.list("rules").forEach(rule -> rules.add(rule(rule)));
    end(map);
    return map.checked(() -> new RuleGroup(name, interval, offset, limit, labels, rules));
  }

  private Rule rule(YamlNode node) {
    var map = node.asMap();
    String record = map.string("record", "");
    String alert = map.string("alert", "");
    String expr = map.string("expr", "");
    var labels = map.stringMap("labels");
    if (record.isEmpty() == alert.isEmpty()) {
      throw node.error(
          record.isEmpty()
              ? "one of 'record' or 'alert' must be set"
              : "only one of 'record' and 'alert' must be set");
    }
    if (expr.isEmpty()) {
      throw node.error("field 'expr' must be set in rule");
    }
    boolean recording = alert.isEmpty();
    for (String key : List.of("for", "keep_firing_for", "annotations")) {
      if (recording && map.get(key) != null) {
        throw node.error("invalid field '%s' in recording rule".formatted(key));
      }
    }
    Duration holdFor = map.duration("for", Duration.ZERO);
    Duration keepFiringFor = map.duration("keep_firing_for", Duration.ZERO);
    var annotations = map.stringMap("annotations");
    end(map);
    return map.checked(() ->
        recording
            ? new RecordingRule(record, expr, labels)
            : new AlertingRule(alert, expr, holdFor, keepFiringFor, labels, annotations));
  }
}
