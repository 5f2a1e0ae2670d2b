package barograph.alerting.template;

import barograph.storage.model.Labels;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that the language itself has.
final class Builtins {
  private static final int ANY = Integer.MAX_VALUE;

  static final FunctionTable TABLE =
      new FunctionTable.Builder()
          // The run looks at their arguments one by one and never calls them.
          .add("and", 1, ANY, arguments -> arguments.at(arguments.size() - 1))
          .add("or", 1, ANY, arguments -> arguments.at(arguments.size() - 1))
          .add("not", 1, arguments -> !Values.isTrue(arguments.at(0)))
          .add("len", 1, arguments -> length(arguments.at(0)))
          .add("index", 1, ANY, Builtins::index)
          .add("slice", 1, 3, Builtins::slice)
          .add("print", 0, ANY, Arguments::printed)
          .add("println", 0, ANY, Builtins::println)
          .add("printf", 1, ANY, Builtins::printf)
          .add("html", 0, ANY, arguments -> html(arguments.printed()))
          .add("js", 0, ANY, arguments -> js(arguments.printed()))
          .add("urlquery", 0, ANY, arguments -> urlQuery(arguments.printed()))
          .add("eq", 2, ANY, Builtins::equalsAny)
          .add("ne", 2, arguments -> !equal(arguments.at(0), arguments.at(1)))
          .add("lt", 2, arguments -> compare(arguments) < 0)
          .add("le", 2, arguments -> compare(arguments) <= 0)
          .add("gt", 2, arguments -> compare(arguments) > 0)
          .add("ge", 2, arguments -> compare(arguments) >= 0)
          .build();

  private Builtins() {}

  private static Long length(@Nullable Object value) {
    return switch (value) {
      case String text -> (long) text.getBytes(StandardCharsets.UTF_8).length;
      case Collection<?> list -> (long) list.size();
      case Map<?, ?> map -> (long) map.size();
      case null, default -> throw new TemplateException("len of type " + Values.typeOf(value));
    };
  }

  private static @Nullable Object index(Arguments arguments) {
    var value = arguments.at(0);
    for (var key : arguments.from(1).values()) {
      value =
          switch (value) {
            case Map<?, ?> map -> {
              var found = map.get(Arguments.text(key));
              yield found == null ? "" : found;
            }
            case List<?> list -> list.get(place(key, list.size() - 1));
            case String text -> {
              var bytes = text.getBytes(StandardCharsets.UTF_8);
              yield (long) (bytes[place(key, bytes.length - 1)] & 0xff);
            }
            case null, default ->
                throw new TemplateException("can't index item of type " + Values.typeOf(value));
          };
    }
    return value;
  }

  private static Object slice(Arguments arguments) {
    return switch (arguments.at(0)) {
      case String text -> {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var cut = Cut.of(arguments, bytes.length);
        yield new String(bytes, cut.from, cut.to - cut.from, StandardCharsets.UTF_8);
      }
      case List<?> list -> {
        var cut = Cut.of(arguments, list.size());
        yield list.subList(cut.from, cut.to);
      }
      case null, default ->
          throw new TemplateException("can't slice item of type " + Values.typeOf(arguments.at(0)));
    };
  }

  /// The part that `slice` is asked for.
  private record Cut(int from, int to) {
    static Cut of(Arguments arguments, int length) {
      int from = arguments.size() > 1 ? place(arguments.at(1), length) : 0;
      int to = arguments.size() > 2 ? place(arguments.at(2), length) : length;
      if (from > to) {
        throw new TemplateException("invalid slice index: %d > %d".formatted(from, to));
      }
      return new Cut(from, to);
    }
  }

  private static int place(@Nullable Object index, int last) {
    if (!(index instanceof Long number)) {
      throw new TemplateException("cannot index slice/array with type " + Values.typeOf(index));
    }
    if (number < 0 || number > last) {
      throw new TemplateException("index out of range: " + number);
    }
    return number.intValue();
  }

  private static String println(Arguments arguments) {
    var words = arguments.values().stream().map(GoFormat::plain).toList();
    return String.join(" ", words) + "\n";
  }

  private static String printf(Arguments arguments) {
    return GoFormat.printf(arguments.text(0), arguments.from(1).values());
  }

  private static Boolean equalsAny(Arguments arguments) {
    var first = arguments.at(0);
    for (var other : arguments.from(1).values()) {
      if (equal(first, other)) {
        return true;
      }
    }
    return false;
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    requireSameType(a, b);
    return (a instanceof Double x && b instanceof Double y)
        ? x.doubleValue() == y.doubleValue()
        : a.equals(b);
  }

  private static int compare(Arguments arguments) {
    var a = arguments.at(0);
    var b = arguments.at(1);
    requireSameType(a, b);
    if (a instanceof Long x && b instanceof Long y) {
      return x.compareTo(y);
    }
    if (a instanceof String x && b instanceof String y) {
      return Labels.UTF8_ORDER.compare(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x < y ? -1 : x.doubleValue() == y.doubleValue() ? 0 : 1;
    }
    throw new TemplateException("invalid type for comparison");
  }

  private static void requireSameType(@Nullable Object a, @Nullable Object b) {
    if (!Values.typeOf(a).equals(Values.typeOf(b))) {
      throw new TemplateException(
          "incompatible types for comparison: %s and %s"
              .formatted(Values.typeOf(a), Values.typeOf(b)));
    }
  }

  /// Text as HTML shows it between tags and in quotes.
  static String html(String text) {
    var escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&#34;");
        case '\'' -> escaped.append("&#39;");
        case 0 -> escaped.append('\uFFFD');
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String js(String text) {
    var escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\', '\'', '"' -> escaped.append('\\').append(c);
        case '<', '>', '&', '=' -> escaped.append("\\u%04X".formatted((int) c));
        default -> {
          if (c < 0x20) {
            escaped.append("\\u%04X".formatted((int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  /// As Go's `url.QueryEscape`, which escapes `*` but not `~`.
  static String urlQuery(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }
}
