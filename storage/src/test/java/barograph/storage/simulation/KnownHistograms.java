package barograph.storage.simulation;

import barograph.storage.model.Histogram;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives each different histogram of a run a number of the kind that floats have, so that one map
/// can say of both what must be there.
final class KnownHistograms {
  /// NaNs that nobody sends.
  private static final long FIRST = 0xfff4_5eed_0000_0000L;

  private final Map<Histogram, Long> numbers = new HashMap<>();
  private final Map<Long, Histogram> histograms = new HashMap<>();

  long bits(Histogram histogram) {
    Long known = numbers.get(histogram);
    if (known != null) {
      return known;
    }
    long fresh = FIRST + numbers.size();
    numbers.put(histogram, fresh);
    histograms.put(fresh, histogram);
    return fresh;
  }

  /// The histogram of that number; null if it is a float's.
  @Nullable Histogram of(long bits) {
    return histograms.get(bits);
  }
}
