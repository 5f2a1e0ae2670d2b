package barograph.server.beside;

import barograph.server.beside.Ears.Heard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the two sides were told, held against each other.
///
/// Messages belong together if receiver and body are the same and they came at about the same time.
/// What is left over on either side is a difference, and so are times within alerts that are apart,
/// and messages of a receiver's group that came in another order.
final class Comparison {
  private final List<Heard> ours;
  private final List<Heard> theirs;
  private final Function<Instant, Scenario.Step> stepAt;
  private final List<String> differences = new ArrayList<>();
  private int matched;

  private Comparison(
      List<Heard> ours, List<Heard> theirs, Function<Instant, Scenario.Step> stepAt) {
    this.ours = ours;
    this.theirs = theirs;
    this.stepAt = stepAt;
  }

  /// What there is to say, and how much was the same.
  record Outcome(int matched, List<String> differences) {}

  /// @param stepAt the step of the scenario that was under way at a time
  static Outcome of(List<Heard> ours, List<Heard> theirs, Function<Instant, Scenario.Step> stepAt) {
    var comparison = new Comparison(ours, theirs, stepAt);
    comparison.compare();
    return new Outcome(comparison.matched, comparison.differences);
  }

  private record Pair(Heard our, Heard their) {}

  private void compare() {
    var left = new ArrayList<>(theirs);
    var alone = new ArrayList<Heard>();
    var pairs = new ArrayList<Pair>();
    for (var our : ours) {
      @Nullable Heard their = partner(our, left, Heard::body);
      if (their == null) {
        alone.add(our);
      } else {
        left.remove(their);
        pairs.add(new Pair(our, their));
      }
    }
    for (var our : alone) {
      @Nullable Heard their = partner(our, left, Heard::summary);
      if (their == null) {
        differences.add(text("only Barograph", our));
      } else {
        left.remove(their);
        differences.add(
            text("another text", our) + "%n      theirs: %s".formatted(from(our, their)));
      }
    }
    left.forEach(their -> differences.add(text("only the peers", their)));
    pairs.forEach(this::compareTimes);
    compareOrder(pairs);
    matched = pairs.size();
    differences.sort(Comparator.naturalOrder());
  }

  /// Their text from a little before where ours is another.
  private static String from(Heard our, Heard their) {
    int at = 0;
    int end = Math.min(our.body().length(), their.body().length());
    while (at < end && our.body().charAt(at) == their.body().charAt(at)) {
      at++;
    }
    return "…" + their.body().substring(Math.max(0, at - 40));
  }

  private @Nullable Heard partner(Heard our, List<Heard> among, Function<Heard, String> form) {
    var tolerance = stepAt.apply(our.at()).tolerance();
    return among.stream()
        .filter(their -> their.receiver().equals(our.receiver()))
        .filter(their -> form.apply(their).equals(form.apply(our)))
        .filter(their -> apart(our, their).compareTo(tolerance) <= 0)
        .min(Comparator.comparing(their -> apart(our, their)))
        .orElse(null);
  }

  private static Duration apart(Heard our, Heard their) {
    return Duration.between(our.at(), their.at()).abs();
  }

  private void compareTimes(Pair pair) {
    var step = stepAt.apply(pair.our().at());
    pair.our()
        .times()
        .forEach((name, our) -> {
          var their = pair.their().times().getOrDefault(name, "");
          boolean excused = step.timesMayDiffer() || our.equals(their);
          if (!excused && Ears.between(our, their).compareTo(step.tolerance()) > 0) {
            differences.add(
                text("times", pair.our()) + ": %s is %s, theirs %s".formatted(name, our, their));
          }
        });
  }

  private void compareOrder(List<Pair> pairs) {
    var last = new HashMap<String, Pair>();
    for (var pair : pairs) {
      @Nullable Pair before = last.put(pair.our().receiver() + key(pair.our()), pair);
      if (before != null && pair.their().at().isBefore(before.their().at())) {
        differences.add(text("order", pair.our()));
      }
    }
  }

  private static String key(Heard heard) {
    return heard.summary().split("} ", 2)[0];
  }

  private String text(String what, Heard heard) {
    var step = stepAt.apply(heard.at());
    return "%s  step %d (%s): %s: %s was told %s%n      %s %s"
        .formatted(
            heard.at(),
            step.number(),
            step.name(),
            what,
            heard.receiver(),
            heard.summary(),
            heard.body(),
            Map.copyOf(heard.times()));
  }
}
