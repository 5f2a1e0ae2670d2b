package barograph.server.trace;

import barograph.storage.outbound.ClientSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Where spans are sent, and of how many requests.
///
/// @param collector where messages of OTLP are posted to
/// @param fraction of the requests that come without a trace of their own; 0 for none, 1 for all
/// @param headers sent with each message
/// @param packed whether messages are packed by gzip
/// @param timeout of one message
/// @param client who asks, and by which way
public record TracingSettings(
    URI collector,
    double fraction,
    Map<String, String> headers,
    boolean packed,
    Duration timeout,
    ClientSettings client) {
  public TracingSettings {
    headers = Map.copyOf(headers);
    if (collector.getHost() == null) {
      throw new IllegalArgumentException(
          "tracing endpoint is \"%s\", expected a host and a port".formatted(collector));
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout of tracing is 0s, expected more");
    }
  }
}
