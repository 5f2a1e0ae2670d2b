package barograph.query.plan;

import barograph.storage.model.Labels;
import java.util.Set;

/// Which labels make a group: `by` or `without` some of them.
public record Grouping(boolean without, Set<String> names) {
  public Grouping {
    names = Set.copyOf(names);
  }

  /// What is left of `labels` in the group's own.
  public Labels of(Labels labels) {
    if (without) {
      return labels.filter(name -> !names.contains(name) && !name.equals(Labels.METRIC_NAME));
    }
    return names.isEmpty() ? Labels.EMPTY : labels.filter(names::contains);
  }

  /// Whether the name may be among the group's labels.
  public boolean keepsName() {
    return !without && names.contains(Labels.METRIC_NAME);
  }
}
