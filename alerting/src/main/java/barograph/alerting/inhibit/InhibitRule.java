package barograph.alerting.inhibit;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.util.List;
import java.util.TreeSet;

/// While an alert fires that passes `source`, those that pass `target` are quiet, if both have the
/// same values of the labels in `equal`. A label that is not there counts as empty.
///
/// @param name for people; may be empty
public record InhibitRule(
    String name, List<Matcher> source, List<Matcher> target, List<String> equal) {
  public InhibitRule {
    source = List.copyOf(source);
    target = List.copyOf(target);
    if (equal.contains("")) {
      throw new IllegalArgumentException("invalid label name \"\" in equal list");
    }
    equal = List.copyOf(new TreeSet<>(equal));
  }

  boolean isSource(Labels labels) {
    return passes(source, labels);
  }

  boolean isTarget(Labels labels) {
    return passes(target, labels);
  }

  /// What a source and its targets share.
  List<String> shared(Labels labels) {
    return equal.stream().map(labels::get).toList();
  }

  private static boolean passes(List<Matcher> matchers, Labels labels) {
    return matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
  }
}
