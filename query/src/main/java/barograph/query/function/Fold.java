package barograph.query.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Folds the series of one group, step by step, as they come.
///
/// A column holds a value per step, [Absence#NONE] where the series has none; so does the result.
/// Series are added in the order in which they are evaluated, which decides the last bits of sums.
public abstract class Fold {
  Fold() {}

  /// Adds the first `steps` values of `column`.
  public abstract void add(double[] column);

  /// Writes the result of every step into `into`.
  public abstract void finish(double[] into);

  /// How many bytes a group holds for each step, and for each step of each series.
  public record Footprint(int bytesPerStep, int bytesPerPoint) {}

  private static double[] none(int steps) {
    var column = new double[steps];
    Arrays.fill(column, Absence.NONE);
    return column;
  }

  /// `sum`, compensated.
  public static final class Sum extends Fold {
    public static final Footprint FOOTPRINT = new Footprint(16, 0);
    private final double[] sums;
    private final double[] lost;

    public Sum(int steps) {
      sums = none(steps);
      lost = new double[steps];
    }

    @Override
    public void add(double[] column) {
      for (int i = 0; i < sums.length; i++) {
        double value = column[i];
        if (Absence.isNone(value)) {
          continue;
        }
        double sum = sums[i];
        if (Absence.isNone(sum)) {
          sums[i] = value;
        } else {
          double total = sum + value;
          lost[i] = Neumaier.compensation(value, sum, total, lost[i]);
          sums[i] = total;
        }
      }
    }

    @Override
    public void finish(double[] into) {
      for (int i = 0; i < sums.length; i++) {
        into[i] = Absence.isNone(sums[i]) ? Absence.NONE : sums[i] + lost[i];
      }
    }
  }

  /// `avg`: the plain mean, unless the sum would overflow: from there on the mean is moved.
  public static final class Average extends Fold {
    public static final Footprint FOOTPRINT = new Footprint(25, 0);
    private final double[] sums;
    private final double[] lost;
    private final double[] counts;
    private final boolean[] moving;

    public Average(int steps) {
      sums = new double[steps];
      lost = new double[steps];
      counts = new double[steps];
      moving = new boolean[steps];
    }

    @Override
    public void add(double[] column) {
      for (int i = 0; i < sums.length; i++) {
        if (Absence.isPresent(column[i])) {
          add(i, column[i]);
        }
      }
    }

    private void add(int i, double value) {
      double count = ++counts[i];
      if (count == 1) {
        sums[i] = value;
        return;
      }
      if (!moving[i]) {
        double total = sums[i] + value;
        if (!Double.isInfinite(total)) {
          lost[i] = Neumaier.compensation(value, sums[i], total, lost[i]);
          sums[i] = total;
          return;
        }
        moving[i] = true;
        sums[i] /= count - 1;
        lost[i] /= count - 1;
      }
      double share = (count - 1) / count;
      double old = share * sums[i];
      double part = value / count;
      double mean = old + part;
      lost[i] = Neumaier.compensation(part, old, mean, share * lost[i]);
      sums[i] = mean;
    }

    @Override
    public void finish(double[] into) {
      for (int i = 0; i < sums.length; i++) {
        if (counts[i] == 0) {
          into[i] = Absence.NONE;
        } else {
          into[i] = moving[i] ? sums[i] + lost[i] : sums[i] / counts[i] + lost[i] / counts[i];
        }
      }
    }
  }

  /// `min` and `max`; NaN only where there is nothing else.
  public static final class Extreme extends Fold {
    public static final Footprint FOOTPRINT = new Footprint(8, 0);
    private final double[] best;
    private final boolean largest;

    public Extreme(int steps, boolean largest) {
      this.best = none(steps);
      this.largest = largest;
    }

    @Override
    public void add(double[] column) {
      for (int i = 0; i < best.length; i++) {
        double value = column[i];
        if (Absence.isPresent(value)
            && (Double.isNaN(best[i]) || (largest ? best[i] < value : best[i] > value))) {
          best[i] = value;
        }
      }
    }

    @Override
    public void finish(double[] into) {
      System.arraycopy(best, 0, into, 0, best.length);
    }
  }

  /// `count`, and `group`, whose result is always 1.
  public static final class Count extends Fold {
    public static final Footprint FOOTPRINT = new Footprint(8, 0);
    private final double[] counts;
    private final boolean onlyOne;

    public Count(int steps, boolean onlyOne) {
      this.counts = new double[steps];
      this.onlyOne = onlyOne;
    }

    @Override
    public void add(double[] column) {
      for (int i = 0; i < counts.length; i++) {
        if (Absence.isPresent(column[i])) {
          counts[i]++;
        }
      }
    }

    @Override
    public void finish(double[] into) {
      for (int i = 0; i < counts.length; i++) {
        into[i] = counts[i] == 0 ? Absence.NONE : onlyOne ? 1 : counts[i];
      }
    }
  }

  /// `stdvar` and `stddev` of the whole group, by Welford's method.
  public static final class Spread extends Fold {
    public static final Footprint FOOTPRINT = new Footprint(24, 0);
    private final double[] means;
    private final double[] squares;
    private final double[] counts;
    private final boolean root;

    public Spread(int steps, boolean root) {
      this.means = new double[steps];
      this.squares = new double[steps];
      this.counts = new double[steps];
      this.root = root;
    }

    @Override
    public void add(double[] column) {
      for (int i = 0; i < means.length; i++) {
        double value = column[i];
        if (Absence.isNone(value)) {
          continue;
        }
        double count = ++counts[i];
        if (count == 1) {
          means[i] = value;
          squares[i] = Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0;
        } else {
          double delta = value - means[i];
          means[i] += delta / count;
          squares[i] += delta * (value - means[i]);
        }
      }
    }

    @Override
    public void finish(double[] into) {
      for (int i = 0; i < means.length; i++) {
        double variance = squares[i] / counts[i];
        into[i] = counts[i] == 0 ? Absence.NONE : root ? Math.sqrt(variance) : variance;
      }
    }
  }

  /// `quantile`, which has to keep every series; its parameter may differ from step to step.
  public static final class Quantile extends Fold {
    public static final Footprint FOOTPRINT = new Footprint(0, 8);
    private final int steps;
    private final double[] parameter;
    private final List<double[]> columns = new ArrayList<>();

    public Quantile(int steps, double[] parameter) {
      this.steps = steps;
      this.parameter = parameter;
    }

    @Override
    public void add(double[] column) {
      columns.add(Arrays.copyOf(column, steps));
    }

    @Override
    public void finish(double[] into) {
      var values = new double[columns.size()];
      for (int i = 0; i < steps; i++) {
        int size = 0;
        for (double[] column : columns) {
          if (Absence.isPresent(column[i])) {
            values[size++] = column[i];
          }
        }
        into[i] = size == 0 ? Absence.NONE : Quantiles.of(parameter[i], values, size);
      }
    }
  }
}
