package barograph.query.exec;

import barograph.query.function.Absence;
import java.util.Arrays;

/// The points of one series, one place per step; a place without a point holds [Absence#NONE].
///
/// Lent to a sink for the time of the call, which may overwrite it.
final class Column {
  private final double[] values;

  Column(int steps) {
    values = new double[steps];
  }

  double[] values() {
    return values;
  }

  void clear() {
    Arrays.fill(values, Absence.NONE);
  }

  boolean isEmpty() {
    for (double value : values) {
      if (Absence.isPresent(value)) {
        return false;
      }
    }
    return true;
  }

  int points() {
    int points = 0;
    for (double value : values) {
      if (Absence.isPresent(value)) {
        points++;
      }
    }
    return points;
  }

  void copyFrom(Column other) {
    System.arraycopy(other.values, 0, values, 0, values.length);
  }

  Column copy() {
    var copy = new Column(values.length);
    copy.copyFrom(this);
    return copy;
  }
}
