package barograph.query.exec;

import barograph.query.ast.VectorMatching;
import barograph.storage.model.Labels;
import java.util.Set;

/// The part of a series' labels by which it finds its match.
final class Signature {
  private final boolean on;
  private final Set<String> names;

  Signature(VectorMatching matching) {
    this.on = matching.on();
    this.names = Set.copyOf(matching.labels());
  }

  Labels of(Labels labels) {
    return on
        ? labels.filter(names::contains)
        : labels.filter(name -> !names.contains(name) && !name.equals(Labels.METRIC_NAME));
  }
}
