package barograph.query.plan;

import barograph.query.ast.Expr.RangeMode;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.List;

/// Stored series to be read.
///
/// @param matchers what they all must pass
/// @param mode what happens at the edges of windows
/// @param countsAlone whether of native histograms nobody looks at the buckets
public record Source(
    List<Matcher> matchers, Timing timing, RangeMode mode, boolean countsAlone, Place place) {
  public Source {
    matchers = List.copyOf(matchers);
  }

  /// Whether all series have the same name, so that they stay distinct without it.
  public boolean hasOneName() {
    return matchers.stream()
        .anyMatch(m -> m.type() == Matcher.Type.EQUAL && m.name().equals(Labels.METRIC_NAME));
  }
}
