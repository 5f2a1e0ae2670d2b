package barograph.query.exec;

import barograph.query.plan.VectorPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// What each operator of one query has yielded and how long it took, measured from outside: who is
/// not watched pays nothing.
///
/// Used by the query's own thread, which hands every series from operator to operator; what helpers
/// do is part of the time of the operator that called them.
public final class Profile {
  private final List<Node> roots = new ArrayList<>();
  private final Deque<Node> path = new ArrayDeque<>();

  /// One operator, and those that it has its series from.
  public static final class Node {
    private final PlanTitle title;
    private final List<Node> inner = new ArrayList<>();
    private long series;
    private long points;
    private long samples;
    private long nanos;

    private Node(PlanTitle title) {
      this.title = title;
    }

    /// The kind of operator.
    public String name() {
      return title.name();
    }

    /// What it does in particular, in PromQL's words.
    public String detail() {
      return title.detail();
    }

    public List<Node> inner() {
      return inner;
    }

    /// Series that it has yielded.
    public long series() {
      return series;
    }

    /// Points of these series.
    public long points() {
      return points;
    }

    /// Samples read from the store, by it and by what is below it.
    public long samples() {
      return samples;
    }

    /// Time that it and what is below it took, without those that it has handed its series to.
    public long nanos() {
      return nanos;
    }
  }

  /// The operators on top: that of the query, and those of its scalars.
  public List<Node> roots() {
    return roots;
  }

  /// Has an operator made, whose parts are made meanwhile, and watches it from then on.
  VectorOperator watch(VectorPlan plan, Budget budget, Supplier<VectorOperator> maker) {
    var node = new Node(PlanTitle.of(plan));
    (path.isEmpty() ? roots : path.getFirst().inner).add(node);
    path.push(node);
    VectorOperator watched;
    try {
      watched = maker.get();
    } finally {
      path.pop();
    }
    return sink -> {
      long readBefore = budget.samplesRead();
      long start = System.nanoTime();
      watched.run((labels, dropsName, column) -> {
        long handed = System.nanoTime();
        long readSoFar = budget.samplesRead();
        node.series++;
        node.points += column.numbers() + column.histograms();
        sink.accept(labels, dropsName, column);
        node.nanos -= System.nanoTime() - handed;
        node.samples -= budget.samplesRead() - readSoFar;
      });
      node.nanos += System.nanoTime() - start;
      node.samples += budget.samplesRead() - readBefore;
    };
  }
}
