package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.function.ElementFunction;
import barograph.query.function.GoMath;
import barograph.query.histogram.NativeHistogram;
import barograph.storage.model.Labels;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Operators that look at one number at a time: maps over vectors, and the ways between vectors and
/// scalars.
final class Elementwise {
  private Elementwise() {}

  /// Maps a value at a step; may answer [Absence#NONE] to drop the point.
  @FunctionalInterface
  interface StepMap {
    double apply(int step, double value);
  }

  /// `source` with `map` applied to its numbers, and without its names; histograms are dropped.
  static VectorOperator over(Evaluation evaluation, VectorOperator source, StepMap map) {
    return sink ->
        source.run((labels, dropsName, column) -> {
          if (apply(evaluation, map, column)) {
            sink.accept(evaluation.dropped(labels), evaluation.namesDropLate(), column);
          }
        });
  }

  private static boolean apply(Evaluation evaluation, StepMap map, Column column) {
    double[] values = column.values();
    evaluation.budget().work(values.length);
    column.dropHistograms();
    boolean any = false;
    for (int step = 0; step < values.length; step++) {
      if (Absence.isPresent(values[step])) {
        values[step] = map.apply(step, values[step]);
        any |= Absence.isPresent(values[step]);
      }
    }
    return any;
  }

  /// A number of each histogram, numbers dropped.
  static VectorOperator ofHistograms(
      Evaluation evaluation, VectorOperator source, ToDoubleFunction<NativeHistogram> map) {
    return sink ->
        source.run((labels, dropsName, column) -> {
          if (!column.hasHistograms()) {
            return;
          }
          evaluation.budget().work(4 * column.steps());
          for (int step = 0; step < column.steps(); step++) {
            var histogram = column.histogram(step);
            column.values()[step] = histogram == null ? Absence.NONE : map.applyAsDouble(histogram);
          }
          column.dropHistograms();
          sink.accept(evaluation.dropped(labels), evaluation.namesDropLate(), column);
        });
  }

  /// `source` with the sign changed, of histograms too.
  static VectorOperator negated(Evaluation evaluation, VectorOperator source) {
    return sink ->
        source.run((labels, dropsName, column) -> {
          double[] values = column.values();
          evaluation.budget().work(values.length);
          for (int step = 0; step < values.length; step++) {
            var histogram = column.histogram(step);
            if (histogram != null) {
              column.putHistogram(step, histogram.times(-1));
            } else if (Absence.isPresent(values[step])) {
              values[step] = -values[step];
            }
          }
          sink.accept(evaluation.dropped(labels), evaluation.namesDropLate(), column);
        });
  }

  /// The step's own time wherever `source` has a point of either kind.
  static VectorOperator stepTimes(Evaluation evaluation, VectorOperator source, Grid grid) {
    return sink ->
        source.run((labels, dropsName, column) -> {
          evaluation.budget().work(column.steps());
          for (int step = 0; step < column.steps(); step++) {
            column.values()[step] = column.has(step) ? grid.timeMillis(step) / 1e3 : Absence.NONE;
          }
          column.dropHistograms();
          sink.accept(evaluation.dropped(labels), evaluation.namesDropLate(), column);
        });
  }

  static VectorOperator rounded(Evaluation evaluation, VectorOperator source, ScalarOperator to) {
    return sink -> {
      double[] multiple = to.run();
      over(evaluation, source, (step, value) -> ElementFunction.round(value, multiple[step]))
          .run(sink);
    };
  }

  static VectorOperator clamped(
      Evaluation evaluation,
      VectorOperator source,
      @Nullable ScalarOperator min,
      @Nullable ScalarOperator max) {
    return sink -> {
      double @Nullable [] lows = min == null ? null : min.run();
      double @Nullable [] highs = max == null ? null : max.run();
      over(
              evaluation,
              source,
              (step, value) -> {
                if (lows != null && highs != null && highs[step] < lows[step]) {
                  return Absence.NONE;
                }
                double clamped = highs == null ? value : GoMath.min(highs[step], value);
                return lows == null ? clamped : GoMath.max(lows[step], clamped);
              })
          .run(sink);
    };
  }

  /// One series without labels.
  static VectorOperator ofScalar(Evaluation evaluation, ScalarOperator scalar, Grid grid) {
    return sink -> {
      double[] values = scalar.run();
      var column = evaluation.column(grid.steps());
      System.arraycopy(values, 0, column.values(), 0, values.length);
      sink.accept(Labels.EMPTY, false, column);
    };
  }

  /// The value of the only series that has a point, else NaN.
  static ScalarOperator only(Evaluation evaluation, VectorOperator source, Grid grid) {
    return () -> {
      evaluation.budget().hold(2L * grid.steps());
      var values = new double[grid.steps()];
      var seen = new int[grid.steps()];
      Arrays.fill(values, Double.NaN);
      source.run((labels, dropsName, column) -> {
        double[] points = column.values();
        evaluation.budget().work(points.length);
        for (int step = 0; step < points.length; step++) {
          if (Absence.isPresent(points[step])) {
            values[step] = seen[step]++ == 0 ? points[step] : Double.NaN;
          }
        }
      });
      return values;
    };
  }
}
