package barograph.server.config;

import barograph.alerting.rule.RuleFile;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.storage.model.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads `prometheus.yml`: the global section, rule files and scrape jobs.
final class PrometheusFile {
  private final Path file;
  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;

  PrometheusFile(Path file, UnaryOperator<@Nullable String> environment) {
    this.file = file;
    Path parent = file.toAbsolutePath().getParent();
    this.folder = parent == null ? file.toAbsolutePath() : parent;
    this.environment = environment;
  }

  ServerConfig read(String text) {
    var root = YamlNode.parse(file.toString(), text);
    if (root == null) {
      root = new YamlNode(file.toString(), "", EmptyMapping.NODE);
    }
    var map = root.asMap();
    refuseUnserved(map);
    var runtime = map.get("runtime");
    if (runtime != null) {
      // Tunes Go's collector: known, and without meaning here.
      var known = runtime.asMap();
      known.get("gogc");
      known.end();
    }
    var globalNode = map.get("global");
    var global =
        Global.read(
            globalNode == null
                ? new YamlNode(file.toString(), "global", EmptyMapping.NODE).asMap()
                : globalNode.asMap(),
            environment);
    var storage = StorageSection.read(map.get("storage"));
    var otlp = OtlpSection.read(map.get("otlp"));
    var rulePatterns = map.list("rule_files");
    var jobs = jobs(map.list("scrape_configs"), global);
    var alertingNode = map.get("alerting");
    var forwarding = new AlertingSection(folder).read(alertingNode);
    var remoteWrites = RemoteWriteSection.read(map, folder);
    map.end();
    return new ServerConfig(
        global.timing(),
        global.evaluationInterval(),
        global.ruleQueryOffset(),
        global.externalLabels(),
        jobs,
        rules(rulePatterns),
        storage,
        otlp,
        forwarding,
        remoteWrites,
        ConfigYaml.show(
            global,
            rulePatterns.stream().map(YamlNode::asString).toList(),
            jobs,
            alertingNode,
            remoteWrites));
  }

  private static void refuseUnserved(YamlMap map) {
    map.refuse(
        Map.of(
            "remote_read",
            "only what is stored here is read so far",
            "scrape_config_files",
            "list the jobs in scrape_configs",
            "tracing",
            "leave it out"));
  }

  private List<ScrapeConfig> jobs(List<YamlNode> nodes, Global global) {
    var jobs = new ArrayList<ScrapeConfig>();
    var names = new HashSet<String>();
    for (YamlNode node : nodes) {
      var job = new ScrapeJob(folder, global).read(node);
      if (!names.add(job.jobName())) {
        throw node.error(
            "found multiple scrape configs with job name \"%s\"".formatted(job.jobName()));
      }
      jobs.add(job);
    }
    return jobs;
  }

  private List<RuleFile> rules(List<YamlNode> patterns) {
    var files = new ArrayList<RuleFile>();
    var seen = new HashSet<Path>();
    for (YamlNode pattern : patterns) {
      for (Path path : RuleFileReader.matching(folder, pattern, pattern.asString())) {
        if (seen.add(path)) {
          files.add(RuleFileReader.read(path));
        }
      }
    }
    return files;
  }

  /// The `global` section: defaults of every job and rule group.
  record Global(
      Timing timing,
      Duration evaluationInterval,
      Duration ruleQueryOffset,
      Labels externalLabels,
      JobDefaults defaults) {

    static Global read(YamlMap map, UnaryOperator<@Nullable String> environment) {
      map.refuse(
          Map.of(
              "query_log_file", "leave it out",
              "scrape_failure_log_file", "failed scrapes are in the server's log"));
      var interval = map.duration("scrape_interval");
      var timeout = map.duration("scrape_timeout");
      var timing = map.checked(() -> Timing.inherit(interval, timeout, Timing.DEFAULT));
      var evaluation =
          map.duration("evaluation_interval", ServerConfig.DEFAULT_EVALUATION_INTERVAL);
      if (evaluation.isZero()) {
        throw map.error("evaluation_interval is 0s, expected more");
      }
      var offset = map.duration("rule_query_offset", Duration.ZERO);
      var external = new Labels.Builder();
      map.stringMap("external_labels")
          .forEach((name, value) -> external.set(name, Expansion.expand(value, environment)));
      var defaults = JobDefaults.read(map, JobDefaults.NONE);
      map.end();
      return new Global(timing, evaluation, offset, external.build(), defaults);
    }
  }
}
