package barograph.server.config;

import barograph.alerting.rule.RuleFile;
import barograph.ingest.forward.Endpoint;
import barograph.ingest.otlp.OtlpSettings;
import barograph.ingest.remoteread.RemoteSource;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeConfig.Timing;
import barograph.server.trace.TracingSettings;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `prometheus.yml` and its rule files say, checked.
///
/// @param evaluationInterval of rule groups that name none; also the step of subqueries
/// @param scrapeTiming how often targets are visited whose jobs do not say it
/// @param ruleQueryOffset how far back rule groups look that name no offset
/// @param externalLabels put on what leaves this server
/// @param storage what the file says of it
/// @param otlp how OpenTelemetry's metrics become series
/// @param alertSending other Alertmanagers, and what alerts are called when they leave the rules
/// @param remoteWrites where samples are passed on to
/// @param remoteReads servers whose samples count among ours
/// @param tracing where spans are sent; null for nowhere
/// @param yaml the file as the API shows it: defaults filled in, secrets hidden
public record ServerConfig(
    Timing scrapeTiming,
    Duration evaluationInterval,
    Duration ruleQueryOffset,
    Labels externalLabels,
    List<ScrapeConfig> jobs,
    List<RuleFile> ruleFiles,
    Storage storage,
    OtlpSettings otlp,
    AlertSending alertSending,
    List<Endpoint> remoteWrites,
    List<RemoteSource> remoteReads,
    @Nullable TracingSettings tracing,
    String yaml) {
  public static final Duration DEFAULT_EVALUATION_INTERVAL = Duration.ofMinutes(1);

  /// How samples are stored.
  ///
  /// @param retention wins over the flags and takes a restart
  /// @param outOfOrderWindow how late samples may come; null where the file says nothing
  /// @param exemplars how many are kept, the newest; 0 for none, null where the file says nothing
  public record Storage(
      Retention retention, @Nullable Duration outOfOrderWindow, @Nullable Integer exemplars) {
    static final Storage UNSAID = new Storage(Retention.UNSAID, null, null);
  }

  /// How long and how much is kept; null where the file says nothing.
  public record Retention(@Nullable Duration time, @Nullable Long bytes) {
    static final Retention UNSAID = new Retention(null, null);
  }

  public ServerConfig {
    jobs = List.copyOf(jobs);
    ruleFiles = List.copyOf(ruleFiles);
    remoteWrites = List.copyOf(remoteWrites);
    remoteReads = List.copyOf(remoteReads);
  }
}
