package barograph.ingest.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From OpenTelemetry's names and units to Prometheus's, by the rules of the OpenTelemetry
/// specification's "Prometheus and OpenMetrics compatibility".
final class NameTranslation {
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("d", "days"),
          Map.entry("h", "hours"),
          Map.entry("min", "minutes"),
          Map.entry("s", "seconds"),
          Map.entry("ms", "milliseconds"),
          Map.entry("us", "microseconds"),
          Map.entry("ns", "nanoseconds"),
          Map.entry("By", "bytes"),
          Map.entry("KiBy", "kibibytes"),
          Map.entry("MiBy", "mebibytes"),
          Map.entry("GiBy", "gibibytes"),
          Map.entry("TiBy", "tibibytes"),
          Map.entry("KBy", "kilobytes"),
          Map.entry("MBy", "megabytes"),
          Map.entry("GBy", "gigabytes"),
          Map.entry("TBy", "terabytes"),
          Map.entry("m", "meters"),
          Map.entry("V", "volts"),
          Map.entry("A", "amperes"),
          Map.entry("J", "joules"),
          Map.entry("W", "watts"),
          Map.entry("g", "grams"),
          Map.entry("Cel", "celsius"),
          Map.entry("Hz", "hertz"),
          Map.entry("1", ""),
          Map.entry("%", "percent"));
  private static final Map<String, String> PER_UNITS =
      Map.of(
          "s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo", "month", "y",
          "year");

  private final OtlpSettings.Strategy strategy;

  NameTranslation(OtlpSettings.Strategy strategy) {
    this.strategy = strategy;
  }

  /// The name of a metric.
  ///
  /// @param counts whether it only ever goes up
  /// @param gauge whether it is a gauge
  String metric(String name, String unit, boolean counts, boolean gauge) {
    boolean ratio = gauge && unit.equals("1");
    if (strategy.escapes()) {
      List<String> words = words(name);
      if (strategy.suffixes()) {
        addUnit(words, unit);
        moveToEnd(words, "total", counts);
        moveToEnd(words, "ratio", ratio);
      }
      String joined = String.join("_", words);
      return joined.isEmpty() || !isDigit(joined.charAt(0)) ? joined : "_" + joined;
    }
    if (!strategy.suffixes()) {
      return name;
    }
    String suffixed = withSuffix(name, mainUnit(unit));
    String perUnit = perUnit(unit);
    suffixed = perUnit.isEmpty() ? suffixed : withSuffix(suffixed, "per_" + perUnit);
    suffixed = ratio ? withSuffix(suffixed, "ratio") : suffixed;
    return counts ? withSuffix(suffixed, "total") : suffixed;
  }

  private static String withSuffix(String name, String suffix) {
    return suffix.isEmpty() || name.endsWith("_" + suffix) ? name : name + "_" + suffix;
  }

  /// A unit as metadata tells it.
  String unit(String unit) {
    String main = mainUnit(unit);
    String perUnit = perUnit(unit);
    return perUnit.isEmpty() ? main : main.isEmpty() ? "per_" + perUnit : main + "_per_" + perUnit;
  }

  private static void addUnit(List<String> words, String unit) {
    String main = mainUnit(unit);
    String perUnit = perUnit(unit);
    if (!main.isEmpty() && !words.contains(main)) {
      words.add(main);
    }
    if (!perUnit.isEmpty() && !words.contains(perUnit)) {
      words.add("per");
      words.add(perUnit);
    }
  }

  private static void moveToEnd(List<String> words, String word, boolean wanted) {
    if (wanted) {
      words.removeIf(word::equals);
      words.add(word);
    }
  }

  private static String mainUnit(String unit) {
    int slash = unit.indexOf('/');
    String main = (slash < 0 ? unit : unit.substring(0, slash)).strip();
    return isAnnotation(main) ? "" : String.join("_", words(UNITS.getOrDefault(main, main)));
  }

  private static String perUnit(String unit) {
    int slash = unit.indexOf('/');
    String per = slash < 0 ? "" : unit.substring(slash + 1).strip();
    return isAnnotation(per) ? "" : String.join("_", words(PER_UNITS.getOrDefault(per, per)));
  }

  /// Units in braces say what is counted and are no units.
  private static boolean isAnnotation(String unit) {
    return unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0;
  }

  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (!isLetter(c) && !isDigit(c) && c != ':') {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }

  /// The name of a label.
  String label(String attribute) {
    if (!strategy.escapes() || attribute.isEmpty()) {
      return attribute;
    }
    var name = new StringBuilder(attribute.length() + 4);
    for (int i = 0; i < attribute.length(); i++) {
      char c = attribute.charAt(i);
      if (!Character.isLowSurrogate(c)) {
        name.append(isLetter(c) || isDigit(c) ? c : '_');
      }
    }
    if (isDigit(name.charAt(0))) {
      return "key_" + name;
    }
    boolean single = name.charAt(0) == '_' && (name.length() == 1 || name.charAt(1) != '_');
    return single ? "key" + name : name.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
