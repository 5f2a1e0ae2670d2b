package barograph.query.exec;

import barograph.query.ast.BinaryOperator;
import barograph.query.function.Absence;
import barograph.query.histogram.HistogramTrim;
import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.Remark;
import barograph.query.plan.Place;
import barograph.storage.model.CounterReset;
import org.jspecify.annotations.Nullable;

/// The binary operators between two points of which one at least is a histogram.
///
/// Histograms are added and subtracted, compared for equality, scaled and trimmed by numbers;
/// whatever else is asked has no result, and the reader is told.
final class HistogramArithmetic {
  private final Evaluation evaluation;
  private final HistogramNotes notes;
  private final BinaryOperator operator;
  private final boolean returnBool;
  private final Place place;

  HistogramArithmetic(
      Evaluation evaluation, BinaryOperator operator, boolean returnBool, Place place) {
    this.evaluation = evaluation;
    this.notes = new HistogramNotes(evaluation.notes(), place);
    this.operator = operator;
    this.returnBool = returnBool;
    this.place = place;
  }

  /// Puts the result at a step of `into`, or nothing if a comparison does not hold.
  ///
  /// @param left the histogram on the left side, or null if there is the number `leftNumber`
  /// @return false if the two cannot be computed with
  boolean compute(
      double leftNumber,
      @Nullable NativeHistogram left,
      double rightNumber,
      @Nullable NativeHistogram right,
      int step,
      Column into) {
    into.remove(step);
    if (operator == BinaryOperator.EQUAL || operator == BinaryOperator.NOT_EQUAL) {
      if (left == null || right == null) {
        return incompatible(left, right);
      }
      compared(left, left.equals(right) == (operator == BinaryOperator.EQUAL), step, into);
      return true;
    }
    var result =
        left == null
            ? (right == null ? null : scaled(leftNumber, right))
            : (right == null ? withNumber(left, rightNumber) : combined(left, right));
    into.putHistogram(step, result);
    return result != null;
  }

  private void compared(NativeHistogram left, boolean holds, int step, Column into) {
    if (returnBool) {
      into.values()[step] = holds ? 1 : 0;
    } else if (holds) {
      into.putHistogram(step, left);
    }
  }

  private @Nullable NativeHistogram scaled(double number, NativeHistogram histogram) {
    if (operator == BinaryOperator.MULTIPLY) {
      return histogram.times(number).compact();
    }
    incompatible(null, histogram);
    return null;
  }

  private @Nullable NativeHistogram withNumber(NativeHistogram histogram, double number) {
    return switch (operator) {
      case MULTIPLY -> histogram.times(number).compact();
      case DIVIDE -> histogram.dividedBy(number).compact();
      case TRIM_UPPER -> HistogramTrim.below(histogram, number);
      case TRIM_LOWER -> HistogramTrim.above(histogram, number);
      case OR,
          AND,
          UNLESS,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          ADD,
          SUBTRACT,
          MODULO,
          ATAN2,
          POWER -> {
        incompatible(histogram, null);
        yield null;
      }
    };
  }

  private @Nullable NativeHistogram combined(NativeHistogram left, NativeHistogram right) {
    boolean adds = operator == BinaryOperator.ADD;
    if (!adds && operator != BinaryOperator.SUBTRACT) {
      incompatible(left, right);
      return null;
    }
    if (!left.canJoin(right)) {
      evaluation
          .notes()
          .warn(
              place,
              "incompatible bucket layout encountered for binary operator " + operator.symbol());
      return null;
    }
    var conflict = new boolean[1];
    var result =
        adds ? left.plus(right, r -> note(r, conflict)) : left.minus(right, r -> note(r, conflict));
    if (conflict[0]) {
      return null;
    }
    return adds ? result.compact() : result.withCounterReset(CounterReset.GAUGE).compact();
  }

  private void note(Remark remark, boolean[] conflict) {
    conflict[0] |=
        remark == Remark.RESETS_CONFLICT_IN_ADDITION
            || remark == Remark.RESETS_CONFLICT_IN_SUBTRACTION;
    notes.note(remark, "");
  }

  private boolean incompatible(@Nullable NativeHistogram left, @Nullable NativeHistogram right) {
    incompatible(evaluation, operator, place, kind(left), kind(right));
    return false;
  }

  private static String kind(@Nullable NativeHistogram histogram) {
    return histogram == null ? "float" : "histogram";
  }

  /// Says that an operator met what it does not work on.
  static void incompatible(
      Evaluation evaluation, BinaryOperator operator, Place place, String left, String right) {
    evaluation
        .notes()
        .inform(
            place,
            "incompatible sample types encountered for binary operator %s: %s %s %s"
                .formatted(Quoted.of(operator.symbol()), left, operator.symbol(), right));
  }

  /// A trim of a number by a number, which has no result.
  static double numbersTrimmed(Evaluation evaluation, BinaryOperator operator, Place place) {
    incompatible(evaluation, operator, place, "float", "float");
    return Absence.NONE;
  }
}
