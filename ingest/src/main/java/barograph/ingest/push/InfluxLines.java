package barograph.ingest.push;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.DecimalText;
import barograph.ingest.exposition.Utf8;
import barograph.ingest.pushed.PushedSeries;
import barograph.storage.model.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads Influx's line protocol: `measurement,tag=value field=1,other=2i time`.
///
/// Each field of a point is a sample of the series `measurement_field` with the tags as labels.
/// Numbers and truth values are stored; a field that is a text cannot be and is refused by name.
final class InfluxLines {
  private static final int LONGEST_SHOWN = 100;

  private final byte[] bytes;
  private final int end;
  private final PushedSeries into;
  private int at;

  /// A field that is a number, or why it is none.
  private record Field(String name, double value, String complaint) {}

  InfluxLines(byte[] bytes, int length, PushedSeries into) {
    this.bytes = bytes;
    this.end = length;
    this.into = into;
  }

  private static final class BadLineException extends Exception {
    private static final long serialVersionUID = 1L;

    BadLineException(String message) {
      super(message);
    }
  }

  /// Reads every line.
  void read(TimeUnits units, String database, long nowMillis) {
    int number = 0;
    for (at = 0; at < end; at++) {
      number++;
      int start = at;
      try {
        skipBlanks();
        if (at < end && bytes[at] != '#' && bytes[at] != '\n' && bytes[at] != '\r') {
          point(units, database, nowMillis);
        }
      } catch (BadLineException e) {
        at = lineEnd(start);
        into.refuse(1, "line %d: %s: %s".formatted(number, e.getMessage(), shown(start, at)));
      }
      at = lineEnd(at);
    }
  }

  private int lineEnd(int from) {
    int i = from;
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  private String shown(int from, int to) {
    int cut = Math.min(to, from + LONGEST_SHOWN);
    return new String(bytes, from, cut - from, StandardCharsets.UTF_8) + (cut < to ? "…" : "");
  }

  private void point(TimeUnits units, String database, long nowMillis) throws BadLineException {
    String measurement = name(false);
    if (measurement.isEmpty()) {
      throw new BadLineException("no measurement");
    }
    var tags = new ArrayList<String>();
    while (peek() == ',') {
      at++;
      String tag = name(true);
      require('=', "a tag without a value");
      tags.add(tag);
      tags.add(name(true));
    }
    require(' ', "no field");
    skipBlanks();
    List<Field> fields = fields();
    long time = time(units, nowMillis);
    for (Field field : fields) {
      if (!field.complaint().isEmpty()) {
        into.refuse(1, "%s: field %s %s".formatted(measurement, field.name(), field.complaint()));
        continue;
      }
      into.beginSeries();
      into.label(Labels.METRIC_NAME, measurement + "_" + field.name());
      boolean named = false;
      for (int i = 0; i < tags.size(); i += 2) {
        into.label(tags.get(i), tags.get(i + 1));
        named |= tags.get(i).equals("db");
      }
      if (!database.isEmpty() && !named) {
        into.label("db", database);
      }
      into.add(time, field.value());
      into.endSeries();
    }
  }

  private List<Field> fields() throws BadLineException {
    var fields = new ArrayList<Field>();
    do {
      if (peek() == ',') {
        at++;
      }
      String name = name(true);
      if (name.isEmpty()) {
        throw new BadLineException("a field without a name");
      }
      require('=', "a field without a value");
      fields.add(value(name));
    } while (peek() == ',');
    return fields;
  }

  private Field value(String name) throws BadLineException {
    if (peek() == '"') {
      at++;
      while (at < end && bytes[at] != '"') {
        at += bytes[at] == '\\' && at + 1 < end ? 2 : 1;
      }
      require('"', "a text without an end");
      return new Field(name, 0, "is a text, which is not stored");
    }
    int from = at;
    while (at < end && bytes[at] != ',' && !isBlank(bytes[at]) && bytes[at] != '\n') {
      at++;
    }
    if (from == at) {
      throw new BadLineException("field %s has no value".formatted(name));
    }
    String text = new String(bytes, from, at - from, StandardCharsets.UTF_8);
    switch (text) {
      case "t", "T", "true", "True", "TRUE" -> {
        return new Field(name, 1, "");
      }
      case "f", "F", "false", "False", "FALSE" -> {
        return new Field(name, 0, "");
      }
      default -> {
        boolean whole = text.endsWith("i") || text.endsWith("u");
        try {
          return new Field(name, DecimalText.parse(bytes, from, whole ? at - 1 : at), "");
        } catch (BadPageException e) {
          throw new BadLineException("field %s is \"%s\", no number".formatted(name, text));
        }
      }
    }
  }

  private long time(TimeUnits units, long nowMillis) throws BadLineException {
    skipBlanks();
    int from = at;
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r' && !isBlank(bytes[at])) {
      at++;
    }
    if (from == at) {
      return nowMillis;
    }
    String text = new String(bytes, from, at - from, StandardCharsets.UTF_8);
    skipBlanks();
    if (peek() != '\n' && peek() != '\r') {
      throw new BadLineException("more than a time at the end");
    }
    try {
      return units.toMillis(Long.parseLong(text));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new BadLineException("\"%s\" is no time".formatted(text));
    }
  }

  /// A name or a tag's value, its escapes resolved.
  ///
  /// @param untilEquals whether an equals sign ends it
  private String name(boolean untilEquals) throws BadLineException {
    var text = new ByteArrayOutputStream();
    while (at < end) {
      byte b = bytes[at];
      if (b == '\\' && at + 1 < end && isEscapable(bytes[at + 1])) {
        text.write(bytes[at + 1]);
        at += 2;
        continue;
      }
      if (b == ',' || b == ' ' || b == '\n' || (untilEquals && b == '=')) {
        break;
      }
      text.write(b);
      at++;
    }
    byte[] name = text.toByteArray();
    if (!Utf8.isValid(name, 0, name.length)) {
      throw new BadLineException("text that is not UTF-8");
    }
    return new String(name, StandardCharsets.UTF_8);
  }

  private static boolean isEscapable(byte b) {
    return b == ',' || b == '=' || b == ' ' || b == '\\';
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private void skipBlanks() {
    while (at < end && isBlank(bytes[at])) {
      at++;
    }
  }

  private int peek() {
    return at < end ? bytes[at] : '\n';
  }

  private void require(int wanted, String complaint) throws BadLineException {
    if (peek() != wanted || at >= end) {
      throw new BadLineException(complaint);
    }
    at++;
  }
}
