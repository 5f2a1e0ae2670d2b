package barograph.alerting.receiver;

import barograph.alerting.alert.Alert;
import barograph.alerting.template.NotificationData;
import barograph.alerting.template.NotificationData.AlertData;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a receiver is told: a group's alerts, and why now.
///
/// @param groupKey the same for every notification of a group
/// @param alerts in the order in which they are shown; not empty
/// @param time by which alerts count as firing or over
/// @param memory what the place wanted to be remembered of its last message, while the trouble is
///   the same
public record Notification(
    String receiver,
    String groupKey,
    Labels groupLabels,
    List<Alert> alerts,
    Reason reason,
    Instant time,
    String externalUrl,
    Map<String, String> memory) {
  public Notification {
    alerts = List.copyOf(alerts);
    memory = Map.copyOf(memory);
    if (alerts.isEmpty()) {
      throw new IllegalArgumentException("notification for %s is empty".formatted(groupKey));
    }
  }

  /// A notification to a place that remembers nothing.
  public Notification(
      String receiver,
      String groupKey,
      Labels groupLabels,
      List<Alert> alerts,
      Reason reason,
      Instant time,
      String externalUrl) {
    this(receiver, groupKey, groupLabels, alerts, reason, time, externalUrl, Map.of());
  }

  /// The same to a place that remembers this of its last message.
  public Notification with(Map<String, String> remembered) {
    return new Notification(
        receiver, groupKey, groupLabels, alerts, reason, time, externalUrl, remembered);
  }

  /// Why a receiver is told.
  public enum Reason {
    FIRST("first notification"),
    NEW_ALERTS("new alerts added"),
    ALL_RESOLVED("all alerts resolved"),
    SOME_RESOLVED("some alerts resolved"),
    REPEAT("repeat interval elapsed");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /// The reason as it is written in messages.
    public String words() {
      return words;
    }
  }

  /// Whether any alert fires.
  public boolean firing() {
    return alerts.stream().anyMatch(alert -> !alert.resolvedAt(time));
  }

  /// Labels that all alerts have with the same value.
  public Map<String, String> commonLabels() {
    return common(alerts.stream().map(alert -> alert.labels().toMap()).toList());
  }

  /// Annotations that all alerts have with the same value.
  public Map<String, String> commonAnnotations() {
    return common(alerts.stream().map(Alert::annotations).toList());
  }

  /// The group's key as a name that any service takes: the SHA-256 hash in hexadecimal digits.
  public String groupHash() {
    try {
      var hash = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(hash.digest(groupKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// The first `count` alerts alone.
  Notification first(int count) {
    return new Notification(
        receiver,
        groupKey,
        groupLabels,
        alerts.subList(0, count),
        reason,
        time,
        externalUrl,
        memory);
  }

  /// What its templates can speak of.
  NotificationData data() {
    return new NotificationData(
        receiver,
        firing(),
        alerts.stream().map(this::data).toList(),
        reason.words(),
        groupLabels.toMap(),
        commonLabels(),
        commonAnnotations(),
        externalUrl,
        time);
  }

  private AlertData data(Alert alert) {
    boolean firing = !alert.resolvedAt(time);
    return new AlertData(
        firing,
        alert.labels().toMap(),
        alert.annotations(),
        alert.startsAt(),
        firing ? NotificationData.NEVER : alert.endsAt(),
        alert.generatorUrl(),
        alert.fingerprint());
  }

  private static Map<String, String> common(List<Map<String, String>> all) {
    var shared = new HashMap<>(all.getFirst());
    for (var one : all) {
      shared.entrySet().removeIf(entry -> !entry.getValue().equals(one.get(entry.getKey())));
    }
    var sorted = new TreeMap<String, String>(Labels.UTF8_ORDER);
    sorted.putAll(shared);
    return sorted;
  }
}
