package barograph.alerting.route;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A route with everything that it has from its parents, ready to be asked.
///
/// @param key the matchers from the root to here, which begin the key of each of its groups
/// @param groupBy labels whose values make a group; null for all of them
public record Branch(
    String key,
    String receiver,
    @Nullable List<String> groupBy,
    List<Matcher> matchers,
    boolean continueMatching,
    Duration groupWait,
    Duration groupInterval,
    Duration repeatInterval,
    Route.Calendar calendar,
    List<Branch> children) {

  /// The tree whose root is `root`, which has a receiver.
  public static Branch treeOf(Route root) {
    return of(
        root,
        new Branch(
            "",
            Objects.requireNonNull(root.receiver()),
            List.of(),
            List.of(),
            false,
            Route.DEFAULT_GROUP_WAIT,
            Route.DEFAULT_GROUP_INTERVAL,
            Route.DEFAULT_REPEAT_INTERVAL,
            Route.Calendar.ALWAYS,
            List.of()));
  }

  private static Branch of(Route route, Branch parent) {
    var matchers = MatcherText.canonical(route.matchers());
    var own =
        new Branch(
            parent.key.isEmpty() ? matchers : parent.key + "/" + matchers,
            route.receiver() == null ? parent.receiver : route.receiver(),
            groupBy(route, parent),
            route.matchers(),
            route.continueMatching(),
            orElse(route.groupWait(), parent.groupWait),
            orElse(route.groupInterval(), parent.groupInterval),
            orElse(route.repeatInterval(), parent.repeatInterval),
            route.calendar(),
            List.of());
    var children = route.routes().stream().map(child -> of(child, own)).toList();
    return new Branch(
        own.key,
        own.receiver,
        own.groupBy,
        own.matchers,
        own.continueMatching,
        own.groupWait,
        own.groupInterval,
        own.repeatInterval,
        own.calendar,
        children);
  }

  private static @Nullable List<String> groupBy(Route route, Branch parent) {
    var own = route.groupBy();
    if (own == null) {
      return parent.groupBy;
    }
    return own.contains(Route.ALL_LABELS) ? null : own;
  }

  private static Duration orElse(@Nullable Duration own, Duration inherited) {
    return own == null ? inherited : own;
  }

  /// The branches that take an alert with these labels, depth first: the first child that does, any
  /// further one if that says to continue, and this one itself only if no child does.
  public List<Branch> taking(Labels labels) {
    if (!matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())))) {
      return List.of();
    }
    var all = new ArrayList<Branch>();
    for (var child : children) {
      var taken = child.taking(labels);
      all.addAll(taken);
      if (!taken.isEmpty() && !child.continueMatching) {
        break;
      }
    }
    return all.isEmpty() ? List.of(this) : all;
  }

  /// The labels that an alert shares with its group.
  public Labels groupLabels(Labels labels) {
    var names = groupBy;
    return names == null ? labels : labels.filter(names::contains);
  }
}
