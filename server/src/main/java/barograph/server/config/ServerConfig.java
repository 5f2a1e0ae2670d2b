package barograph.server.config;

import barograph.alerting.rule.RuleFile;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.List;

/// What `prometheus.yml` and its rule files say, checked.
///
/// @param evaluationInterval of rule groups that name none; also the step of subqueries
/// @param ruleQueryOffset how far back rule groups look that name no offset
/// @param externalLabels put on what leaves this server
/// @param yaml the file as the API shows it: defaults filled in, secrets hidden
public record ServerConfig(
    Duration evaluationInterval,
    Duration ruleQueryOffset,
    Labels externalLabels,
    List<ScrapeConfig> jobs,
    List<RuleFile> ruleFiles,
    String yaml) {
  public static final Duration DEFAULT_EVALUATION_INTERVAL = Duration.ofMinutes(1);

  public ServerConfig {
    jobs = List.copyOf(jobs);
    ruleFiles = List.copyOf(ruleFiles);
  }
}
