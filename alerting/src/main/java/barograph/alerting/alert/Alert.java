package barograph.alerting.alert;

import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Something that is wrong, or was: labels say what, annotations tell it to people.
///
/// @param startsAt since when it fires
/// @param endsAt when it ended or, ahead of the clock, when it counts as ended unless it is heard
///   of again
/// @param generatorUrl where to look for its cause
public record Alert(
    Labels labels,
    Map<String, String> annotations,
    Instant startsAt,
    Instant endsAt,
    String generatorUrl) {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int SEPARATOR = 0xff;

  public Alert {
    if (endsAt.isBefore(startsAt)) {
      throw new IllegalArgumentException(
          "alert %s starts at %s, after its end at %s".formatted(labels, startsAt, endsAt));
    }
    var sorted = new TreeMap<String, String>(Labels.UTF8_ORDER);
    sorted.putAll(annotations);
    annotations = Collections.unmodifiableMap(sorted);
  }

  public boolean resolvedAt(Instant now) {
    return !endsAt.isAfter(now);
  }

  public String name() {
    return labels.get("alertname");
  }

  /// Its identity as a number: the labels alone count.
  public long id() {
    return fingerprintOf(labels);
  }

  /// Its identity in sixteen hexadecimal digits, the same as Alertmanager's.
  public String fingerprint() {
    return "%016x".formatted(id());
  }

  /// The 64-bit FNV-1a hash of the labels, each name and each value followed by `0xff`.
  static long fingerprintOf(Labels labels) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < labels.size(); i++) {
      hash = mix(hash, labels.name(i));
      hash = mix(hash, labels.value(i));
    }
    return hash;
  }

  private static long mix(long hash, String text) {
    long h = hash;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * FNV_PRIME;
    }
    return (h ^ SEPARATOR) * FNV_PRIME;
  }
}
