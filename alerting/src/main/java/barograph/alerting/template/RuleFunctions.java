package barograph.alerting.template;

import barograph.alerting.template.FunctionTable.TemplateFunction;
import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import com.google.re2j.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The functions that templates of rules have besides the language's own.
final class RuleFunctions {
  private static final int ANY = Integer.MAX_VALUE;
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?"
              + "(?:([0-9]+)s)?(?:([0-9]+)ms)?");
  private static final long[] DURATION_MILLIS = {
    31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
  };

  private RuleFunctions() {}

  /// What one expansion may call.
  ///
  /// @param query answers an expression at the alert's time
  /// @param nowMillis the alert's time
  static FunctionTable table(
      String externalUrl, long nowMillis, Function<String, List<Sample>> query) {
    return new FunctionTable.Builder()
        .addAll(Builtins.TABLE)
        .add("query", 1, arguments -> samples(query.apply(arguments.text(0))))
        .add("first", 1, arguments -> first(arguments.list(0)))
        .add("label", 2, arguments -> arguments.label(1, arguments.text(0)))
        .add("value", 1, arguments -> Values.field(arguments.at(0), "Value"))
        .add("strvalue", 1, arguments -> arguments.label(0, "__value__"))
        .add("sortByLabel", 2, arguments -> sorted(arguments.text(0), arguments.list(1)))
        .add("args", 0, ANY, RuleFunctions::args)
        .add("safeHtml", 1, arguments -> arguments.text(0))
        .add("title", 1, arguments -> title(arguments.text(0)))
        .add("toUpper", 1, arguments -> Letters.upper(arguments.text(0)))
        .add("toLower", 1, arguments -> Letters.lower(arguments.text(0)))
        .add("match", 2, arguments -> Regexes.finds(arguments.text(0), arguments.text(1)))
        .add(
            "reReplaceAll",
            3,
            arguments ->
                Regexes.replaceAll(arguments.text(0), arguments.text(1), arguments.text(2)))
        .add("graphLink", 1, arguments -> link(arguments.text(0), 0))
        .add("tableLink", 1, arguments -> link(arguments.text(0), 1))
        .add("stripPort", 1, arguments -> HostPort.of(arguments.text(0)).withoutPort())
        .add("stripDomain", 1, arguments -> HostPort.of(arguments.text(0)).withoutDomain())
        .add("humanize", 1, number(Humanize::si))
        .add("humanize1024", 1, number(Humanize::binary))
        .add("humanizeDuration", 1, number(Humanize::duration))
        .add("humanizePercentage", 1, number(Humanize::percentage))
        .add("humanizeTimestamp", 1, number(Humanize::timestamp))
        .add("toTime", 1, number(Humanize::time))
        .add("toDuration", 1, number(seconds -> Duration.ofNanos((long) (seconds * 1e9))))
        .add("now", 0, _ -> nowMillis / 1000.0)
        .add("parseDuration", 1, arguments -> seconds(arguments.text(0)))
        .add("pathPrefix", 0, _ -> path(externalUrl))
        .add("externalURL", 0, _ -> externalUrl)
        .add("urlQueryEscape", 1, arguments -> Builtins.urlQuery(arguments.text(0)))
        .build();
  }

  interface OfNumber {
    Object of(double value);
  }

  /// A function of one number, which may be given as text.
  static TemplateFunction number(OfNumber function) {
    return arguments -> function.of(number(arguments.at(0)));
  }

  /// Numbers and texts of numbers.
  private static double number(@Nullable Object value) {
    return switch (value) {
      case Double number -> number;
      case Long number -> number;
      case Duration duration -> duration.toNanos() / 1e9;
      case String text -> parsed(text);
      case null, default ->
          throw new TemplateException("can't convert %s to float".formatted(Values.typeOf(value)));
    };
  }

  private static double parsed(String text) {
    try {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "nan" -> Double.NaN;
        case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw new TemplateException(
          "strconv.ParseFloat: parsing %s: invalid syntax".formatted(GoFormat.quoted(text)));
    }
  }

  private static List<Object> samples(List<Sample> samples) {
    var all = new ArrayList<Object>();
    for (var sample : samples) {
      var fields = new LinkedHashMap<String, @Nullable Object>();
      fields.put("Labels", sample.labels().toMap());
      fields.put("Value", sample.value());
      all.add(new Struct("*template.sample", fields));
    }
    return all;
  }

  private static Object first(List<?> list) {
    if (list.isEmpty()) {
      throw new TemplateException("first() called on vector with no elements");
    }
    return list.getFirst();
  }

  private static List<Object> sorted(String label, List<?> samples) {
    var all = new ArrayList<Object>(samples);
    all.sort(Comparator.comparing(sample -> Arguments.label(sample, label), Labels.UTF8_ORDER));
    return all;
  }

  private static Map<String, @Nullable Object> args(Arguments arguments) {
    var named = new TreeMap<String, @Nullable Object>();
    for (int i = 0; i < arguments.size(); i++) {
      named.put("arg" + i, arguments.at(i));
    }
    return named;
  }

  /// Every letter that begins a word becomes a capital.
  private static String title(String text) {
    var titled = new StringBuilder();
    int before = ' ';
    for (int c : text.codePoints().toArray()) {
      boolean inWord = Character.isLetterOrDigit(before) || before == '_' || before == '\'';
      titled.appendCodePoint(inWord ? c : Character.toTitleCase(c));
      before = c;
    }
    return titled.toString();
  }

  private static String link(String expr, int tab) {
    return "/graph?g0.expr=%s&g0.tab=%d".formatted(Builtins.urlQuery(expr), tab);
  }

  private static Double seconds(String text) {
    var matcher = DURATION.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      if (text.equals("0")) {
        return 0.0;
      }
      throw new TemplateException("not a valid duration string: " + GoFormat.quoted(text));
    }
    double millis = 0;
    for (int i = 0; i < DURATION_MILLIS.length; i++) {
      var part = matcher.group(i + 1);
      millis += part == null ? 0 : Double.parseDouble(part) * DURATION_MILLIS[i];
    }
    return millis / 1000;
  }

  private static String path(String externalUrl) {
    var path = URI.create(externalUrl).getPath();
    return path == null ? "" : path;
  }
}
