package barograph.query.plan;

import barograph.query.ast.Aggregator;
import barograph.query.ast.BinaryOperator;
import barograph.query.ast.VectorMatching;
import barograph.query.function.ElementFunction;
import barograph.query.function.RangeFunction;
import barograph.query.histogram.HistogramStatistic;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What yields series with at most one point per step.
public sealed interface VectorPlan {
  /// The newest sample of each series that is not older than the lookback.
  record Fetch(Source source) implements VectorPlan {}

  /// `vector(s)`: one series without labels.
  record OfScalar(ScalarPlan scalar) implements VectorPlan {}

  /// A function over windows; `parameters` are its scalar arguments in order.
  record OverWindow(
      RangeFunction function, RangePlan range, List<ScalarPlan> parameters, Place place)
      implements VectorPlan {
    public OverWindow {
      parameters = List.copyOf(parameters);
    }
  }

  /// `timestamp(selector)`: when the newest sample was taken.
  record SampleTime(Source source) implements VectorPlan {}

  /// `timestamp(anything else)`: the step's own time, where there is a point.
  record StepTime(VectorPlan vector) implements VectorPlan {}

  /// `absent(v)`: 1 with `labels` where no series has a point.
  record Absent(VectorPlan vector, Labels labels) implements VectorPlan {}

  /// `absent_over_time(m)`: 1 with `labels` where no series has a sample in the window.
  record AbsentOverTime(RangePlan range, Labels labels) implements VectorPlan {}

  /// Each number mapped by itself.
  record Mapped(ElementFunction function, VectorPlan vector) implements VectorPlan {}

  /// Each number with its sign changed.
  record Negated(VectorPlan vector) implements VectorPlan {}

  /// `round(v, to)`.
  record Rounded(VectorPlan vector, ScalarPlan to) implements VectorPlan {}

  /// `clamp`, `clamp_min` and `clamp_max`; a null bound is none.
  record Clamped(VectorPlan vector, @Nullable ScalarPlan min, @Nullable ScalarPlan max)
      implements VectorPlan {}

  /// `label_replace`.
  record LabelReplaced(
      VectorPlan vector, String target, String replacement, String source, String regex)
      implements VectorPlan {}

  /// `label_join`.
  record LabelJoined(VectorPlan vector, String target, String separator, List<String> sources)
      implements VectorPlan {
    public LabelJoined {
      sources = List.copyOf(sources);
    }
  }

  /// `sort` and `sort_desc`; without effect on more than one step.
  record SortedByValue(VectorPlan vector, boolean descending, Place place) implements VectorPlan {}

  /// `sort_by_label` and `sort_by_label_desc`; without effect on more than one step.
  record SortedByLabel(VectorPlan vector, boolean descending, List<String> labels, Place place)
      implements VectorPlan {
    public SortedByLabel {
      labels = List.copyOf(labels);
    }
  }

  /// `histogram_quantile` of native histograms and over classic buckets.
  record BucketQuantile(ScalarPlan quantile, VectorPlan buckets, Place quantilePlace, Place place)
      implements VectorPlan {}

  /// `histogram_quantiles`: one series per quantile, told apart by `label`.
  record BucketQuantiles(
      List<ScalarPlan> quantiles,
      String label,
      VectorPlan buckets,
      List<Place> quantilePlaces,
      Place place)
      implements VectorPlan {
    public BucketQuantiles {
      quantiles = List.copyOf(quantiles);
      quantilePlaces = List.copyOf(quantilePlaces);
    }
  }

  /// `histogram_fraction` of native histograms and over classic buckets.
  record BucketFraction(ScalarPlan lower, ScalarPlan upper, VectorPlan buckets, Place place)
      implements VectorPlan {}

  /// A number of each native histogram.
  record OfHistograms(HistogramStatistic statistic, VectorPlan vector) implements VectorPlan {}

  /// When counting began, which is not stored: nothing comes out.
  record StartTimes(VectorPlan vector) implements VectorPlan {}

  /// `info(v, {matchers})`: labels of info series added to those of `vector`.
  ///
  /// @param names what the names of info series must pass
  /// @param data what their labels must pass; if any is given, only those labels are added
  /// @param timing when the info series are looked at
  record WithInfo(VectorPlan vector, List<Matcher> names, List<Matcher> data, Timing timing)
      implements VectorPlan {
    public WithInfo {
      names = List.copyOf(names);
      data = List.copyOf(data);
    }
  }

  /// Groups of series, folded or picked from.
  ///
  /// @param parameter the scalar before the vector; null without one
  /// @param label the label that `count_values` writes; empty otherwise
  record Aggregated(
      Aggregator aggregator,
      Grouping grouping,
      @Nullable ScalarPlan parameter,
      String label,
      VectorPlan vector,
      Place parameterPlace,
      Place vectorPlace,
      Place place)
      implements VectorPlan {}

  /// A vector and a scalar.
  record WithScalar(
      BinaryOperator operator,
      VectorPlan vector,
      ScalarPlan scalar,
      boolean scalarOnLeft,
      boolean returnBool,
      Place place)
      implements VectorPlan {}

  /// Arithmetic or comparison between series that match.
  record Matched(
      BinaryOperator operator,
      VectorPlan left,
      VectorPlan right,
      boolean returnBool,
      VectorMatching matching,
      Place place)
      implements VectorPlan {}

  /// `and`, `or`, `unless`.
  record SetOperation(
      BinaryOperator operator, VectorPlan left, VectorPlan right, VectorMatching matching)
      implements VectorPlan {}

  /// `inner`, whose series may have become equal: their points are put together.
  ///
  /// @param anyTwo whether two equal series are an error even if they never meet at a step
  record Merged(VectorPlan inner, boolean anyTwo) implements VectorPlan {}

  /// Computed at the first step and the same at all others.
  record Invariant(VectorPlan inner) implements VectorPlan {}
}
