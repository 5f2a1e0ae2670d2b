package barograph.query.exec;

import barograph.query.ast.BinaryOperator;
import barograph.query.ast.VectorMatching;
import barograph.query.ast.VectorMatching.Cardinality;
import barograph.query.function.Absence;
import barograph.query.histogram.NativeHistogram;
import barograph.query.plan.Arithmetic;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Arithmetic and comparison between two vectors whose series find each other by their labels.
///
/// The side of which a match group may have only one series is gathered first; the series of the
/// other then pass by. All rules hold step by step: two series of a group are fine as long as they
/// never have a point at the same step.
final class MatchOperator implements VectorOperator {
  private final Evaluation evaluation;
  private final BinaryOperator operator;
  private final VectorMatching matching;
  private final boolean returnBool;
  private final VectorPlan.Matched plan;
  private final VectorOperator many;
  private final VectorOperator one;
  private final boolean manyOnLeft;
  private final Signature signature;
  private final boolean oneToOne;
  private final Grid grid;
  private final HistogramArithmetic histograms;

  MatchOperator(Operators operators, VectorPlan.Matched plan, Grid grid) {
    this.evaluation = operators.evaluation();
    this.plan = plan;
    this.operator = plan.operator();
    this.matching = plan.matching();
    this.returnBool = plan.returnBool();
    this.manyOnLeft = matching.cardinality() != Cardinality.ONE_TO_MANY;
    var left = operators.vector(plan.left(), grid);
    var right = operators.vector(plan.right(), grid);
    this.many = manyOnLeft ? left : right;
    this.one = manyOnLeft ? right : left;
    this.signature = new Signature(matching);
    this.oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
    this.grid = grid;
    this.histograms = new HistogramArithmetic(evaluation, operator, returnBool, plan.place());
  }

  /// A series of the "one" side.
  private record Single(Labels labels, Column column) {}

  /// All that has the same signature.
  private final class Group {
    private final Labels key;
    private final List<Single> singles = new ArrayList<>(1);
    private final Map<Labels, BitSet> results = new HashMap<>(2);
    private @Nullable BitSet manySeen;

    private Group(Labels key) {
      this.key = key;
    }

    private void add(Labels labels, Column column) {
      for (var other : singles) {
        for (int step = 0; step < grid.steps(); step++) {
          if (other.column.has(step) && column.has(step)) {
            throw duplicate(key, other.labels, labels);
          }
        }
      }
      evaluation.budget().hold(grid.steps() + column.histogramSamples());
      evaluation.budget().hold(labels);
      evaluation.budget().hold(key);
      singles.add(new Single(labels, column.copy()));
    }

    /// The steps at which this match group has yielded a result of those labels already.
    private BitSet taken(Labels result) {
      var name = oneToOne ? Labels.EMPTY : result;
      return results.computeIfAbsent(
          name,
          absent -> {
            evaluation.budget().hold(1 + grid.steps() / 128);
            return new BitSet(grid.steps());
          });
    }
  }

  @Override
  public void run(SeriesSink sink) {
    var groups = new LinkedHashMap<Labels, Group>();
    one.run((labels, dropsName, column) -> {
      evaluation.budget().work(grid.steps());
      var key = signature.of(labels);
      groups.computeIfAbsent(key, Group::new).add(labels, column);
    });
    var output = evaluation.column(grid.steps());
    // Prometheus turns group_right round into group_left but not the two fills, and so do we.
    Double fillOne = matching.fillRight();
    Double fillMany = matching.fillLeft();
    if (groups.isEmpty() && fillOne == null) {
      return;
    }
    many.run((labels, dropsName, column) -> {
      var key = signature.of(labels);
      var group = groups.get(key);
      if (group == null) {
        if (fillOne == null) {
          return;
        }
        group = new Group(key);
        groups.put(key, group);
      }
      evaluation.budget().work(2 * grid.steps());
      if (fillMany != null) {
        see(group, column);
      }
      pair(group, labels, dropsName, column, output, sink);
      if (fillOne != null) {
        fillOne(group, labels, dropsName, column, fillOne, output, sink);
      }
    });
    if (fillMany != null) {
      for (var group : groups.values()) {
        fillMany(group, fillMany, output, sink);
      }
    }
  }

  private void see(Group group, Column column) {
    var seen = group.manySeen;
    if (seen == null) {
      seen = new BitSet(grid.steps());
      group.manySeen = seen;
    }
    for (int step = 0; step < grid.steps(); step++) {
      if (column.has(step)) {
        seen.set(step);
      }
    }
  }

  private void pair(
      Group group,
      Labels labels,
      boolean dropsName,
      Column column,
      Column output,
      SeriesSink sink) {
    for (var single : group.singles) {
      var result = resultLabels(labels, single.labels);
      boolean mixed = column.hasHistograms() || single.column.hasHistograms();
      boolean any =
          mixed
              ? pairMixed(group, result, column, single.column, output)
              : pairNumbers(group, result, column.values(), single.column.values(), output);
      if (any) {
        push(result, dropsName, output, sink);
      }
    }
  }

  private boolean pairNumbers(
      Group group, Labels result, double[] values, double[] others, Column output) {
    output.dropHistograms();
    boolean any = false;
    BitSet taken = null;
    for (int step = 0; step < values.length; step++) {
      double value = Absence.NONE;
      if (Absence.isPresent(values[step]) && Absence.isPresent(others[step])) {
        value = compute(values[step], others[step]);
        // A pair that a comparison filters out is a pair all the same.
        if (oneToOne || Absence.isPresent(value)) {
          if (taken == null) {
            taken = group.taken(result);
          }
          take(taken, step);
        }
      }
      output.values()[step] = value;
      any |= Absence.isPresent(value);
    }
    return any;
  }

