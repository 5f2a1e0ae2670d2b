package barograph.alerting.state;

import barograph.alerting.alert.Alert;
import barograph.alerting.silence.Silence;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// Something that has happened, in whose light everything must go on after a restart.
///
/// Of facts about the same thing the last one holds.
public sealed interface Fact {

  /// An alert as it is known from now on.
  ///
  /// @param endAssumed whether its sender has named no end, and the end is what was put in its
  ///   place
  /// @param ownRule whether a rule of this server has found it
  record AlertKnown(Alert alert, Instant updatedAt, boolean endAssumed, boolean ownRule)
      implements Fact {}

  /// A known alert has been heard of again, and nothing about it has changed but when it will count
  /// as over: what most news is, and much shorter.
  record AlertRenewed(long alert, Instant endsAt, Instant updatedAt) implements Fact {}

  /// What a place was told last of a group.
  ///
  /// @param firing ids of the alerts that fired then
  /// @param resolved ids of those that were over
  /// @param expiresAt after which it is forgotten
  /// @param memory what the place itself wants to know at the next message
  record Told(
      Place place,
      Instant at,
      Set<Long> firing,
      Set<Long> resolved,
      Instant expiresAt,
      Map<String, String> memory)
      implements Fact {
    public Told {
      memory = Map.copyOf(memory);
      firing = Set.copyOf(firing);
      resolved = Set.copyOf(resolved);
    }

    /// The same, known for another time.
    public Told until(Instant expiry) {
      return new Told(place, at, firing, resolved, expiry, memory);
    }
  }

  /// When a group of alerts is looked at next.
  ///
  /// @param flushed whether it has been looked at before
  record GroupDue(String groupKey, String receiver, Instant at, boolean flushed) implements Fact {}

  /// A silence as it was written last.
  record SilenceKept(Silence silence) implements Fact {}

  /// One of those who are told of a group.
  ///
  /// @param integration its place among those of its receiver
  record Place(String groupKey, String receiver, String kind, int integration) {}
}
