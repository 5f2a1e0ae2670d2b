package barograph.alerting.template;

import barograph.alerting.template.GoTime.Moment;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The functions that templates of notifications have besides the language's own.
final class NotificationFunctions {
  private static final int ANY = Integer.MAX_VALUE;

  private NotificationFunctions() {}

  /// What one expansion may call.
  static FunctionTable table(Instant now) {
    return new FunctionTable.Builder()
        .addAll(Builtins.TABLE)
        .add("toUpper", 1, arguments -> Letters.upper(arguments.text(0)))
        .add("toLower", 1, arguments -> Letters.lower(arguments.text(0)))
        .add("title", 1, arguments -> title(arguments.text(0)))
        .add("trimSpace", 1, arguments -> arguments.text(0).strip())
        .add("join", 2, arguments -> joined(arguments.text(0), arguments.list(1)))
        .add("match", 2, arguments -> Regexes.finds(arguments.text(0), arguments.text(1)))
        .add("safeHtml", 1, arguments -> new SafeText(SafeText.Kind.HTML, arguments.text(0)))
        .add("safeUrl", 1, arguments -> new SafeText(SafeText.Kind.URL, arguments.text(0)))
        .add("urlUnescape", 1, arguments -> unescaped(arguments.text(0)))
        .add(
            "reReplaceAll",
            3,
            arguments ->
                Regexes.replaceAll(arguments.text(0), arguments.text(1), arguments.text(2)))
        .add("stringSlice", 0, ANY, NotificationFunctions::strings)
        .add("date", 2, arguments -> moment(arguments.at(1)).format(arguments.text(0)))
        .add("tz", 2, arguments -> moment(arguments.at(1)).in(arguments.text(0)))
        .add("now", 0, _ -> Moment.utc(now))
        .add("since", 1, arguments -> GoTime.between(moment(arguments.at(0)).instant(), now))
        .add("humanizeDuration", 1, RuleFunctions.number(Humanize::duration))
        .add("toJson", 1, arguments -> GoJson.text(arguments.at(0)))
        .add("base64encode", 1, arguments -> encoded(arguments.text(0)))
        .add("base64decode", 1, arguments -> decoded(arguments.text(0)))
        .add("list", 0, ANY, Arguments::values)
        .add("append", 1, ANY, NotificationFunctions::appended)
        .add("dict", 0, ANY, NotificationFunctions::dictionary)
        .build();
  }

  /// The first letter of every word a capital, the others small.
  private static String title(String text) {
    var titled = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      titled.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetterOrDigit(c) || c == '_' || (inWord && (c == '\'' || c == '.'));
    }
    return titled.toString();
  }

  private static String joined(String separator, List<?> strings) {
    return String.join(separator, strings.stream().map(Arguments::text).toList());
  }

  private static Strings strings(Arguments arguments) {
    return new Strings(arguments.values().stream().map(Arguments::text).toList());
  }

  private static Moment moment(@Nullable Object value) {
    if (value instanceof Moment moment) {
      return moment;
    }
    throw new WrongTypeException("time.Time", Values.typeOf(value));
  }

  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new TemplateException("invalid URL escape in " + GoFormat.quoted(text));
    }
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    try {
      return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new TemplateException("illegal base64 data in " + GoFormat.quoted(text));
    }
  }

  private static List<@Nullable Object> appended(Arguments arguments) {
    var all = new ArrayList<@Nullable Object>(arguments.list(0));
    all.addAll(arguments.from(1).values());
    return all;
  }

  private static Map<String, @Nullable Object> dictionary(Arguments arguments) {
    if (arguments.size() % 2 != 0) {
      throw new TemplateException("dict requires an even number of arguments");
    }
    var entries = new TreeMap<String, @Nullable Object>();
    for (int i = 0; i < arguments.size(); i += 2) {
      if (!(arguments.at(i) instanceof String name)) {
        throw new TemplateException("dict keys must be strings");
      }
      entries.put(name, arguments.at(i + 1));
    }
    return entries;
  }
}
