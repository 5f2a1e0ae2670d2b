package barograph.query.histogram;

import barograph.storage.model.CounterReset;
import barograph.storage.model.HistogramLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Histograms as test scripts write them: `{{schema:1 sum:5 count:4 buckets:[1 2 1]}}`.
///
/// @param saysOfResets whether the text has a counter reset hint at all
public record HistogramLiteral(NativeHistogram histogram, boolean saysOfResets) {
  /// The histogram between the double braces of `text`.
  public static HistogramLiteral parse(String text) {
    return new HistogramLiteral(HistogramNotation.parse(text), text.contains("counter_reset_hint"));
  }

  /// What differs between two histograms, numbers being allowed to differ a little; null if nothing
  /// does.
  public static @Nullable String difference(
      HistogramLiteral wanted, NativeHistogram found, Closeness closeness) {
    var expected = wanted.histogram.compact();
    var actual = found.compact();
    boolean alike =
        expected.schema() == actual.schema()
            && expected.zeroThreshold() == actual.zeroThreshold()
            && Arrays.equals(expected.bounds(), actual.bounds())
            && closeness.holds(expected.count(), actual.count())
            && closeness.holds(expected.sum(), actual.sum())
            && closeness.holds(expected.zeroCount(), actual.zeroCount())
            && alike(expected.positive(), actual.positive(), closeness)
            && alike(expected.negative(), actual.negative(), closeness)
            && (!wanted.saysOfResets || expected.counterReset() == actual.counterReset());
    return alike ? null : "expected %s, found %s".formatted(expected, actual);
  }

  private static boolean alike(Buckets wanted, Buckets found, Closeness closeness) {
    if (!found.hasIndicesOf(wanted.indices(), wanted.size())) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!closeness.holds(wanted.count(i), found.count(i))) {
        return false;
      }
    }
    return true;
  }

  /// Whether two numbers are as good as equal.
  @FunctionalInterface
  public interface Closeness {
    boolean holds(double a, double b);
  }

  /// The histograms from this one on by `step`, `times` of them after the first.
  public List<HistogramLiteral> stepped(HistogramLiteral step, boolean down, int times) {
    var sequence = new ArrayList<HistogramLiteral>();
    var at = histogram;
    for (int i = 0; i <= times; i++) {
      sequence.add(new HistogramLiteral(at, step.saysOfResets));
      at = down ? at.minus(step.histogram, remark -> {}) : at.plus(step.histogram, remark -> {});
    }
    return sequence;
  }

  /// What a store makes of it that compares each histogram with the one before in its series, and
  /// believes its own eyes and not the sender's: whether counting went on is known only of
  /// neighbours of the same layout.
  public static NativeHistogram asStored(NativeHistogram next, @Nullable NativeHistogram before) {
    if (next.isGauge()) {
      return next;
    }
    var unbiased = next.withCounterReset(CounterReset.UNKNOWN);
    boolean goesOn =
        before != null
            && !before.isGauge()
            && next.counterReset() != CounterReset.RESET
            && next.hasScaleOf(before)
            && !unbiased.wasResetSince(before);
    return goesOn ? next.withCounterReset(CounterReset.NOT_RESET) : unbiased;
  }

  /// A histogram with bounds of its own, as classic buckets become one.
  ///
  /// @param counts of each bucket alone, the one up to infinity last
  public static NativeHistogram custom(double[] bounds, double count, double sum, double[] counts) {
    var indices = new int[counts.length];
    Arrays.setAll(indices, i -> i);
    return NativeHistogram.of(
        new NativeHistogram.Scale(HistogramLayout.CUSTOM_BOUNDS, 0, bounds),
        CounterReset.UNKNOWN,
        0,
        count,
        sum,
        new Buckets(indices, counts).compact(),
        Buckets.NONE);
  }
}
