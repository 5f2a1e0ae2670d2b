package barograph.ingest.push;

import barograph.ingest.json.JsonFault;
import barograph.ingest.pushed.PushedSeries;
import barograph.ingest.pushed.RefusedBodyException;
import barograph.storage.model.Staleness;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads series as JSON objects, one after the other, as VictoriaMetrics exports and imports them:
/// `{"metric":{"__name__":"up"},"values":[1,0],"timestamps":[1700000000000,1700000015000]}`.
final class JsonLines {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(20).maxStringLength(1 << 20).build())
          .build();

  private final PushedSeries into;
  private final Map<String, String> labels = new LinkedHashMap<>();
  private double[] values = new double[64];
  private int valueCount;
  private long[] times = new long[64];
  private int timeCount;

  JsonLines(PushedSeries into) {
    this.into = into;
  }

  /// Reads every object in the first `length` bytes.
  void read(byte[] bytes, int length) throws RefusedBodyException {
    int number = 0;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, 0, length)) {
      while (json.nextToken() != null) {
        number++;
        if (json.currentToken() != JsonToken.START_OBJECT) {
          throw new RefusedBodyException(400, "series %d is no JSON object".formatted(number));
        }
        readSeries(json);
        store(number);
      }
    } catch (JacksonException e) {
      throw new RefusedBodyException(
          400, "series %d: %s".formatted(number, JsonFault.inSeveral(bytes, length, e)));
    } catch (IllegalArgumentException e) {
      throw new RefusedBodyException(400, "series %d: %s".formatted(number, e.getMessage()));
    }
  }

  private void readSeries(JsonParser json) throws RefusedBodyException {
    labels.clear();
    valueCount = 0;
    timeCount = 0;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      switch (name) {
        case "metric" -> {
          requireToken(token, JsonToken.START_OBJECT, name);
          while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String label = json.currentName();
            requireToken(json.nextToken(), JsonToken.VALUE_STRING, "label " + label);
            labels.put(label, json.getString());
          }
        }
        case "values" -> {
          requireToken(token, JsonToken.START_ARRAY, name);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            addValue(value(json));
          }
        }
        case "timestamps" -> {
          requireToken(token, JsonToken.START_ARRAY, name);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            requireToken(json.currentToken(), JsonToken.VALUE_NUMBER_INT, "a timestamp");
            addTime(json.getLongValue());
          }
        }
        default -> json.skipChildren();
      }
    }
  }

  private static void requireToken(JsonToken found, JsonToken wanted, String what)
      throws RefusedBodyException {
    if (found != wanted) {
      throw new RefusedBodyException(400, "%s is %s, expected %s".formatted(what, found, wanted));
    }
  }

  /// A number; those that JSON has none for are told as texts, a missing one as null.
  private static double value(JsonParser json) throws RefusedBodyException {
    JsonToken token = json.currentToken();
    return switch (token) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_NULL -> Double.longBitsToDouble(Staleness.NAN_BITS);
      case VALUE_STRING -> named(json.getString());
      default -> throw new RefusedBodyException(400, "a value is %s, no number".formatted(token));
    };
  }

  private static double named(String text) throws RefusedBodyException {
    return switch (text) {
      case "Infinity", "+Infinity", "Inf", "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.longBitsToDouble(Staleness.NAN_BITS);
      default -> throw new RefusedBodyException(400, "value \"%s\" is no number".formatted(text));
    };
  }

  private void addValue(double value) {
    if (valueCount == values.length) {
      values = Arrays.copyOf(values, 2 * valueCount);
    }
    values[valueCount++] = value;
  }

  private void addTime(long time) {
    if (timeCount == times.length) {
      times = Arrays.copyOf(times, 2 * timeCount);
    }
    times[timeCount++] = time;
  }

  private void store(int number) {
    if (valueCount != timeCount) {
      into.refuse(
          Math.max(valueCount, timeCount),
          "series %d has %d values and %d timestamps".formatted(number, valueCount, timeCount));
      return;
    }
    into.beginSeries();
    labels.forEach(into::label);
    for (int i = 0; i < valueCount; i++) {
      into.add(times[i], values[i]);
    }
    into.endSeries();
  }
}
