package barograph.ingest.gateway;

import barograph.ingest.gateway.Family.Metric;
import barograph.ingest.gateway.Family.MetricKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether groups can stand on one page: no series twice, each name of one type, and none that
/// another one's parts already have. A push that would break this is refused, so that it cannot
/// spoil what others have pushed.
final class Consistency {
  private final Map<String, MetricKind> types = new HashMap<>();
  private final Map<String, Set<Map<String, String>>> series = new HashMap<>();

  private Consistency() {}

  /// Checks that `group` can stand beside `others`, which can stand beside each other.
  static void check(Group group, Collection<Group> others) throws BadPushException {
    var check = new Consistency();
    for (Group other : others) {
      if (!other.labels().equals(group.labels())) {
        check.takeIn(other, group);
      }
    }
    for (Group.Kept kept : group.families().values()) {
      check.add(kept.family());
    }
    for (String name : group.families().keySet()) {
      check.checkSuffixes(name);
    }
  }

  private void takeIn(Group other, Group group) {
    other
        .families()
        .forEach((name, kept) -> {
          types.putIfAbsent(name, kept.family().type());
          if (group.families().containsKey(name)) {
            var known = series.computeIfAbsent(name, absent -> new HashSet<>());
            kept.family().metrics().forEach(metric -> known.add(metric.labels()));
          }
        });
  }

  private void add(Family family) throws BadPushException {
    @Nullable MetricKind type = types.putIfAbsent(family.name(), family.type());
    var known = series.computeIfAbsent(family.name(), absent -> new HashSet<>());
    for (Metric metric : family.metrics()) {
      if (metric.timestamped()) {
        throw new BadPushException("pushed metrics must not have timestamps");
      }
      if (type != null && type != family.type()) {
        throw new BadPushException(
            "collected metric \"%s\" %s is not a %s"
                .formatted(family.name(), metric.labels(), type));
      }
      if (!known.add(metric.labels())) {
        throw new BadPushException(
            "collected metric \"%s\" %s was collected before with the same name and label values"
                .formatted(family.name(), metric.labels()));
      }
    }
  }

  private void checkSuffixes(String name) throws BadPushException {
    for (String suffix : List.of("_count", "_sum", "_bucket")) {
      if (name.endsWith(suffix)) {
        String whole = name.substring(0, name.length() - suffix.length());
        @Nullable MetricKind type = types.get(whole);
        if (type != null && taken(type, suffix)) {
          throw new BadPushException(
              "collected metric named \"%s\" collides with previously collected %s named \"%s\""
                  .formatted(name, type == MetricKind.SUMMARY ? "summary" : "histogram", whole));
        }
      }
      @Nullable MetricKind own = types.get(name);
      if (own != null && taken(own, suffix) && types.containsKey(name + suffix)) {
        throw new BadPushException(
            "collected histogram or summary named \"%s\" collides with previously collected metric named \"%s\""
                .formatted(name, name + suffix));
      }
    }
  }

  private static boolean taken(MetricKind type, String suffix) {
    return type.isHistogram() || (type == MetricKind.SUMMARY && !suffix.equals("_bucket"));
  }
}
