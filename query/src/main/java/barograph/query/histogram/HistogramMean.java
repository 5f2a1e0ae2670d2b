package barograph.query.histogram;

import java.util.function.Consumer;

/// The mean of histograms: the sum divided, unless the sum would leave the range of doubles; from
/// there on the mean itself is moved.
public final class HistogramMean {
  private HistogramSum sum;
  private double count = 1;
  private boolean moving;

  public HistogramMean(NativeHistogram first) {
    sum = new HistogramSum(first);
  }

  /// Adds one more, which must be able to join the first.
  public void add(NativeHistogram histogram, Consumer<Remark> remarks) {
    count++;
    if (!moving) {
      var before = sum.mayOverflow(histogram) ? sum.copy() : null;
      sum.add(histogram, remarks);
      if (before == null || !sum.hasInfinite()) {
        return;
      }
      moving = true;
      sum = before;
      sum.divide(count - 1);
    }
    sum.scale((count - 1) / count);
    sum.add(histogram.dividedBy(count), remarks);
  }

  /// The mean of all; nothing can be added afterwards.
  public NativeHistogram total() {
    if (!moving) {
      sum.divide(count);
    }
    return sum.total();
  }
}
