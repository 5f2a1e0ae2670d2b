package barograph.alerting.receiver;

import barograph.alerting.alert.Alert;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/// The webhook's message, version 4, byte for byte as Alertmanager writes it.
final class WebhookMessage {
  /// What stands for the end of an alert that has none: year one.
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final JsonFactory JSON =
      JsonFactory.builder().characterEscapes(new SafeInHtml()).build();

  private WebhookMessage() {}

  /// The message as JSON, with a line end behind it.
  ///
  /// @param maxAlerts most alerts in it; 0 for any number
  static byte[] json(Notification notification, int maxAlerts) {
    var bytes = new ByteArrayOutputStream();
    int count = notification.alerts().size();
    int shown = maxAlerts == 0 ? count : Math.min(maxAlerts, count);
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeStringProperty("receiver", notification.receiver());
      json.writeStringProperty("status", notification.firing() ? "firing" : "resolved");
      json.writeName("alerts");
      json.writeStartArray();
      for (var alert : notification.alerts().subList(0, shown)) {
        write(json, alert, notification.time());
      }
      json.writeEndArray();
      json.writeStringProperty("notification_reason", notification.reason().words());
      write(json, "groupLabels", notification.groupLabels().toMap());
      write(json, "commonLabels", notification.commonLabels());
      write(json, "commonAnnotations", notification.commonAnnotations());
      json.writeStringProperty("externalURL", notification.externalUrl());
      json.writeStringProperty("version", "4");
      json.writeStringProperty("groupKey", notification.groupKey());
      json.writeNumberProperty("truncatedAlerts", count - shown);
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Alert alert, Instant now) {
    boolean resolved = alert.resolvedAt(now);
    json.writeStartObject();
    json.writeStringProperty("status", resolved ? "resolved" : "firing");
    write(json, "labels", alert.labels().toMap());
    write(json, "annotations", alert.annotations());
    json.writeStringProperty("startsAt", time(alert.startsAt()));
    json.writeStringProperty("endsAt", resolved ? time(alert.endsAt()) : NEVER);
    json.writeStringProperty("generatorURL", alert.generatorUrl());
    json.writeStringProperty("fingerprint", alert.fingerprint());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> map) {
    json.writeName(name);
    json.writeStartObject();
    map.forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  /// RFC 3339 in UTC with as many digits of a second as it takes.
  private static String time(Instant time) {
    var utc = time.atOffset(ZoneOffset.UTC);
    var fraction = "%09d".formatted(utc.getNano()).replaceAll("0+$", "");
    return SECONDS.format(utc) + (fraction.isEmpty() ? "" : "." + fraction) + "Z";
  }

  /// Escapes what Go escapes: `<`, `>` and `&`, and JavaScript's two line ends.
  private static final class SafeInHtml extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      codes['<'] = ESCAPE_CUSTOM;
      codes['>'] = ESCAPE_CUSTOM;
      codes['&'] = ESCAPE_CUSTOM;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return new SerializedString("\\u%04x".formatted(character));
    }
  }
}
