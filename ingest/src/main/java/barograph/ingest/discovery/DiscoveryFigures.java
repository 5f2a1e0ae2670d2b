package barograph.ingest.discovery;

/// What the discoveries of one kind have done so far.
///
/// @param mechanism `http`, `dns` and so on
/// @param looks how often was looked
/// @param failures how often that went wrong
/// @param nanos how long all of it took
public record DiscoveryFigures(String mechanism, long looks, long failures, long nanos) {
  DiscoveryFigures and(boolean failed, long more) {
    return new DiscoveryFigures(mechanism, looks + 1, failures + (failed ? 1 : 0), nanos + more);
  }
}
