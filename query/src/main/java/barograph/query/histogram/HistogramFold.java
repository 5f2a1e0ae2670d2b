package barograph.query.histogram;

import barograph.storage.model.CounterReset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `sum` and `avg` of the histograms of one group, step by step, as its series come.
public final class HistogramFold {
  private final @Nullable State[] states;
  private final boolean averages;

  public HistogramFold(int steps, boolean averages) {
    this.states = new State[steps];
    this.averages = averages;
  }

  private static final class State {
    private final @Nullable HistogramSum sum;
    private final @Nullable HistogramMean mean;
    private final boolean custom;
    private boolean reset;
    private boolean notReset;
    private boolean broken;

    private State(NativeHistogram first, boolean averages) {
      sum = averages ? null : new HistogramSum(first);
      mean = averages ? new HistogramMean(first) : null;
      custom = first.isCustom();
    }
  }

  /// Adds a series' histogram at a step.
  ///
  /// @param remarks is told of [Remark#MIXED_SCHEMAS], after which the step has no result
  /// @return about how many more bytes are held now
  public long add(int step, NativeHistogram histogram, Consumer<Remark> remarks) {
    var state = states[step];
    if (state == null) {
      state = new State(histogram, averages);
      states[step] = state;
      note(state, histogram);
      return 2 * histogram.bytes();
    }
    if (state.broken) {
      return 0;
    }
    note(state, histogram);
    if (state.custom != histogram.isCustom()) {
      remarks.accept(Remark.MIXED_SCHEMAS);
      state.broken = true;
    } else if (state.sum != null) {
      state.sum.add(histogram, remarks);
    } else if (state.mean != null) {
      state.mean.add(histogram, remarks);
    }
    return 0;
  }

  private static void note(State state, NativeHistogram histogram) {
    state.reset |= histogram.counterReset() == CounterReset.RESET;
    state.notReset |= histogram.counterReset() == CounterReset.NOT_RESET;
  }

  /// Whether any histogram came at a step.
  public boolean has(int step) {
    return states[step] != null;
  }

  /// The result of a step; null if there is none.
  ///
  /// @param remarks is told of [Remark#RESETS_CONFLICT_IN_AGGREGATION]
  public @Nullable NativeHistogram finish(int step, Consumer<Remark> remarks) {
    var state = states[step];
    if (state == null || state.broken) {
      return null;
    }
    if (state.reset && state.notReset) {
      remarks.accept(Remark.RESETS_CONFLICT_IN_AGGREGATION);
    }
    if (state.sum != null) {
      return state.sum.total().compact();
    }
    return state.mean == null ? null : state.mean.total().compact();
  }
}
