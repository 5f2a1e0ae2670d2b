package barograph.ingest.scrape;

import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.relabel.RelabelRule;
import barograph.storage.outbound.ClientSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One job as configured: where its targets are, how and how often they are asked, and what becomes
/// of their labels. Two that are equal behave the same, so a reload leaves such a job alone.
///
/// @param discoveries where its other targets are found
/// @param failureLog file that tells of visits that failed; null for none
public record ScrapeConfig(
    String jobName,
    Timing timing,
    Asking asking,
    Labelling labelling,
    ScrapeLimits limits,
    HistogramWishes histograms,
    List<StaticTargets> staticTargets,
    List<DiscoveryConfig> discoveries,
    @Nullable Path failureLog) {

  public ScrapeConfig {
    discoveries = List.copyOf(discoveries);
    if (jobName.isEmpty()) {
      throw new IllegalArgumentException("job_name is empty");
    }
    staticTargets = List.copyOf(staticTargets);
    if (labelling.targetRules().isEmpty()) {
      for (StaticTargets group : staticTargets) {
        for (String address : group.addresses()) {
          if (address.contains("/")) {
            throw new IllegalArgumentException(
                "\"%s\" is not a valid hostname: expected host or host:port".formatted(address));
          }
        }
      }
    }
  }

  /// A job whose targets are all written down.
  public ScrapeConfig(
      String jobName,
      Timing timing,
      Asking asking,
      Labelling labelling,
      ScrapeLimits limits,
      HistogramWishes histograms,
      List<StaticTargets> staticTargets) {
    this(jobName, timing, asking, labelling, limits, histograms, staticTargets, List.of(), null);
  }

  /// A job with the defaults for everything but its targets.
  public static ScrapeConfig of(String jobName, List<StaticTargets> staticTargets) {
    return new ScrapeConfig(
        jobName,
        Timing.DEFAULT,
        Asking.DEFAULT,
        Labelling.DEFAULT,
        ScrapeLimits.NONE,
        HistogramWishes.CLASSIC,
        staticTargets,
        List.of(),
        null);
  }

  /// How often targets are asked, and how long they may take to answer.
  public record Timing(Duration interval, Duration timeout) {
    /// Every minute, within ten seconds.
    public static final Timing DEFAULT = new Timing(Duration.ofMinutes(1), Duration.ofSeconds(10));

    public Timing {
      if (interval.toMillis() <= 0) {
        throw new IllegalArgumentException("scrape interval is 0s, expected more");
      }
      if (timeout.toMillis() <= 0) {
        throw new IllegalArgumentException("scrape timeout is 0s, expected more");
      }
      if (timeout.compareTo(interval) > 0) {
        throw new IllegalArgumentException(
            "scrape timeout %dms is greater than scrape interval %dms"
                .formatted(timeout.toMillis(), interval.toMillis()));
      }
    }

    /// What a job says, completed by what holds for all: a timeout that only `global` sets is cut
    /// to the job's own interval.
    public static Timing inherit(
        @Nullable Duration interval, @Nullable Duration timeout, Timing global) {
      Duration beat = interval == null ? global.interval : interval;
      if (timeout != null) {
        return new Timing(beat, timeout);
      }
      return new Timing(beat, global.timeout.compareTo(beat) > 0 ? beat : global.timeout);
    }
  }

  /// How a page is asked for.
  ///
  /// @param scheme `http` or `https`
  /// @param params query parameters in the order they are sent
  /// @param compression whether a compressed page is asked for
  /// @param client who asks, and by which way
  /// @param protocols formats asked for, the best first
  /// @param escaping how names that are not the classic ones are asked for
  /// @param fallbackProtocol how a page without a known content type is read; null: not at all
  public record Asking(
      String scheme,
      String metricsPath,
      Map<String, List<String>> params,
      boolean compression,
      ClientSettings client,
      List<ScrapeProtocol> protocols,
      NameEscaping escaping,
      @Nullable ScrapeProtocol fallbackProtocol) {
    public static final Asking DEFAULT =
        new Asking(
            "http",
            "/metrics",
            Map.of(),
            true,
            ClientSettings.PLAIN,
            ScrapeProtocol.DEFAULT,
            NameEscaping.ALLOW_UTF_8,
            null);

    public Asking {
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw new IllegalArgumentException(
            "scheme is \"%s\", expected http or https".formatted(scheme));
      }
      var copy = new LinkedHashMap<String, List<String>>();
      params.forEach((name, values) -> copy.put(name, List.copyOf(values)));
      params = Collections.unmodifiableMap(copy);
      protocols = List.copyOf(protocols);
      if (protocols.isEmpty()) {
        throw new IllegalArgumentException("scrape_protocols cannot be empty");
      }
      if (protocols.stream().distinct().count() < protocols.size()) {
        throw new IllegalArgumentException("scrape_protocols names a protocol twice");
      }
    }

    /// These ways of asking at another path.
    public Asking at(String otherPath) {
      return new Asking(
          scheme, otherPath, params, compression, client, protocols, escaping, fallbackProtocol);
    }
  }

  /// What becomes of labels and timestamps.
  ///
  /// @param honorLabels whether a label of the page wins over the target's
  /// @param honorTimestamps whether timestamps on the page are used
  /// @param trackTimestampsStaleness whether series with timestamps of their own get stale markers
  /// @param startTimes whether a zero is stored where a page says that a series began
  /// @param legacyNames whether a name of other than ASCII letters, digits and `_` fails the page
  /// @param targetRules applied to each target before it is first asked
  /// @param metricRules applied to each series of a page
  public record Labelling(
      boolean honorLabels,
      boolean honorTimestamps,
      boolean trackTimestampsStaleness,
      boolean startTimes,
      boolean legacyNames,
      List<RelabelRule> targetRules,
      List<RelabelRule> metricRules) {
    public static final Labelling DEFAULT =
        new Labelling(false, true, false, false, List.of(), List.of());

    /// Of pages whose series began at no particular time.
    public Labelling(
        boolean honorLabels,
        boolean honorTimestamps,
        boolean trackTimestampsStaleness,
        boolean legacyNames,
        List<RelabelRule> targetRules,
        List<RelabelRule> metricRules) {
      this(
          honorLabels,
          honorTimestamps,
          trackTimestampsStaleness,
          false,
          legacyNames,
          targetRules,
          metricRules);
    }

    public Labelling {
      targetRules = List.copyOf(targetRules);
      metricRules = List.copyOf(metricRules);
    }
  }
}
