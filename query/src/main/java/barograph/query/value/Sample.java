package barograph.query.value;

import barograph.query.histogram.NativeHistogram;
import barograph.storage.model.Labels;
import org.jspecify.annotations.Nullable;

/// One series' point in an instant vector: a number or a native histogram.
///
/// @param value NaN where there is a histogram
/// @param histogram null where there is a number
public record Sample(
    Labels labels, long timeMillis, double value, @Nullable NativeHistogram histogram) {
  public Sample(Labels labels, long timeMillis, double value) {
    this(labels, timeMillis, value, null);
  }

  public Sample(Labels labels, long timeMillis, NativeHistogram histogram) {
    this(labels, timeMillis, Double.NaN, histogram);
  }
}
