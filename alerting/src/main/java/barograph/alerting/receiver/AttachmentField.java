package barograph.alerting.receiver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A field of an attachment, as Slack's manner of messages has it, which others have taken over.
///
/// @param title a template
/// @param value a template
/// @param isShort null for what the whole place says
public record AttachmentField(String title, String value, @Nullable Boolean isShort) {

  /// The fields as JSON.
  ///
  /// @param usuallyShort what the whole place says; null if that says nothing
  static List<Map<String, @Nullable Object>> json(
      List<AttachmentField> fields, Telling telling, @Nullable Boolean usuallyShort) {
    return fields.stream()
        .map(field -> {
          var json = field.texts(telling, new JsonObject());
          @Nullable Boolean own = field.isShort == null ? usuallyShort : field.isShort;
          return own == null ? json.fields() : json.put("short", own).fields();
        })
        .toList();
  }

  /// The same where each begins with whether it is short.
  static List<Map<String, @Nullable Object>> shortFirst(
      List<AttachmentField> fields, Telling telling, boolean usuallyShort) {
    return fields.stream()
        .map(field -> {
          boolean own = field.isShort == null ? usuallyShort : field.isShort;
          return field.texts(telling, new JsonObject().put("short", own)).fields();
        })
        .toList();
  }

  private JsonObject texts(Telling telling, JsonObject json) {
    return json.putAny("title", telling.text(title)).putAny("value", telling.text(value));
  }
}
