package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An alert as somebody else sends it, times possibly left out.
public record PostedAlert(
    Map<String, String> labels,
    Map<String, String> annotations,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    String generatorUrl) {

  /// The alert that it is: it starts now unless it says when, and ends after `resolveTimeout`
  /// unless it says when or is heard of again. Labels with empty values do not count.
  ///
  /// @throws IllegalArgumentException if it has no label, or ends before it starts
  KnownAlert receivedAt(Instant now, Duration resolveTimeout) {
    var own = new Labels.Builder();
    labels.forEach((name, value) -> {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("invalid label set: invalid name \"\"");
      }
      if (!value.isEmpty()) {
        own.set(name, value);
      }
    });
    var identity = own.build();
    if (identity.isEmpty()) {
      throw new IllegalArgumentException("at least one label pair required");
    }
    @Nullable Instant start = startsAt;
    if (start == null) {
      start = endsAt == null ? now : endsAt;
    }
    var end = endsAt == null ? now.plus(resolveTimeout) : endsAt;
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("start time must be before end time");
    }
    return new KnownAlert(
        new Alert(identity, annotations, start, end, generatorUrl), now, endsAt == null, false);
  }
}
