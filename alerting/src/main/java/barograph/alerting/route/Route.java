package barograph.alerting.route;

import barograph.storage.model.Matcher;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A branch of the routing tree as it is configured: null means "as my parent".
///
/// @param receiver name of the receiver; the root must have one
/// @param groupBy labels whose values make a group, or just `...` for all of them
/// @param matchers all of which an alert must pass; the root has none
/// @param continueMatching whether siblings behind this branch are tried although it took the alert
/// @param groupWait how long a new group gathers alerts before it first tells
/// @param groupInterval time between two looks at a group
/// @param repeatInterval time after which the same thing is told again
/// @param calendar when it tells and when not
public record Route(
    @Nullable String receiver,
    @Nullable List<String> groupBy,
    List<Matcher> matchers,
    boolean continueMatching,
    @Nullable Duration groupWait,
    @Nullable Duration groupInterval,
    @Nullable Duration repeatInterval,
    Calendar calendar,
    List<Route> routes) {
  /// The entry of `group_by` that stands for every label.
  public static final String ALL_LABELS = "...";

  public static final Duration DEFAULT_GROUP_WAIT = Duration.ofSeconds(30);
  public static final Duration DEFAULT_GROUP_INTERVAL = Duration.ofMinutes(5);
  public static final Duration DEFAULT_REPEAT_INTERVAL = Duration.ofHours(4);

  /// Names of the time intervals in which a route itself, not its children, is quiet, and of those
  /// in which alone it is not; without any of the latter it is always awake.
  public record Calendar(List<String> muteIntervals, List<String> activeIntervals) {
    public static final Calendar ALWAYS = new Calendar(List.of(), List.of());

    public Calendar {
      muteIntervals = List.copyOf(muteIntervals);
      activeIntervals = List.copyOf(activeIntervals);
    }
  }

  /// A route that tells at any time.
  public Route(
      @Nullable String receiver,
      @Nullable List<String> groupBy,
      List<Matcher> matchers,
      boolean continueMatching,
      @Nullable Duration groupWait,
      @Nullable Duration groupInterval,
      @Nullable Duration repeatInterval,
      List<Route> routes) {
    this(
        receiver,
        groupBy,
        matchers,
        continueMatching,
        groupWait,
        groupInterval,
        repeatInterval,
        Calendar.ALWAYS,
        routes);
  }

  public Route {
    if (groupBy != null) {
      groupBy = List.copyOf(groupBy);
      boolean all = groupBy.contains(ALL_LABELS);
      if (all && !groupBy.stream().allMatch(ALL_LABELS::equals)) {
        throw new IllegalArgumentException(
            "cannot have wildcard group_by (`...`) and other labels at the same time");
      }
      var seen = new HashSet<String>();
      for (var label : groupBy) {
        if (label.isEmpty()) {
          throw new IllegalArgumentException("invalid label name \"\" in group_by list");
        }
        if (!seen.add(label) && !all) {
          throw new IllegalArgumentException(
              "duplicated label \"%s\" in group_by".formatted(label));
        }
      }
    }
    if (groupWait != null && groupWait.isNegative()) {
      throw new IllegalArgumentException(
          "group_wait is %s, expected 0 or more".formatted(groupWait));
    }
    positive("group_interval", groupInterval);
    positive("repeat_interval", repeatInterval);
    matchers = List.copyOf(matchers);
    routes = List.copyOf(routes);
  }

  /// A root without branches that sends everything to `receiver`, one group for all, with the
  /// default times.
  public static Route root(String receiver) {
    return new Route(receiver, null, List.of(), false, null, null, null, List.of());
  }

  private static void positive(String field, @Nullable Duration duration) {
    if (duration != null && (duration.isNegative() || duration.isZero())) {
      throw new IllegalArgumentException(field + " cannot be zero");
    }
  }
}
