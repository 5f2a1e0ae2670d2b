package barograph.storage;

import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import java.util.List;

/// The exemplars that the store has of one series, in time order.
public record ExemplarsOfSeries(Labels series, List<Exemplar> exemplars) {
  public ExemplarsOfSeries {
    exemplars = List.copyOf(exemplars);
  }
}
