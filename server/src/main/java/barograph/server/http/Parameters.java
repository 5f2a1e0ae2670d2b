package barograph.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Decoded names and values of a query string or a form body, each name with all its values in
/// order.
public final class Parameters {
  /// No parameters.
  public static final Parameters NONE = new Parameters(Map.of());

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /// Decodes `application/x-www-form-urlencoded` text; an escape that is none stays as it stands.
  public static Parameters parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    var values = new LinkedHashMap<String, List<String>>();
    for (int start = 0; start <= text.length(); ) {
      int end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        int equals = text.indexOf('=', start);
        boolean named = equals >= 0 && equals < end;
        String name = decode(text.substring(start, named ? equals : end));
        String value = named ? decode(text.substring(equals + 1, end)) : "";
        values.computeIfAbsent(name, absent -> new ArrayList<>(1)).add(value);
      }
      start = end + 1;
    }
    return new Parameters(values);
  }

  /// These parameters with those of `behind` after them.
  Parameters followedBy(Parameters behind) {
    if (values.isEmpty()) {
      return behind;
    }
    if (behind.values.isEmpty()) {
      return this;
    }
    var all = new LinkedHashMap<String, List<String>>();
    values.forEach((name, list) -> all.put(name, new ArrayList<>(list)));
    behind.values.forEach(
        (name, list) -> all.computeIfAbsent(name, absent -> new ArrayList<>()).addAll(list));
    return new Parameters(all);
  }

  /// The first value of `name`, or the empty string.
  public String first(String name) {
    var all = all(name);
    return all.isEmpty() ? "" : all.getFirst();
  }

  /// Every value of `name`, in order.
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /// Every name with each of its values.
  public List<Map.Entry<String, String>> entries() {
    var entries = new ArrayList<Map.Entry<String, String>>();
    values.forEach((name, list) -> list.forEach(value -> entries.add(Map.entry(name, value))));
    return entries;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /// Decodes percent escapes and plus signs; bytes that are no UTF-8 become U+FFFD.
  public static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text.replace('+', ' ');
    }
    return percentDecode(text, true);
  }

  /// Decodes the percent escapes of a path, where a plus sign is a plus sign.
  public static String decodePath(String text) {
    return text.indexOf('%') < 0 ? text : percentDecode(text, false);
  }

  private static String percentDecode(String text, boolean plusIsSpace) {
    var bytes = new ByteArrayOutputStream(text.length());
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%' && i + 2 < raw.length) {
        int high = Character.digit(raw[i + 1], 16);
        int low = Character.digit(raw[i + 2], 16);
        if (high >= 0 && low >= 0) {
          bytes.write(high << 4 | low);
          i += 2;
          continue;
        }
      }
      bytes.write(raw[i] == '+' && plusIsSpace ? ' ' : raw[i]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
