package barograph.server.config;

import barograph.alerting.interval.TimeInterval;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.template.NotificationTexts;
import barograph.alerting.template.TemplateException;
import barograph.alerting.template.TemplateFile;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads Alertmanager's configuration, each section by a reader of its own.
final class AlertmanagerFile {
  private static final System.Logger LOG = System.getLogger(AlertmanagerFile.class.getName());

  private static final List<String> TRACING =
      List.of(
          "client_type",
          "compression",
          "endpoint",
          "headers",
          "insecure",
          "sampling_fraction",
          "timeout",
          "tls_config");

  private AlertmanagerFile() {}

  static NotificationConfig read(String file, String text) {
    var root = YamlNode.parse(file, text);
    if (root == null) {
      throw new ConfigException("%s: no route provided in config".formatted(file));
    }
    @Nullable Path parent = Path.of(file).toAbsolutePath().getParent();
    Path folder = parent == null ? Path.of("/") : parent;
    var map = root.asMap();
    passOver(map);
    @Nullable YamlNode globalNode = map.get("global");
    var global =
        new GlobalSection(
            globalNode == null
                ? new YamlNode(file, "global", EmptyMapping.NODE).asMap()
                : globalNode.asMap());
    var route = RouteReader.read(map.need("route"));
    var receivers = new ArrayList<Receiver>();
    map.list("receivers").forEach(node -> receivers.add(ReceiverReader.read(node, global, folder)));
    var intervals = new ArrayList<TimeInterval>();
    map.list("mute_time_intervals").forEach(node -> intervals.add(TimeIntervalReader.read(node)));
    map.list("time_intervals").forEach(node -> intervals.add(TimeIntervalReader.read(node)));
    var inhibitRules = map.list("inhibit_rules").stream().map(InhibitRuleReader::read).toList();
    var templates = templates(map.list("templates"), folder);
    map.end();
    String yaml = HiddenSecrets.in(root);
    return map.checked(() ->
        new NotificationConfig(
            global.resolveTimeout(), route, receivers, intervals, inhibitRules, templates, yaml));
  }

  /// Checks what Alertmanager does for its own operators' sake, and here is without meaning.
  private static void passOver(YamlMap map) {
    @Nullable YamlNode tracing = map.get("tracing");
    if (tracing != null) {
      LOG.log(
          Level.WARNING,
          "\"tracing\" is without effect here: that of prometheus.yml is for notifications too");
      var known = tracing.asMap();
      TRACING.forEach(known::get);
      known.end();
      if (known.string("endpoint", "").isEmpty()) {
        throw known.error("tracing endpoint must be set");
      }
    }
    @Nullable YamlNode recorder = map.get("event_recorder");
    if (recorder != null) {
      recorder.asMap().end();
    }
  }

  /// The files that the patterns name, which need not be there yet.
  private static List<TemplateFile> templates(List<YamlNode> patterns, Path folder) {
    var files = new ArrayList<TemplateFile>();
    for (YamlNode pattern : patterns) {
      String name = pattern.asString();
      boolean wild = name.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
      if (!wild && !Files.exists(folder.resolve(name))) {
        continue;
      }
      for (Path path : RuleFileReader.matching(folder, pattern, name)) {
        files.add(new TemplateFile(path.toString(), ConfigLoader.text(path)));
      }
      try {
        NotificationTexts.of(files);
      } catch (TemplateException e) {
        throw pattern.error(String.valueOf(e.getMessage()));
      }
    }
    return files;
  }
}