  private boolean pairMixed(
      Group group, Labels result, Column column, Column other, Column output) {
    for (int step = 0; step < column.steps(); step++) {
      output.remove(step);
      if (column.has(step) && other.has(step)) {
        evaluation.budget().work(16);
        boolean computed =
            computeAt(
                step,
                column.values()[step],
                column.histogram(step),
                other.values()[step],
                other.histogram(step),
                output);
        if (computed && (oneToOne || output.has(step))) {
          take(group.taken(result), step);
        }
      }
    }
    return !output.isEmpty();
  }

  /// Puts the result of a pair at a step of `output`; false if the two cannot be computed with.
  private boolean computeAt(
      int step,
      double manyNumber,
      @Nullable NativeHistogram manyHistogram,
      double oneNumber,
      @Nullable NativeHistogram oneHistogram,
      Column output) {
    if (manyHistogram == null && oneHistogram == null) {
      output.remove(step);
      output.values()[step] = compute(manyNumber, oneNumber);
      return true;
    }
    return manyOnLeft
        ? histograms.compute(manyNumber, manyHistogram, oneNumber, oneHistogram, step, output)
        : histograms.compute(oneNumber, oneHistogram, manyNumber, manyHistogram, step, output);
  }

  /// Points of the "many" side for which the other has none.
  private void fillOne(
      Group group,
      Labels labels,
      boolean dropsName,
      Column column,
      double fill,
      Column output,
      SeriesSink sink) {
    var result = resultLabels(labels, group.key);
    boolean any = false;
    for (int step = 0; step < column.steps(); step++) {
      output.remove(step);
      if (column.has(step) && !hasSingle(group, step)) {
        computeAt(step, column.values()[step], column.histogram(step), fill, null, output);
      }
      if (output.has(step)) {
        any = true;
        take(group.taken(result), step);
      }
    }
    if (any) {
      push(result, dropsName, output, sink);
    }
  }

  /// Points of the "one" side for which the other has none.
  private void fillMany(Group group, double fill, Column output, SeriesSink sink) {
    for (var single : group.singles) {
      var result = resultLabels(group.key, single.labels);
      boolean any = false;
      for (int step = 0; step < grid.steps(); step++) {
        var other = single.column;
        output.remove(step);
        if (other.has(step) && (group.manySeen == null || !group.manySeen.get(step))) {
          computeAt(step, fill, null, other.values()[step], other.histogram(step), output);
        }
        any |= output.has(step);
      }
      if (any) {
        push(result, false, output, sink);
      }
    }
  }

  private static boolean hasSingle(Group group, int step) {
    for (var single : group.singles) {
      if (single.column.has(step)) {
        return true;
      }
    }
    return false;
  }

  private void push(Labels result, boolean dropsName, Column output, SeriesSink sink) {
    boolean bool = operator.isComparison() && returnBool;
    sink.accept(
        bool ? evaluation.dropped(result) : result,
        evaluation.namesDropLate() && (bool || dropsName),
        output);
  }

  private void take(BitSet taken, int step) {
    if (taken.get(step)) {
      throw EvaluationException.noResult(
          oneToOne
              ? "multiple matches for labels: many-to-one matching must be explicit"
                  + " (group_left/group_right)"
              : "multiple matches for labels: grouping labels must ensure unique matches");
    }
    taken.set(step);
  }

  private double compute(double manyValue, double oneValue) {
    double left = manyOnLeft ? manyValue : oneValue;
    double right = manyOnLeft ? oneValue : manyValue;
    return switch (operator.kind()) {
      case ARITHMETIC -> Arithmetic.compute(operator, left, right);
      case COMPARISON -> {
        boolean holds = Arithmetic.holds(operator, left, right);
        yield returnBool ? (holds ? 1 : 0) : holds ? left : Absence.NONE;
      }
      case TRIM -> HistogramArithmetic.numbersTrimmed(evaluation, operator, plan.place());
      case SET -> throw new IllegalArgumentException(operator.symbol() + " matches no values");
    };
  }

  private Labels resultLabels(Labels manyLabels, Labels oneLabels) {
    var labels = operator.keepsName() ? manyLabels : Evaluation.withoutName(manyLabels);
    if (oneToOne) {
      return matching.on()
          ? labels.filter(matching.labels()::contains)
          : labels.filter(name -> !matching.labels().contains(name));
    }
    if (matching.include().isEmpty()) {
      return labels;
    }
    var builder = labels.toBuilder();
    for (String name : matching.include()) {
      String value = oneLabels.get(name);
      if (value.isEmpty()) {
        builder.remove(name);
      } else {
        builder.set(name, value);
      }
    }
    return builder.build();
  }

  private EvaluationException duplicate(Labels key, Labels one, Labels other) {
    boolean inOrder = one.compareTo(other) <= 0;
    var first = inOrder ? one : other;
    var second = inOrder ? other : one;
    return EvaluationException.noResult(
        ("found duplicate series for the match group %s on the %s hand-side of the operation:"
                + " [%s, %s];many-to-many matching not allowed: matching labels must be unique on"
                + " one side")
            .formatted(braced(key), manyOnLeft ? "right" : "left", braced(first), braced(second)));
  }

  /// Labels with the name among them.
  static String braced(Labels labels) {
    if (!labels.has(Labels.METRIC_NAME)) {
      return labels.toString();
    }
    var text = new StringBuilder("{");
    for (int i = 0; i < labels.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(labels.name(i)).append('=');
      text.append(Quoted.of(labels.value(i)));
    }
    return text.append('}').toString();
  }
}
