package barograph.alerting.template;

import barograph.alerting.template.GoTime.Moment;
import barograph.query.value.NumberText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON byte for byte as Go's encoder does: compact, with `<`, `>` and `&` escaped.
///
/// A value is null, a [String], [Boolean], number, [Collection], [Map] in its own order, or a value
/// of a template.
public final class GoJson {
  private static final int MAX_DEPTH = 100;

  private final StringBuilder json = new StringBuilder();
  private int depth;

  private GoJson() {}

  /// The text of `value`.
  public static String text(@Nullable Object value) {
    var writer = new GoJson();
    writer.write(value);
    return writer.json.toString();
  }

  /// The bytes of `value` with a line end behind them, as a message's body.
  public static byte[] body(@Nullable Object value) {
    return (text(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// The fields of a struct under their JSON names.
  static Map<String, @Nullable Object> object(Struct struct) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    struct.fields().forEach((name, value) -> object.put(jsonName(name), value));
    return object;
  }

  private static String jsonName(String field) {
    return switch (field) {
      case "NotificationReason" -> "notification_reason";
      // Pairs are written under their Go names.
      case "Name", "Value" -> field;
      default -> Character.toLowerCase(field.charAt(0)) + field.substring(1);
    };
  }

  private void write(@Nullable Object value) {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException("a value is nested more than %d deep".formatted(MAX_DEPTH));
    }
    switch (value) {
      case null -> json.append("null");
      case String text -> string(text);
      case SafeText safe -> string(safe.text());
      case Boolean bool -> json.append(bool.booleanValue());
      case Double number -> number(number);
      case Number number -> json.append(number);
      case Struct struct -> write(object(struct));
      case Moment time -> string(time.rfc3339());
      case Duration duration -> json.append(duration.toNanos());
      case Map<?, ?> map -> object(map);
      case Collection<?> list -> array(list);
      default ->
          throw new TemplateException("json: unsupported type: %s".formatted(Values.typeOf(value)));
    }
    depth--;
  }

  private void object(Map<?, ?> map) {
    json.append('{');
    var separator = "";
    for (var entry : map.entrySet()) {
      json.append(separator);
      string(GoFormat.plain(entry.getKey()));
      json.append(':');
      write(entry.getValue());
      separator = ",";
    }
    json.append('}');
  }

  private void array(Collection<?> list) {
    json.append('[');
    var separator = "";
    for (var item : list) {
      json.append(separator);
      write(item);
      separator = ",";
    }
    json.append(']');
  }

  private void number(double number) {
    if (!Double.isFinite(number)) {
      throw new TemplateException("json: unsupported value: " + GoFormat.plain(number));
    }
    // One digit of an exponent is written as one digit.
    json.append(NumberText.sample(number).replaceFirst("e([+-])0(\\d)$", "e$1$2"));
  }

  private void string(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> escaped(c);
        default -> {
          if (c < 0x20) {
            escaped(c);
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  private void escaped(char c) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(Character.forDigit(c >> shift & 0xf, 16));
    }
  }
}
