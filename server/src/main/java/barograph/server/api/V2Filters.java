package barograph.server.api;

import static java.util.stream.Collectors.toUnmodifiableSet;

import barograph.alerting.receiver.Receiver;
import barograph.alerting.route.MatcherText;
import barograph.server.http.Parameters;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a request of Alertmanager's API wants to see of a list.
///
/// @param labels matchers on labels, or on the matchers of silences
/// @param receiver on receivers' names
/// @param receiverLabels on receivers' labels, one of which is the name
record V2Filters(List<Matcher> labels, @Nullable Matcher receiver, List<Matcher> receiverLabels) {
  private static final Set<String> TRUE =
      Set.of("true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled");

  static V2Filters of(Parameters parameters) {
    return new V2Filters(
        matchers(parameters, "filter"),
        receiver(parameters.first("receiver")),
        matchers(parameters, "receiver_matchers"));
  }

  private static List<Matcher> matchers(Parameters parameters, String name) {
    var matchers = new ArrayList<Matcher>();
    for (var text : parameters.all(name)) {
      try {
        matchers.addAll(MatcherText.parse(text));
      } catch (IllegalArgumentException e) {
        throw V2Refusal.objection(400, "bad matcher format: " + text);
      }
    }
    return matchers;
  }

  private static @Nullable Matcher receiver(String regex) {
    try {
      return regex.isEmpty() ? null : new Matcher(Matcher.Type.REGEX, "receiver", regex);
    } catch (IllegalArgumentException e) {
      throw V2Refusal.objection(400, "failed to parse receiver param: " + e.getMessage());
    }
  }

  /// A flag that is on unless it is given and is no truth value.
  static boolean flag(Parameters parameters, String name) {
    return !parameters.has(name) || TRUE.contains(parameters.first(name).toLowerCase(Locale.ROOT));
  }

  /// Whether what has these values by name is wanted; absent ones are empty.
  boolean passes(Function<String, String> values) {
    return labels.stream().allMatch(matcher -> matcher.matches(values.apply(matcher.name())));
  }

  boolean passes(Receiver candidate) {
    return (receiver == null || receiver.matches(candidate.name()))
        && receiverLabels.stream()
            .allMatch(
                matcher -> matcher.matches(candidate.labels().getOrDefault(matcher.name(), "")));
  }

  /// The names of those among `receivers` that are wanted.
  Set<String> wanted(List<Receiver> receivers) {
    return receivers.stream().filter(this::passes).map(Receiver::name).collect(toUnmodifiableSet());
  }
}
