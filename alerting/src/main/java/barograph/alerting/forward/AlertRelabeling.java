package barograph.alerting.forward;

import barograph.storage.model.Labels;
import org.jspecify.annotations.Nullable;

/// What alerts are called when they leave, and whether they do.
@FunctionalInterface
public interface AlertRelabeling {
  /// Leaves every alert as it is.
  AlertRelabeling NONE = labels -> labels;

  /// The labels that an alert with these leaves with, or null if it does not.
  @Nullable Labels apply(Labels labels);
}
