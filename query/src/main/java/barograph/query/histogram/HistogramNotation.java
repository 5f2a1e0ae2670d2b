package barograph.query.histogram;

import barograph.storage.model.CounterReset;
import barograph.storage.model.HistogramLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Native histograms as tests of rules and queries write them: `{{schema:1 sum:5 count:4 buckets:[1
/// 2 1]}}`.
public final class HistogramNotation {
  private static final Pattern FIELD = Pattern.compile("([a-z_]+):(\\[[^]]*\\]|\\S+)");
  private static final List<String> NAMES =
      List.of(
          "schema",
          "sum",
          "count",
          "z_bucket",
          "z_bucket_w",
          "buckets",
          "offset",
          "n_buckets",
          "n_offset",
          "custom_values",
          "counter_reset_hint");

  private HistogramNotation() {}

  /// The histogram between the double braces of `text`.
  ///
  /// @throws IllegalArgumentException naming what is not understood
  public static NativeHistogram parse(String text) {
    int from = text.indexOf("{{");
    int to = text.lastIndexOf("}}");
    if (from < 0 || to < from + 2) {
      throw new IllegalArgumentException(
          "\"%s\" is no histogram, expected one such as {{sum:3 count:2 buckets:[2]}}"
              .formatted(text));
    }
    var fields = fields(text, text.substring(from + 2, to));
    int schema = (int) number(fields, "schema");
    double[] bounds = numbers(fields.get("custom_values"));
    var scale =
        new NativeHistogram.Scale(
            schema,
            number(fields, "z_bucket_w"),
            schema == HistogramLayout.CUSTOM_BOUNDS ? bounds : NativeHistogram.NO_BOUNDS);
    return NativeHistogram.of(
        scale,
        reset(text, fields.get("counter_reset_hint")),
        number(fields, "z_bucket"),
        number(fields, "count"),
        number(fields, "sum"),
        side(fields, "buckets", "offset"),
        side(fields, "n_buckets", "n_offset"));
  }

  private static Map<String, String> fields(String text, String body) {
    Map<String, String> fields = new TreeMap<>();
    var matcher = FIELD.matcher(body);
    while (matcher.find()) {
      if (fields.put(matcher.group(1), matcher.group(2)) != null) {
        throw new IllegalArgumentException("%s twice in %s".formatted(matcher.group(1), text));
      }
    }
    String rest = matcher.reset().replaceAll("").strip();
    var unknown = new HashSet<>(fields.keySet());
    unknown.removeAll(NAMES);
    if (!rest.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "not understood: %s %s in %s".formatted(rest, unknown, text));
    }
    return fields;
  }

  private static CounterReset reset(String text, @Nullable String hint) {
    if (hint == null) {
      return CounterReset.UNKNOWN;
    }
    for (var reset : CounterReset.values()) {
      if (reset.name().toLowerCase(Locale.ROOT).equals(hint)) {
        return reset;
      }
    }
    throw new IllegalArgumentException(
        "counter_reset_hint is %s in %s, expected unknown, reset, not_reset or gauge"
            .formatted(hint, text));
  }

  private static Buckets side(Map<String, String> fields, String counts, String offset) {
    int first = (int) number(fields, offset);
    double[] values = numbers(fields.get(counts));
    var indices = new int[values.length];
    Arrays.setAll(indices, i -> first + i);
    return new Buckets(indices, values);
  }

  private static double number(Map<String, String> fields, String name) {
    return value(fields.getOrDefault(name, "0"));
  }

  private static double value(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static double[] numbers(@Nullable String list) {
    if (list == null) {
      return new double[0];
    }
    var numbers = new ArrayList<Double>();
    for (String item : list.substring(1, list.length() - 1).strip().split("\\s+", -1)) {
      if (!item.isEmpty()) {
        numbers.add(value(item));
      }
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
