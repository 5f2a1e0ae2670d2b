package barograph.ingest.otlp;

import barograph.ingest.json.JsonFault;
import barograph.ingest.wire.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Turns OTLP's JSON into the protobuf that it stands for, by a table of its fields: so there is
/// one reader for both. Fields that are not in the table are passed over, as the protocol wants it.
final class JsonTranscoder {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(100).maxStringLength(1 << 20).build())
          .build();

  /// How a field is written in protobuf.
  private enum Form {
    MESSAGE,
    TEXT,
    /// Bytes told in hexadecimal digits.
    HEX,
    /// Bytes told in Base64.
    BASE64,
    VARINT,
    ZIGZAG,
    FIXED64,
    NUMBER,
    BOOL
  }

  /// A field of a message; `message` names what it holds if that is a message.
  private record Field(int number, Form form, String message) {
    static Field of(int number, Form form) {
      return new Field(number, form, "");
    }

    static Field holding(int number, String message) {
      return new Field(number, Form.MESSAGE, message);
    }
  }

  private static final Map<String, Field> POINT =
      Map.of(
          "startTimeUnixNano", Field.of(2, Form.FIXED64),
          "timeUnixNano", Field.of(3, Form.FIXED64));
  private static final Map<String, Map<String, Field>> MESSAGES =
      Map.ofEntries(
          Map.entry("request", Map.of("resourceMetrics", Field.holding(1, "resourceMetrics"))),
          Map.entry(
              "resourceMetrics",
              Map.of(
                  "resource", Field.holding(1, "resource"),
                  "scopeMetrics", Field.holding(2, "scopeMetrics"))),
          Map.entry("resource", Map.of("attributes", Field.holding(1, "keyValue"))),
          Map.entry(
              "scopeMetrics",
              Map.of(
                  "scope", Field.holding(1, "scope"),
                  "metrics", Field.holding(2, "metric"),
                  "schemaUrl", Field.of(3, Form.TEXT))),
          Map.entry(
              "scope",
              Map.of(
                  "name", Field.of(1, Form.TEXT),
                  "version", Field.of(2, Form.TEXT),
                  "attributes", Field.holding(3, "keyValue"))),
          Map.entry(
              "metric",
              Map.of(
                  "name", Field.of(1, Form.TEXT),
                  "description", Field.of(2, Form.TEXT),
                  "unit", Field.of(3, Form.TEXT),
                  "gauge", Field.holding(5, "numbers"),
                  "sum", Field.holding(7, "numbers"),
                  "histogram", Field.holding(9, "histograms"),
                  "exponentialHistogram", Field.holding(10, "exponentials"),
                  "summary", Field.holding(11, "summaries"))),
          Map.entry("numbers", data("numberPoint")),
          Map.entry("histograms", data("histogramPoint")),
          Map.entry("exponentials", data("exponentialPoint")),
          Map.entry("summaries", data("summaryPoint")),
          Map.entry(
              "numberPoint",
              Map.of(
                  "attributes", Field.holding(7, "keyValue"),
                  "asDouble", Field.of(4, Form.NUMBER),
                  "asInt", Field.of(6, Form.FIXED64),
                  "exemplars", Field.holding(5, "exemplar"),
                  "flags", Field.of(8, Form.VARINT))),
          Map.entry(
              "histogramPoint",
              Map.of(
                  "attributes", Field.holding(9, "keyValue"),
                  "count", Field.of(4, Form.FIXED64),
                  "sum", Field.of(5, Form.NUMBER),
                  "bucketCounts", Field.of(6, Form.FIXED64),
                  "explicitBounds", Field.of(7, Form.NUMBER),
                  "exemplars", Field.holding(8, "exemplar"),
                  "flags", Field.of(10, Form.VARINT))),
          Map.entry(
              "exponentialPoint",
              Map.of(
                  "attributes", Field.holding(1, "keyValue"),
                  "count", Field.of(4, Form.FIXED64),
                  "sum", Field.of(5, Form.NUMBER),
                  "scale", Field.of(6, Form.ZIGZAG),
                  "zeroCount", Field.of(7, Form.FIXED64),
                  "positive", Field.holding(8, "buckets"),
                  "negative", Field.holding(9, "buckets"),
                  "flags", Field.of(10, Form.VARINT),
                  "exemplars", Field.holding(11, "exemplar"),
                  "zeroThreshold", Field.of(14, Form.NUMBER))),
          Map.entry(
              "buckets",
              Map.of("offset", Field.of(1, Form.ZIGZAG), "bucketCounts", Field.of(2, Form.VARINT))),
          Map.entry(
              "summaryPoint",
              Map.of(
                  "attributes", Field.holding(7, "keyValue"),
                  "count", Field.of(4, Form.FIXED64),
                  "sum", Field.of(5, Form.NUMBER),
                  "quantileValues", Field.holding(6, "quantile"),
                  "flags", Field.of(8, Form.VARINT))),
          Map.entry(
              "quantile",
              Map.of("quantile", Field.of(1, Form.NUMBER), "value", Field.of(2, Form.NUMBER))),
          Map.entry(
              "exemplar",
              Map.of(
                  "filteredAttributes", Field.holding(7, "keyValue"),
                  "timeUnixNano", Field.of(2, Form.FIXED64),
                  "asDouble", Field.of(3, Form.NUMBER),
                  "asInt", Field.of(6, Form.FIXED64),
                  "spanId", Field.of(4, Form.HEX),
                  "traceId", Field.of(5, Form.HEX))),
          Map.entry(
              "keyValue",
              Map.of("key", Field.of(1, Form.TEXT), "value", Field.holding(2, "anyValue"))),
          Map.entry(
              "anyValue",
              Map.of(
                  "stringValue", Field.of(1, Form.TEXT),
                  "boolValue", Field.of(2, Form.BOOL),
                  "intValue", Field.of(3, Form.VARINT),
                  "doubleValue", Field.of(4, Form.NUMBER),
                  "arrayValue", Field.holding(5, "arrayValue"),
                  "kvlistValue", Field.holding(6, "kvlist"),
                  "bytesValue", Field.of(7, Form.BASE64))),
          Map.entry("arrayValue", Map.of("values", Field.holding(1, "anyValue"))),
          Map.entry("kvlist", Map.of("values", Field.holding(1, "keyValue"))));

  private final JsonParser json;

  private JsonTranscoder(JsonParser json) {
    this.json = json;
  }

  private static Map<String, Field> data(String point) {
    return Map.of(
        "dataPoints", Field.holding(1, point),
        "aggregationTemporality", Field.of(2, Form.VARINT),
        "isMonotonic", Field.of(3, Form.BOOL));
  }

  /// The message that the first `length` bytes of `text` stand for.
  static byte[] toProtobuf(byte[] text, int length) throws MalformedMessageException {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedMessageException("JSON that is no object");
      }
      return new JsonTranscoder(json).message("request").toByteArray();
    } catch (JacksonException e) {
      throw new MalformedMessageException("JSON: " + JsonFault.inOne(text, length, e));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("JSON: " + e.getMessage());
    }
  }

  /// Reads the object at whose beginning the parser stands.
  private ByteArrayOutputStream message(String kind) throws MalformedMessageException {
    Map<String, Field> fields = MESSAGES.getOrDefault(kind, Map.of());
    var out = new ByteArrayOutputStream();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      @Nullable Field field = fields.get(json.currentName());
      if (field == null && kind.endsWith("Point")) {
        field = POINT.get(json.currentName());
      }
      JsonToken value = json.nextToken();
      if (field == null || value == JsonToken.VALUE_NULL) {
        json.skipChildren();
      } else if (value == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          write(field, out);
        }
      } else {
        write(field, out);
      }
    }
    return out;
  }

  private void write(Field field, ByteArrayOutputStream out) throws MalformedMessageException {
    JsonToken token = json.currentToken();
    if (field.form() == Form.MESSAGE) {
      if (token != JsonToken.START_OBJECT) {
        throw new MalformedMessageException("JSON: %s is no object".formatted(json.currentName()));
      }
      bytes(field.number(), message(field.message()).toByteArray(), out);
      return;
    }
    if (token == null || !token.isScalarValue()) {
      throw new MalformedMessageException("JSON: %s is no value".formatted(json.currentName()));
    }
    String text = json.getValueAsString("");
    switch (field.form()) {
      case TEXT -> bytes(field.number(), text.getBytes(StandardCharsets.UTF_8), out);
      case HEX -> bytes(field.number(), HexFormat.of().parseHex(text), out);
      case BASE64 -> bytes(field.number(), Base64.getDecoder().decode(text), out);
      case VARINT -> varint(field.number(), enumOrLong(text), out);
      case ZIGZAG -> {
        long number = Long.parseLong(text);
        varint(field.number(), (number << 1) ^ (number >> 63), out);
      }
      case BOOL -> varint(field.number(), Boolean.parseBoolean(text) ? 1 : 0, out);
      case FIXED64 -> fixed(field.number(), whole(text), out);
      case NUMBER -> fixed(field.number(), Double.doubleToRawLongBits(number(text)), out);
      case MESSAGE -> throw new AssertionError("written above");
    }
  }

  /// Temporality is also told by its name.
  private static long enumOrLong(String text) {
    return switch (text) {
      case "AGGREGATION_TEMPORALITY_UNSPECIFIED" -> 0;
      case "AGGREGATION_TEMPORALITY_DELTA" -> 1;
      case "AGGREGATION_TEMPORALITY_CUMULATIVE" -> 2;
      default -> whole(text);
    };
  }

  private static long whole(String text) {
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  private static double number(String text) {
    return switch (text) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static void bytes(int field, byte[] value, ByteArrayOutputStream out) {
    raw((long) field << 3 | 2, out);
    raw(value.length, out);
    out.writeBytes(value);
  }

  private static void varint(int field, long value, ByteArrayOutputStream out) {
    raw((long) field << 3, out);
    raw(value, out);
  }

  private static void fixed(int field, long value, ByteArrayOutputStream out) {
    raw((long) field << 3 | 1, out);
    for (int i = 0; i < Long.BYTES; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  private static void raw(long value, ByteArrayOutputStream out) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
