package barograph.query.plan;

import barograph.query.ast.Expr;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The labels that `absent` and `absent_over_time` can tell from their argument: those that the
/// matchers of a bare selector fix.
///
/// The first equality of a label fixes it, and any matcher of it that comes later takes it back,
/// not one before. Later is what Prometheus looks at later: its index puts matchers that only take
/// series away behind those that bring some, and that is the order in which it sees them here.
final class AbsentLabels {
  private AbsentLabels() {}

  static Labels of(Expr argument) {
    return switch (argument) {
      case Expr.Selector selector -> fixedBy(selector.matchers());
      case Expr.RangeSelector(var selector, _, _) -> fixedBy(selector.matchers());
      case Expr.NumberLiteral _,
          Expr.StringLiteral _,
          Expr.Subquery _,
          Expr.Aggregate _,
          Expr.Call _,
          Expr.Binary _,
          Expr.Unary _,
          Expr.Paren _ ->
          Labels.EMPTY;
    };
  }

  private static Labels fixedBy(List<Matcher> matchers) {
    Set<String> needed =
        matchers.stream()
            .filter(matcher -> !matcher.matchesEmpty())
            .map(Matcher::name)
            .collect(Collectors.toSet());
    var labels = new Labels.Builder();
    var fixed = new HashSet<String>();
    for (boolean takingAway : new boolean[] {false, true}) {
      for (var matcher : matchers) {
        if (matcher.name().equals(Labels.METRIC_NAME) || takesAway(matcher, needed) != takingAway) {
          continue;
        }
        if (matcher.type() == Matcher.Type.EQUAL && fixed.add(matcher.name())) {
          labels.set(matcher.name(), matcher.value());
        } else {
          labels.remove(matcher.name());
        }
      }
    }
    return labels.build();
  }

  /// @param needed labels that a series must have
  private static boolean takesAway(Matcher matcher, Set<String> needed) {
    return switch (matcher.type()) {
      case EQUAL, REGEX -> !needed.contains(matcher.name());
      case NOT_EQUAL, NOT_REGEX -> matcher.matchesEmpty();
    };
  }
}
