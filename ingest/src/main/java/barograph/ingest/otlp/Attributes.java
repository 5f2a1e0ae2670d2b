package barograph.ingest.otlp;

import barograph.ingest.exposition.Utf8;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/// Reads attributes, whose values of every kind become text as OpenTelemetry writes them.
final class Attributes {
  private static final int KEY = 1 << 3 | WireReader.BYTES;
  private static final int VALUE = 2 << 3 | WireReader.BYTES;
  private static final int STRING = 1 << 3 | WireReader.BYTES;
  private static final int BOOL = 2 << 3 | WireReader.VARINT;
  private static final int INT = 3 << 3 | WireReader.VARINT;
  private static final int DOUBLE = 4 << 3 | WireReader.FIXED64;
  private static final int ARRAY = 5 << 3 | WireReader.BYTES;
  private static final int KEY_VALUES = 6 << 3 | WireReader.BYTES;
  private static final int RAW = 7 << 3 | WireReader.BYTES;
  private static final int MOST_DEPTH = 16;

  private final byte[] bytes;
  private final WireReader wire;

  Attributes(byte[] bytes, WireReader wire) {
    this.bytes = bytes;
    this.wire = wire;
  }

  /// Adds the attribute whose length stands here.
  void readInto(Map<String, String> attributes) throws MalformedMessageException {
    readPair(attributes, 0, false);
  }

  private void readPair(Map<String, String> into, int depth, boolean quoted)
      throws MalformedMessageException {
    String key = "";
    String value = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case KEY -> key = text();
        case VALUE -> value = value(depth, quoted);
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    into.put(key, value);
  }

  private String value(int depth, boolean quoted) throws MalformedMessageException {
    if (depth > MOST_DEPTH) {
      throw new MalformedMessageException(
          "attribute nested more than %d deep".formatted(MOST_DEPTH));
    }
    String value = quoted ? "null" : "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case STRING -> value = quoted ? quote(text()) : text();
        case BOOL -> value = Boolean.toString(wire.varint() != 0);
        case INT -> value = Long.toString(wire.varint());
        case DOUBLE -> value = number(wire.fixedDouble());
        case ARRAY -> value = array(depth);
        case KEY_VALUES -> value = keyValues(depth);
        case RAW -> value = quoted ? quote(base64()) : base64();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    return value;
  }

  private String array(int depth) throws MalformedMessageException {
    var items = new StringJoiner(",", "[", "]");
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == STRING) {
        items.add(value(depth + 1, true));
      } else {
        wire.skip(tag);
      }
    }
    wire.leave(outer);
    return items.toString();
  }

  private String keyValues(int depth) throws MalformedMessageException {
    var pairs = new LinkedHashMap<String, String>();
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == STRING) {
        readPair(pairs, depth + 1, true);
      } else {
        wire.skip(tag);
      }
    }
    wire.leave(outer);
    var items = new StringJoiner(",", "{", "}");
    pairs.forEach((key, value) -> items.add(quote(key) + ":" + value));
    return items.toString();
  }

  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.toString(value);
  }

  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private String base64() throws MalformedMessageException {
    int length = wire.length();
    var raw = new byte[length];
    System.arraycopy(bytes, wire.position(), raw, 0, length);
    wire.skipBytes(length);
    return Base64.getEncoder().encodeToString(raw);
  }

  /// Reads a text, which must be UTF-8.
  String text() throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    if (!Utf8.isValid(bytes, from, from + length)) {
      throw new MalformedMessageException("text that is not UTF-8 at byte %d".formatted(from));
    }
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
