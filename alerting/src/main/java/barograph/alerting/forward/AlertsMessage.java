package barograph.alerting.forward;

import barograph.alerting.alert.Alert;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The body that Alertmanager's API v2 takes: a list of alerts.
final class AlertsMessage {
  private static final JsonFactory JSON = JsonFactory.builder().build();
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private AlertsMessage() {}

  static byte[] of(List<Alert> alerts) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartArray();
      for (var alert : alerts) {
        json.writeStartObject();
        write(json, "annotations", alert.annotations());
        json.writeStringProperty("endsAt", time(alert.endsAt()));
        json.writeStringProperty("startsAt", time(alert.startsAt()));
        json.writeStringProperty("generatorURL", alert.generatorUrl());
        write(json, "labels", alert.labels().toMap());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> map) {
    json.writeName(name);
    json.writeStartObject();
    map.forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private static String time(Instant time) {
    return MILLIS.format(time);
  }
}
