package barograph.alerting.silence;

import barograph.alerting.silence.Silence.State;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All silences that are known, those that are over for five days more.
///
/// Guarded by whoever holds it, who is given each silence that a change has written, in order, so
/// that it can be kept.
public final class Silences {
  private static final Duration RETENTION = Duration.ofDays(5);

  private final Map<String, Silence> silences = new LinkedHashMap<>();
  private final SilenceLimits limits;
  private final Supplier<String> ids;

  /// @param ids gives a new id for each silence
  public Silences(SilenceLimits limits, Supplier<String> ids) {
    this.limits = limits;
    this.ids = ids;
  }

  /// Puts back what a change once gave.
  public void restore(Silence silence) {
    silences.put(silence.id(), silence);
  }

  /// Takes a new silence, or one that takes the place of that with the same id.
  ///
  /// Only what leaves the past alone changes a silence in place: the same matchers, and a start
  /// that has not come yet or stays. Anything else ends the old one and makes a new one.
  ///
  /// @return what was written, the wanted silence last
  /// @throws UnknownSilenceException if it has an id that is not known
  /// @throws IllegalArgumentException if it is over already, or beyond the limits
  public List<Silence> put(Silence wanted, Instant now) {
    limits.checkSize(wanted);
    @Nullable Silence before = silences.get(wanted.id());
    if (before == null && !wanted.id().isEmpty()) {
      throw new UnknownSilenceException();
    }
    if (before != null && isChangeInPlace(before, wanted, now)) {
      return written(List.of(wanted.from(wanted.startsAt(), wanted.endsAt(), now)));
    }
    sweep(now);
    limits.check(wanted, silences.size());
    var start = wanted.startsAt().isBefore(now) ? now : wanted.startsAt();
    var changes = new ArrayList<Silence>();
    var fresh = wanted.withId(ids.get()).from(start, wanted.endsAt(), now);
    if (before != null && before.stateAt(now) != State.EXPIRED) {
      changes.add(ended(before, now));
    }
    changes.add(fresh);
    return written(changes);
  }

  /// Ends a silence now; one that is over already stays as it is.
  ///
  /// @return what was written
  /// @throws UnknownSilenceException if there is none of this id
  public List<Silence> expire(String id, Instant now) {
    var silence = get(id);
    return silence.stateAt(now) == State.EXPIRED
        ? List.of()
        : written(List.of(ended(silence, now)));
  }

  /// The silence of this id.
  ///
  /// @throws UnknownSilenceException if there is none
  public Silence get(String id) {
    @Nullable Silence silence = silences.get(id);
    if (silence == null) {
      throw new UnknownSilenceException();
    }
    return silence;
  }

  /// The silences that keep an alert with these labels quiet now, by id.
  public List<String> silencing(Labels labels, Instant now) {
    var ids = new ArrayList<String>();
    for (var silence : silences.values()) {
      if (silence.stateAt(now) == State.ACTIVE && silence.passes(labels)) {
        ids.add(silence.id());
      }
    }
    ids.sort(null);
    return ids;
  }

  /// Active ones by their end, then pending ones by their start, then those that are over, the last
  /// first.
  public List<Silence> sorted(Instant now) {
    return silences.values().stream()
        .sorted(
            Comparator.comparing((Silence silence) -> silence.stateAt(now))
                .thenComparing((a, b) -> withinState(a, b, now)))
        .toList();
  }

  /// How many there are in each state, for own metrics.
  public Map<State, Integer> counts(Instant now) {
    var counts = new LinkedHashMap<State, Integer>();
    for (var state : State.values()) {
      counts.put(state, 0);
    }
    silences.values().forEach(silence -> counts.merge(silence.stateAt(now), 1, Integer::sum));
    return counts;
  }

  /// Forgets what has been over for long.
  public void sweep(Instant now) {
    silences.values().removeIf(silence -> !silence.endsAt().plus(RETENTION).isAfter(now));
  }

  private List<Silence> written(List<Silence> changes) {
    changes.forEach(this::restore);
    return changes;
  }

  private static int withinState(Silence a, Silence b, Instant now) {
    return switch (a.stateAt(now)) {
      case ACTIVE -> a.endsAt().compareTo(b.endsAt());
      case PENDING -> a.startsAt().compareTo(b.startsAt());
      case EXPIRED -> b.endsAt().compareTo(a.endsAt());
    };
  }

  private static boolean isChangeInPlace(Silence before, Silence wanted, Instant now) {
    return before.matchers().equals(wanted.matchers())
        && switch (before.stateAt(now)) {
          case ACTIVE ->
              before.startsAt().getEpochSecond() == wanted.startsAt().getEpochSecond()
                  && !wanted.endsAt().isBefore(now);
          case PENDING -> !wanted.startsAt().isBefore(now);
          case EXPIRED -> false;
        };
  }

  private static Silence ended(Silence silence, Instant now) {
    var start = silence.startsAt().isAfter(now) ? now : silence.startsAt();
    return silence.from(start, now, now);
  }
}
