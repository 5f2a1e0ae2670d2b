package barograph.server.config;

import barograph.alerting.rule.RuleFile;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.storage.model.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads `prometheus.yml`: the global section, rule files and scrape jobs.
final class PrometheusFile {
  private final Path file;
  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;
  private final boolean startTimes;

  /// @param startTimes whether a zero is stored where a page says that a series began
  PrometheusFile(Path file, UnaryOperator<@Nullable String> environment, boolean startTimes) {
    this.startTimes = startTimes;
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
            folder,
            environment,
            startTimes);
    var storage = StorageSection.read(map.get("storage"));
    var otlp = OtlpSection.read(map.get("otlp"));
    var rulePatterns = map.list("rule_files");
    var jobNodes = jobNodes(map);
    var jobs = jobs(jobNodes, global);
    var alertingNode = map.get("alerting");
    var sending = new AlertingSection(folder, new SigV4Reader(environment)).read(alertingNode);
    var remoteWrites = RemoteWriteSection.read(map, folder, new SigV4Reader(environment));
    var remoteReads = RemoteReadSection.read(map, folder);
    var tracing = TracingSection.read(map.get("tracing"), folder);
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
        sending,
        remoteWrites,
        remoteReads,
        tracing,
        ConfigYaml.show(
            global,
            rulePatterns.stream().map(YamlNode::asString).toList(),
            jobs,
            discoveries(jobNodes),
            alertingNode,
            remoteWrites,
            remoteReads,
            tracing));
  }

  /// A job, and the folder from which the names of its files count.
  private record JobNode(YamlNode node, Path folder) {}

  /// The jobs of this file and of those that it names.
  private List<JobNode> jobNodes(YamlMap map) {
    var nodes = new ArrayList<JobNode>();
    map.list("scrape_configs").forEach(node -> nodes.add(new JobNode(node, folder)));
    for (YamlNode pattern : map.list("scrape_config_files")) {
      for (Path path : RuleFileReader.matching(folder, pattern, pattern.asString())) {
        @Nullable YamlNode root = YamlNode.parse(path.toString(), ConfigLoader.text(path));
        if (root != null) {
          var file = root.asMap();
          Path parent = Objects.requireNonNullElse(path.getParent(), folder);
          file.list("scrape_configs").forEach(node -> nodes.add(new JobNode(node, parent)));
          file.end();
        }
      }
    }
    return nodes;
  }

  private static List<ScrapeConfig> jobs(List<JobNode> nodes, Global global) {
    var jobs = new ArrayList<ScrapeConfig>();
    var names = new HashSet<String>();
    for (JobNode node : nodes) {
      var job = new ScrapeJob(node.folder(), global).read(node.node());
      if (!names.add(job.jobName())) {
        throw node.node()
            .error("found multiple scrape configs with job name \"%s\"".formatted(job.jobName()));
      }
      jobs.add(job);
    }
    return jobs;
  }

  /// How targets are found, by job and as the file says it.
  private static Map<String, Map<String, Object>> discoveries(List<JobNode> jobs) {
    var shown = new HashMap<String, Map<String, Object>>();
    for (JobNode job : jobs) {
      var map = job.node().asMap();
      shown.put(map.need("job_name").asString(), DiscoveryReader.shown(map));
    }
    return shown;
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
      JobDefaults defaults,
      @Nullable Path failureLog) {

    static Global read(
        YamlMap map, Path folder, UnaryOperator<@Nullable String> environment, boolean startTimes) {
      map.refuse(Map.of("query_log_file", "leave it out"));
      @Nullable YamlNode log = map.get("scrape_failure_log_file");
      @Nullable Path failureLog = log == null ? null : folder.resolve(log.asString());
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
      var defaults =
          JobDefaults.read(map, startTimes ? JobDefaults.WITH_START_TIMES : JobDefaults.NONE);
      map.end();
      return new Global(timing, evaluation, offset, external.build(), defaults, failureLog);
    }
  }
}
