package barograph.ingest.discovery;

import barograph.storage.model.Labels;
import java.util.List;

/// Targets that were found together, and what they have in common.
///
/// @param targets labels of each, its `__address__` among them
/// @param labels of all of them; a target's own win
public record TargetGroup(List<Labels> targets, Labels labels) {
  static final String ADDRESS = "__address__";

  public TargetGroup {
    targets = List.copyOf(targets);
  }

  /// Targets of which nothing but the address is known.
  public static TargetGroup of(List<String> addresses, Labels labels) {
    return new TargetGroup(
        addresses.stream().map(address -> Labels.of(ADDRESS, address)).toList(), labels);
  }
}
