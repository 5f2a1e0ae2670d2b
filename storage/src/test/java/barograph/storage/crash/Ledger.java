package barograph.storage.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What was sent to a store and what it has acknowledged, by the count of the disk's operations.
///
/// What a sample may be after a stop is a matter of versions: absent at first, then each value that
/// was sent for its time, and absent again once it was deleted or past retention. The last version
/// that was acknowledged by then, or a later one that was under way.
final class Ledger {
  private static final long NEVER = Long.MAX_VALUE;

  /// A sample's place.
  record Place(String series, long time) {}

  /// The bits of a float, or something else that equals only its like, or null for none; and how
  /// many operations of the disk there were before it was sent.
  private static final class Version {
    final @Nullable Object value;
    final long sentAt;
    long acknowledgedAt = NEVER;

    Version(@Nullable Object value, long sentAt) {
      this.value = value;
      this.sentAt = sentAt;
    }
  }

  /// A change of one sample that the store has not answered yet.
  static final class Pending {
    private final List<Version> versions;
    private final Version version;

    private Pending(List<Version> versions, Version version) {
      this.versions = versions;
      this.version = version;
    }

    void acknowledged(long operations) {
      version.acknowledgedAt = operations;
    }

    boolean isAcknowledged() {
      return version.acknowledgedAt != NEVER;
    }

    void refused() {
      versions.remove(version);
    }
  }

  /// When a store was stopped, and how.
  ///
  /// @param operations operations of the disk until then
  /// @param acknowledgedCounts whether what was acknowledged must be there: not after a power cut
  ///   if the store acknowledges before it syncs
  record Moment(long operations, boolean acknowledgedCounts) {}

  private final Map<Place, List<Version>> samples = new HashMap<>();
  private long damagedFrom = NEVER;

  Pending sent(Place key, @Nullable Object value, long operations) {
    List<Version> versions =
        samples.computeIfAbsent(
            key,
            absent -> {
              var none = new Version(null, 0);
              none.acknowledgedAt = 0;
              return new ArrayList<>(List.of(none));
            });
    var version = new Version(value, operations);
    versions.add(version);
    return new Pending(versions, version);
  }

  /// Deletes samples, which is acknowledged later.
  List<Pending> deleted(Predicate<Place> which, long operations) {
    return samples.keySet().stream().filter(which).map(key -> sent(key, null, operations)).toList();
  }

  /// From now on these samples may be gone, and need not be.
  void mayGo(Predicate<Place> which, long operations) {
    deleted(which, operations);
  }

  /// From now on a start finds something damaged.
  void damaged(long operations) {
    damagedFrom = Math.min(damagedFrom, operations);
  }

  boolean mayReportDamage(Moment moment) {
    return moment.operations >= damagedFrom;
  }

  /// How much was sent and acknowledged by then: between two stops at which it is the same, the
  /// ledger asks for the same.
  long progress(long operations) {
    long progress = operations >= damagedFrom ? 1 : 0;
    for (var versions : samples.values()) {
      for (var version : versions) {
        progress += version.sentAt <= operations ? 2 : 0;
        progress += version.acknowledgedAt <= operations ? 1 << 20 : 0;
      }
    }
    return progress;
  }

  Set<Place> keys() {
    return samples.keySet();
  }

  /// Holds what was found against what must and may be there.
  void check(Map<Place, Object> found, Moment moment) {
    for (var entry : samples.entrySet()) {
      Object there = found.get(entry.getKey());
      if (!isAllowed(entry.getValue(), there, moment)) {
        throw new AssertionError(
            "%s is %s, expected %s"
                .formatted(entry.getKey(), told(there), told(entry.getValue(), moment)));
      }
    }
    for (var key : found.keySet()) {
      if (!samples.containsKey(key)) {
        throw new AssertionError("%s = %s was never sent".formatted(key, told(found.get(key))));
      }
    }
  }

  private static int lastAcknowledged(List<Version> versions, Moment moment) {
    if (!moment.acknowledgedCounts) {
      return 0;
    }
    int last = versions.size() - 1;
    while (versions.get(last).acknowledgedAt > moment.operations) {
      last--;
    }
    return last;
  }

  private static boolean isAllowed(List<Version> versions, @Nullable Object there, Moment moment) {
    for (int i = lastAcknowledged(versions, moment); i < versions.size(); i++) {
      Version version = versions.get(i);
      if (version.sentAt <= moment.operations
          && (there == null ? version.value == null : there.equals(version.value))) {
        return true;
      }
    }
    return false;
  }

  private static String told(List<Version> versions, Moment moment) {
    var told = new ArrayList<String>();
    for (int i = lastAcknowledged(versions, moment); i < versions.size(); i++) {
      Version version = versions.get(i);
      if (version.sentAt <= moment.operations) {
        told.add(told(version.value));
      }
    }
    return String.join(" or ", told);
  }

  private static String told(@Nullable Object value) {
    return switch (value) {
      case null -> "absent";
      case Long bits -> Double.longBitsToDouble(bits) + " (" + Long.toHexString(bits) + ")";
      default -> value.toString();
    };
  }
}
