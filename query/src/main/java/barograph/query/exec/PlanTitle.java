package barograph.query.exec;

import barograph.query.plan.Grouping;
import barograph.query.plan.RangePlan;
import barograph.query.plan.Source;
import barograph.query.plan.Timing;
import barograph.query.plan.VectorPlan;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a node of a plan is called where people read of it.
///
/// @param name the kind of operator
/// @param detail what it does in particular, in PromQL's words; may be empty
record PlanTitle(String name, String detail) {

  static PlanTitle of(VectorPlan plan) {
    return switch (plan) {
      case VectorPlan.Fetch(var source) -> new PlanTitle("fetch", text(source));
      case VectorPlan.SampleTime(var source) -> new PlanTitle("fetch times", text(source));
      case VectorPlan.OfScalar _ -> new PlanTitle("vector", "");
      case VectorPlan.OverWindow(var function, var range, _, _) ->
          new PlanTitle("windows", function.symbol() + " of " + text(range));
      case VectorPlan.StepTime _ -> new PlanTitle("step times", "");
      case VectorPlan.Absent(_, var labels) -> new PlanTitle("absent", labels.toString());
      case VectorPlan.AbsentOverTime(var range, var labels) ->
          new PlanTitle("absent over time", labels + " of " + text(range));
      case VectorPlan.Mapped(var function, _) ->
          new PlanTitle("map", function.name().toLowerCase(Locale.ROOT));
      case VectorPlan.Negated _ -> new PlanTitle("map", "-");
      case VectorPlan.Rounded _ -> new PlanTitle("map", "round");
      case VectorPlan.Clamped _ -> new PlanTitle("map", "clamp");
      case VectorPlan.LabelReplaced replaced -> new PlanTitle("label_replace", replaced.target());
      case VectorPlan.LabelJoined joined -> new PlanTitle("label_join", joined.target());
      case VectorPlan.SortedByValue(_, boolean descending, _) ->
          new PlanTitle(descending ? "sort_desc" : "sort", "");
      case VectorPlan.SortedByLabel(_, boolean descending, var labels, _) ->
          new PlanTitle(
              descending ? "sort_by_label_desc" : "sort_by_label", String.join(", ", labels));
      case VectorPlan.BucketQuantile _ -> new PlanTitle("histogram_quantile", "");
      case VectorPlan.BucketQuantiles quantiles ->
          new PlanTitle("histogram_quantiles", quantiles.label());
      case VectorPlan.BucketFraction _ -> new PlanTitle("histogram_fraction", "");
      case VectorPlan.OfHistograms(var statistic, _) ->
          new PlanTitle("of histograms", statistic.name().toLowerCase(Locale.ROOT));
      case VectorPlan.StartTimes _ -> new PlanTitle("start times", "");
      case VectorPlan.WithInfo _ -> new PlanTitle("info", "");
      case VectorPlan.Aggregated aggregated ->
          new PlanTitle(
              "aggregate", aggregated.aggregator().symbol() + text(aggregated.grouping()));
      case VectorPlan.WithScalar withScalar ->
          new PlanTitle("with scalar", withScalar.operator().symbol());
      case VectorPlan.Matched matched -> new PlanTitle("match", matched.operator().symbol());
      case VectorPlan.SetOperation operation -> new PlanTitle("set", operation.operator().symbol());
      case VectorPlan.Merged _ -> new PlanTitle("merge", "");
      case VectorPlan.Invariant _ -> new PlanTitle("once", "the same at every step");
    };
  }

  private static String text(RangePlan range) {
    return switch (range) {
      case RangePlan.Stored(var source, long millis) ->
          "%d ms of %s".formatted(millis, text(source));
      case RangePlan.Computed(_, long millis, long step, var timing) ->
          "%d ms by %d ms%s".formatted(millis, step, text(timing));
    };
  }

  private static String text(Source source) {
    return source.matchers().stream()
            .map(Object::toString)
            .collect(Collectors.joining(", ", "{", "}"))
        + text(source.timing());
  }

  private static String text(Timing timing) {
    var text = new StringBuilder();
    if (timing.pinnedMillis() != null) {
      text.append(" at ").append(timing.pinnedMillis()).append(" ms");
    }
    if (timing.offsetMillis() != 0) {
      text.append(" offset ").append(timing.offsetMillis()).append(" ms");
    }
    return text.toString();
  }

  private static String text(Grouping grouping) {
    if (!grouping.without() && grouping.names().isEmpty()) {
      return "";
    }
    return "%s (%s)"
        .formatted(
            grouping.without() ? " without" : " by",
            String.join(", ", new TreeSet<>(grouping.names())));
  }
}
