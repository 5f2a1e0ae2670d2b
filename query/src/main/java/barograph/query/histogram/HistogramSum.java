package barograph.query.histogram;

import barograph.query.function.Neumaier;
import barograph.storage.model.CounterReset;
import java.util.Arrays;
import java.util.function.Consumer;

/// A sum of many histograms that keeps, of each number, what additions round away (Neumaier).
///
/// Grows in place; histograms of one layout are added without allocating.
public final class HistogramSum {
  private NativeHistogram.Scale scale;
  private CounterReset counterReset;
  private final double[] totals = new double[3];
  private final double[] lost = new double[3];
  private final Side positive;
  private final Side negative;

  private static final int COUNT = 0;
  private static final int SUM = 1;
  private static final int ZERO = 2;

  public HistogramSum(NativeHistogram first) {
    scale = first.scale();
    counterReset = first.counterReset();
    totals[COUNT] = first.count();
    totals[SUM] = first.sum();
    totals[ZERO] = first.zeroCount();
    positive = new Side(first.positive());
    negative = new Side(first.negative());
  }

  /// Adds one more, which must be able to join.
  ///
  /// @param remarks is told if bounds had to be reconciled
  public void add(NativeHistogram histogram, Consumer<Remark> remarks) {
    counterReset = NativeHistogram.joinedReset(counterReset, histogram.counterReset());
    var other = histogram;
    if (other.isCustom()) {
      if (!Arrays.equals(scale.bounds(), other.bounds())) {
        remarks.accept(Remark.BOUNDS_RECONCILED_IN_AGGREGATION);
        double[] common = NativeHistogram.commonBounds(scale.bounds(), other.bounds());
        adopt(total().withBounds(common));
        other = other.withBounds(common);
      }
    } else {
      while (scale.zeroThreshold() != other.zeroThreshold()) {
        if (scale.zeroThreshold() > other.zeroThreshold()) {
          other = other.withWiderZero(scale.zeroThreshold());
        } else {
          adopt(total().withWiderZero(other.zeroThreshold()));
        }
      }
      if (other.schema() < scale.schema()) {
        adopt(total().coarser(other.schema()));
      }
      other = other.coarser(scale.schema());
    }
    add(COUNT, other.count());
    add(SUM, other.sum());
    add(ZERO, other.zeroCount());
    positive.add(other.positive());
    negative.add(other.negative());
  }

  private void add(int number, double value) {
    double total = totals[number] + value;
    lost[number] = Neumaier.compensation(value, totals[number], total, lost[number]);
    totals[number] = total;
  }

  /// Goes on from another layout of the same observations.
  private void adopt(NativeHistogram same) {
    scale = same.scale();
    totals[ZERO] = same.zeroCount();
    lost[ZERO] = 0;
    positive.set(same.positive());
    negative.set(same.negative());
  }

  void scale(double factor) {
    for (int i = 0; i < totals.length; i++) {
      totals[i] *= factor;
      lost[i] *= factor;
    }
    positive.scale(factor);
    negative.scale(factor);
  }

  /// Divides every number, and what was lost of it.
  void divide(double divisor) {
    for (int i = 0; i < totals.length; i++) {
      totals[i] /= divisor;
      lost[i] /= divisor;
    }
    positive.divide(divisor);
    negative.divide(divisor);
  }

  /// Whether adding `other` could leave the range of doubles.
  boolean mayOverflow(NativeHistogram other) {
    double largest = Math.max(positive.largest(), negative.largest());
    for (double total : totals) {
      largest = Math.max(largest, Math.abs(total));
    }
    double added = Math.max(Math.abs(other.sum()), Math.abs(other.count()));
    return !(largest < Double.MAX_VALUE / 4 && added < Double.MAX_VALUE / 4) || other.hasInfinite();
  }

  HistogramSum copy() {
    var copy = new HistogramSum(total());
    copy.scale = scale;
    copy.counterReset = counterReset;
    System.arraycopy(totals, 0, copy.totals, 0, totals.length);
    System.arraycopy(lost, 0, copy.lost, 0, lost.length);
    copy.positive.copyFrom(positive);
    copy.negative.copyFrom(negative);
    return copy;
  }

  boolean hasInfinite() {
    for (double total : totals) {
      if (Double.isInfinite(total)) {
        return true;
      }
    }
    return positive.hasInfinite() || negative.hasInfinite();
  }

  /// The sum so far with what was lost put back.
  public NativeHistogram total() {
    return NativeHistogram.of(
        scale,
        counterReset,
        totals[ZERO] + lost[ZERO],
        totals[COUNT] + lost[COUNT],
        totals[SUM] + lost[SUM],
        positive.total(),
        negative.total());
  }

  /// One side's counts.
  private static final class Side {
    private int[] indices;
    private double[] counts;
    private double[] lost;
    private int size;

    Side(Buckets first) {
      size = first.size();
      indices = first.indices();
      counts = new double[size];
      lost = new double[size];
      for (int i = 0; i < size; i++) {
        counts[i] = first.count(i);
      }
    }

    void set(Buckets other) {
      copyFrom(new Side(other));
    }

    void copyFrom(Side other) {
      size = other.size;
      indices = other.indices;
      counts = Arrays.copyOf(other.counts, size);
      lost = Arrays.copyOf(other.lost, size);
    }

    void add(Buckets other) {
      if (!other.hasIndicesOf(indices, size)) {
        makeRoomFor(other);
      }
      int at = 0;
      for (int i = 0; i < other.size(); i++) {
        while (indices[at] < other.index(i)) {
          at++;
        }
        double value = other.count(i);
        double total = counts[at] + value;
        lost[at] = Neumaier.compensation(value, counts[at], total, lost[at]);
        counts[at] = total;
      }
    }

    /// Puts buckets of zero where the other has some and this has none.
    private void makeRoomFor(Buckets other) {
      var places = new int[size + other.size()];
      var wider = new double[places.length];
      var widerLost = new double[places.length];
      int a = 0;
      int b = 0;
      int at = 0;
      while (a < size || b < other.size()) {
        boolean own = b == other.size() || (a < size && indices[a] <= other.index(b));
        boolean both = own && b < other.size() && indices[a] == other.index(b);
        places[at] = own ? indices[a] : other.index(b);
        if (own) {
          wider[at] = counts[a];
          widerLost[at] = lost[a++];
        }
        b += !own || both ? 1 : 0;
        at++;
      }
      size = at;
      indices = Arrays.copyOf(places, at);
      counts = Arrays.copyOf(wider, at);
      lost = Arrays.copyOf(widerLost, at);
    }

    void scale(double factor) {
      for (int i = 0; i < size; i++) {
        counts[i] *= factor;
        lost[i] *= factor;
      }
    }

    void divide(double divisor) {
      for (int i = 0; i < size; i++) {
        counts[i] /= divisor;
        lost[i] /= divisor;
      }
    }

    double largest() {
      double largest = 0;
      for (int i = 0; i < size; i++) {
        largest = Math.max(largest, Math.abs(counts[i]));
      }
      return largest;
    }

    boolean hasInfinite() {
      for (int i = 0; i < size; i++) {
        if (Double.isInfinite(counts[i])) {
          return true;
        }
      }
      return false;
    }

    Buckets total() {
      var totals = new double[size];
      for (int i = 0; i < size; i++) {
        totals[i] = counts[i] + lost[i];
      }
      return new Buckets(indices, totals);
    }
  }
}
