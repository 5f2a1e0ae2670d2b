package barograph.ingest.scrape;

import barograph.ingest.exposition.PageFormat;
import java.util.List;

/// A format that a page may be asked for in and is understood in, by its configured name.
public enum ScrapeProtocol {
  PROMETHEUS_PROTO(
      "PrometheusProto",
      PageFormat.PROTOBUF,
      ";proto=io.prometheus.client.MetricFamily;encoding=delimited",
      false),
  OPEN_METRICS_1_0_0("OpenMetricsText1.0.0", PageFormat.OPEN_METRICS, ";version=1.0.0", true),
  OPEN_METRICS_0_0_1("OpenMetricsText0.0.1", PageFormat.OPEN_METRICS, ";version=0.0.1", false),
  PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0", PageFormat.TEXT, ";version=1.0.0", true),
  PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4", PageFormat.TEXT, ";version=0.0.4", false);

  /// What is asked for where the configuration names nothing, the best first.
  public static final List<ScrapeProtocol> DEFAULT =
      List.of(OPEN_METRICS_1_0_0, OPEN_METRICS_0_0_1, PROMETHEUS_TEXT_1_0_0, PROMETHEUS_TEXT_0_0_4);

  /// The same where native histograms are wanted, which only the first of them has.
  public static final List<ScrapeProtocol> WITH_NATIVE_HISTOGRAMS =
      List.of(
          PROMETHEUS_PROTO,
          OPEN_METRICS_1_0_0,
          OPEN_METRICS_0_0_1,
          PROMETHEUS_TEXT_1_0_0,
          PROMETHEUS_TEXT_0_0_4);

  private final String configName;
  private final PageFormat format;
  private final String parameters;
  private final boolean escapes;

  ScrapeProtocol(String configName, PageFormat format, String parameters, boolean escapes) {
    this.configName = configName;
    this.format = format;
    this.parameters = parameters;
    this.escapes = escapes;
  }

  /// As a configuration file writes it.
  public String configName() {
    return configName;
  }

  /// How such a page is read.
  PageFormat format() {
    return format;
  }

  /// As an `Accept` header asks for it; only some versions know of names that need escaping.
  String mediaType(NameEscaping escaping) {
    return format.mediaType() + parameters + (escapes ? ";escaping=" + escaping.configName() : "");
  }
}
