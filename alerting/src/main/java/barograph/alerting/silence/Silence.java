package barograph.alerting.silence;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A wish not to be told of alerts that pass all `matchers`, from `startsAt` until before `endsAt`.
///
/// @param id a UUID; empty while the silence has none yet
/// @param updatedAt when it was last written
public record Silence(
    String id,
    List<Matcher> matchers,
    Instant startsAt,
    Instant endsAt,
    Instant updatedAt,
    String createdBy,
    String comment,
    Map<String, String> annotations) {

  /// Where a silence stands at some moment.
  public enum State {
    ACTIVE,
    PENDING,
    EXPIRED;

    /// As the API writes it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Silence {
    matchers = List.copyOf(matchers);
    var sorted = new TreeMap<String, String>(Labels.UTF8_ORDER);
    sorted.putAll(annotations);
    annotations = Collections.unmodifiableMap(sorted);
    for (int i = 0; i < matchers.size(); i++) {
      if (matchers.get(i).name().isEmpty()) {
        throw new IllegalArgumentException(
            "invalid label matcher %d in set 0: invalid label name \"\"".formatted(i));
      }
    }
    if (matchers.stream().allMatch(Matcher::matchesEmpty)) {
      throw new IllegalArgumentException(
          "matcher set 0: at least one matcher must not match the empty string");
    }
    if (endsAt.isBefore(startsAt)) {
      throw new IllegalArgumentException("end time must not be before start time");
    }
  }

  public State stateAt(Instant now) {
    if (now.isBefore(startsAt)) {
      return State.PENDING;
    }
    return now.isBefore(endsAt) ? State.ACTIVE : State.EXPIRED;
  }

  /// Whether its matchers pass an alert with these labels, whatever the time.
  public boolean passes(Labels labels) {
    return matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
  }

  Silence withId(String newId) {
    return new Silence(
        newId, matchers, startsAt, endsAt, updatedAt, createdBy, comment, annotations);
  }

  /// The same, written at `now`, for another span of time.
  Silence from(Instant start, Instant end, Instant now) {
    return new Silence(id, matchers, start, end, now, createdBy, comment, annotations);
  }
}
