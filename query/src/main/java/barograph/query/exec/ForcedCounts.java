package barograph.query.exec;

import barograph.query.value.NumberText;
import java.time.Instant;

/// Classic buckets whose counts fell where they should rise, and were forced upwards.
///
/// @param times how often it happened
/// @param firstMillis the first step at which it happened
/// @param lastMillis the last one
/// @param lowestBound of a bucket that was forced
/// @param mostForced the most by which a count was forced
record ForcedCounts(
    int times,
    long firstMillis,
    long lastMillis,
    double lowestBound,
    double highestBound,
    double mostForced) {

  ForcedCounts and(ForcedCounts other) {
    return new ForcedCounts(
        times + other.times,
        Math.min(firstMillis, other.firstMillis),
        Math.max(lastMillis, other.lastMillis),
        Math.min(lowestBound, other.lowestBound),
        Math.max(highestBound, other.highestBound),
        Math.max(mostForced, other.mostForced));
  }

  /// All that is known of it, to follow on what happened.
  String details() {
    return ", from buckets %s to %s, with a max diff of %s, over %d samples from %s to %s"
        .formatted(
            NumberText.general(lowestBound),
            NumberText.general(highestBound),
            NumberText.twoDigits(mostForced),
            times,
            Instant.ofEpochSecond(firstMillis / 1000),
            Instant.ofEpochSecond(lastMillis / 1000));
  }
}
