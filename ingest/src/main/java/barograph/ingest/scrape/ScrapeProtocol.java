package barograph.ingest.scrape;

/// A format that a page may be asked for in and is understood in, by its configured name.
public enum ScrapeProtocol {
  PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0", "text/plain;version=1.0.0;escaping=allow-utf-8"),
  PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4", "text/plain;version=0.0.4");

  private final String configName;
  private final String mediaType;

  ScrapeProtocol(String configName, String mediaType) {
    this.configName = configName;
    this.mediaType = mediaType;
  }

  /// As a configuration file writes it.
  public String configName() {
    return configName;
  }

  /// As an `Accept` header asks for it.
  public String mediaType() {
    return mediaType;
  }
}
