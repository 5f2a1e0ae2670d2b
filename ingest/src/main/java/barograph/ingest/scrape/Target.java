package barograph.ingest.scrape;

import barograph.storage.model.Labels;
import java.net.URI;
import java.time.Duration;

/// Something to visit: the address of its page, and the labels that its series get.
///
/// @param discovered its labels before relabelling, for show
record Target(Labels discovered, Labels labels, URI uri, Duration interval, Duration timeout) {

  /// What tells this target from others; a target that keeps it stays the same across reloads.
  record Identity(Labels labels, URI uri) {}

  Identity identity() {
    return new Identity(labels, uri);
  }

  /// When within each interval it is visited: the same after a restart, and spread over the fleet.
  long offsetMillis() {
    long h = 31L * labels.toString().hashCode() + uri.hashCode();
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return Long.remainderUnsigned(h ^ (h >>> 33), interval.toMillis());
  }
}
