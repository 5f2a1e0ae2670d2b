package barograph.alerting.evaluate;

import barograph.storage.model.XxHash64;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/// The turns of a group: an interval apart, and shifted within it by what the group is called.
///
/// The shift is the one of Prometheus's own builds, the XXH64 hash of the labels `file` and `name`
/// with each text behind its length, so that both evaluate a group at the same moments.
record Schedule(long intervalNanos, long offsetNanos) {

  static Schedule of(String name, String file, Duration interval) {
    var bytes = new ByteArrayOutputStream();
    for (var text : new String[] {"file", file, "name", name}) {
      var utf8 = text.getBytes(StandardCharsets.UTF_8);
      if (utf8.length < 255) {
        bytes.write(utf8.length);
      } else {
        bytes.write(255);
        bytes.write(utf8.length);
        bytes.write(utf8.length >> 8);
        bytes.write(utf8.length >> 16);
      }
      bytes.writeBytes(utf8);
    }
    long nanos = interval.toNanos();
    return new Schedule(nanos, Long.remainderUnsigned(XxHash64.of(bytes.toByteArray()), nanos));
  }

  /// The first turn later than `now`.
  Instant firstAfter(Instant now) {
    long nanos =
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    long turns = Math.floorDiv(nanos - offsetNanos, intervalNanos) + 1;
    return Instant.EPOCH.plusNanos(turns * intervalNanos + offsetNanos);
  }
}
