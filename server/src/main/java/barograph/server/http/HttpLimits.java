package barograph.server.http;

import java.time.Duration;

/// What one client, and all of them together, may ask of the server.
///
/// @param maxConnections further ones are closed at once
/// @param bodyBudgetBytes request bodies held in memory at the same time, over all connections
/// @param headTimeout from a request's first byte, a first request's from connecting, to the end of
///   its headers
/// @param requestTimeout from there to its last byte
/// @param idleTimeout between two requests of a connection, and for a client that does not read
public record HttpLimits(
    int maxConnections,
    long bodyBudgetBytes,
    Duration headTimeout,
    Duration requestTimeout,
    Duration idleTimeout) {

  public static final HttpLimits DEFAULT =
      new HttpLimits(
          512, 128L << 20, Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMinutes(5));

  public HttpLimits {
    if (maxConnections < 1 || bodyBudgetBytes < 1) {
      throw new IllegalArgumentException(
          "%d connections and %d bytes of bodies: both must be at least 1"
              .formatted(maxConnections, bodyBudgetBytes));
    }
  }
}
