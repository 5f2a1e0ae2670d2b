package barograph.ingest.discovery;

import barograph.storage.model.Labels;
import java.util.List;

/// Targets written down in the configuration, with labels that all of them get.
///
/// @param addresses `host` or `host:port` each, without a scheme or a path
/// @param labels added to every series of these targets, before relabelling
public record StaticTargets(List<String> addresses, Labels labels) {
  public StaticTargets {
    addresses = List.copyOf(addresses);
    for (String address : addresses) {
      if (address.isEmpty()) {
        throw new IllegalArgumentException("a static target has an empty address");
      }
    }
  }
}
