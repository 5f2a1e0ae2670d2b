package barograph.query.exec;

import barograph.query.function.Absence;
import barograph.query.plan.VectorPlan;
import barograph.query.value.NumberText;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `topk` and `bottomk`: of each group and at each step, the series that come first.
///
/// Keeps for every group and step a heap of at most k candidates, the weakest on top.
final class TopOperator implements VectorOperator {
  private final Operators operators;
  private final VectorPlan.Aggregated plan;
  private final VectorOperator source;
  private final Grid grid;
  private final boolean largest;

  TopOperator(Operators operators, VectorPlan.Aggregated plan, Grid grid, boolean largest) {
    this.operators = operators;
    this.plan = plan;
    this.source = operators.vector(plan.vector(), grid);
    this.grid = grid;
    this.largest = largest;
  }

  private record Candidate(Labels labels, boolean dropsName) {}

  @Override
  public void run(SeriesSink sink) {
    var budget = operators.evaluation().budget();
    double[] parameter = operators.parameter(plan, grid);
    long[] limits = limits(parameter);
    var candidates = new ArrayList<Candidate>();
    var groups = new LinkedHashMap<Labels, Heap[]>();
    if (Arrays.stream(limits).allMatch(k -> k < 1)) {
      // Nobody is picked, but what the vector has to say of itself is said.
      source.run((labels, dropsName, column) -> {});
      return;
    }
    source.run((labels, dropsName, column) -> {
      budget.work(4 * grid.steps());
      var heaps =
          groups.computeIfAbsent(
              plan.grouping().of(labels),
              key -> {
                budget.hold(key);
                return newHeaps(budget);
              });
      int index = candidates.size();
      noteHistograms(column, limits);
      boolean picked = false;
      double[] values = column.values();
      for (int step = 0; step < values.length; step++) {
        if (Absence.isPresent(values[step]) && limits[step] > 0) {
          picked |= heaps[step].offer(values[step], index, limits[step], budget);
        }
      }
      if (picked) {
        budget.hold(labels);
        candidates.add(new Candidate(labels, dropsName));
      }
    });
    if (grid.steps() == 1) {
      groups.values().forEach(heaps -> pushSorted(heaps[0], candidates, sink));
    } else {
      pushSeries(groups.values(), candidates, sink);
    }
  }

  private void noteHistograms(Column column, long[] limits) {
    for (int step = 0; column.hasHistograms() && step < limits.length; step++) {
      if (limits[step] > 0 && column.histogram(step) != null) {
        HistogramGroup.ignored(operators.evaluation().notes(), plan.place(), plan.aggregator());
        return;
      }
    }
  }

  /// How many may be picked at each step.
  static long[] limits(double[] parameter) {
    var limits = new long[parameter.length];
    for (int step = 0; step < parameter.length; step++) {
      double k = parameter[step];
      if (Double.isNaN(k)) {
        throw EvaluationException.noResult("Parameter value is NaN");
      }
      if (k >= 0x1p63) {
        throw EvaluationException.noResult(
            "Scalar value %s overflows int64".formatted(NumberText.general(k)));
      }
      if (k <= -0x1p63) {
        throw EvaluationException.noResult(
            "Scalar value %s underflows int64".formatted(NumberText.general(k)));
      }
      limits[step] = (long) k;
    }
    return limits;
  }

  private Heap[] newHeaps(Budget budget) {
    budget.hold(grid.steps());
    var heaps = new Heap[grid.steps()];
    Arrays.setAll(heaps, step -> new Heap());
    return heaps;
  }

  private void pushSorted(Heap heap, List<Candidate> candidates, SeriesSink sink) {
    var order = new Integer[heap.size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> {
          if (weaker(heap.values[b], heap.values[a])) {
            return -1;
          }
          return weaker(heap.values[a], heap.values[b])
              ? 1
              : Integer.compare(heap.series[a], heap.series[b]);
        });
    var column = new Column(1);
    for (int i : order) {
      var candidate = candidates.get(heap.series[i]);
      column.values()[0] = heap.values[i];
      sink.accept(candidate.labels, candidate.dropsName, column);
    }
  }

  private void pushSeries(Iterable<Heap[]> groups, List<Candidate> candidates, SeriesSink sink) {
    var budget = operators.evaluation().budget();
    var picked = new @Nullable Column[candidates.size()];
    for (var heaps : groups) {
      for (int step = 0; step < heaps.length; step++) {
        var heap = heaps[step];
        budget.work(1 + heap.size);
        for (int i = 0; i < heap.size; i++) {
          var column = picked[heap.series[i]];
          if (column == null) {
            column = operators.evaluation().column(grid.steps());
            column.clear();
            picked[heap.series[i]] = column;
          }
          column.values()[step] = heap.values[i];
        }
      }
    }
    for (int index = 0; index < picked.length; index++) {
      var column = picked[index];
      if (column != null) {
        var candidate = candidates.get(index);
        sink.accept(candidate.labels, candidate.dropsName, column);
      }
    }
  }

  /// Whether `a` gives way to `b`; NaN gives way to everything.
  private boolean weaker(double a, double b) {
    if (Double.isNaN(a)) {
      return !Double.isNaN(b);
    }
    return largest ? a < b : a > b;
  }

  /// The best candidates of one step, the weakest first.
  private final class Heap {
    private double[] values = new double[4];
    private int[] series = new int[4];
    private int size;

    /// Whether it is among the best so far.
    boolean offer(double value, int index, long limit, Budget budget) {
      if (size < limit) {
        if (size == values.length) {
          budget.hold(size);
          values = Arrays.copyOf(values, 2 * size);
          series = Arrays.copyOf(series, 2 * size);
        }
        values[size] = value;
        series[size] = index;
        rise(size++);
        return true;
      }
      if (!weaker(values[0], value)) {
        return false;
      }
      values[0] = value;
      series[0] = index;
      sink(0);
      return true;
    }

    private void rise(int start) {
      int at = start;
      while (at > 0 && weaker(values[at], values[(at - 1) / 2])) {
        swap(at, (at - 1) / 2);
        at = (at - 1) / 2;
      }
    }

    private void sink(int start) {
      int at = start;
      while (true) {
        int weakest = at;
        for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
          if (weaker(values[child], values[weakest])) {
            weakest = child;
          }
        }
        if (weakest == at) {
          return;
        }
        swap(at, weakest);
        at = weakest;
      }
    }

    private void swap(int a, int b) {
      double value = values[a];
      values[a] = values[b];
      values[b] = value;
      int index = series[a];
      series[a] = series[b];
      series[b] = index;
    }
  }
}
