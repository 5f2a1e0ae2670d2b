package barograph.ingest.exposition;

/// How a page is written, as its content type says.
public enum PageFormat {
  /// The Prometheus text format, 0.0.4 and 1.0.0.
  TEXT("text/plain"),
  /// OpenMetrics text, 0.0.1 and 1.0.0.
  OPEN_METRICS("application/openmetrics-text"),
  /// `io.prometheus.client.MetricFamily` messages, each behind its length.
  PROTOBUF("application/vnd.google.protobuf");

  private final String mediaType;

  PageFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /// What a content type begins with, in lower case.
  public String mediaType() {
    return mediaType;
  }

  /// Whether a `TYPE` line may have this word.
  public boolean knowsType(String word) {
    return switch (word) {
      case "counter", "gauge", "histogram", "summary" -> true;
      case "untyped" -> this == TEXT;
      case "gaugehistogram", "info", "stateset", "unknown" -> this == OPEN_METRICS;
      default -> false;
    };
  }
}
