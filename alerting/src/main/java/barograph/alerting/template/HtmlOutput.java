package barograph.alerting.template;

import barograph.alerting.template.SafeText.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// HTML in which no value can be more than a value: each is escaped for the place where it comes.
///
/// The place is found by reading the template's own text as a browser would, as far as it has come:
/// between tags, in a tag, in an attribute that holds text, an address, a style or a script, in an
/// element that holds one of these. The escapes are those of Go's html/template. Comments of the
/// template are left out.
final class HtmlOutput implements TemplateOutput {
  private static final Set<String> URLS =
      Set.of(
          "action",
          "archive",
          "background",
          "cite",
          "classid",
          "codebase",
          "data",
          "formaction",
          "href",
          "icon",
          "longdesc",
          "manifest",
          "poster",
          "profile",
          "src",
          "usemap");

  /// What stands where an address of a dangerous kind was given.
  private static final String FILTERED_URL = "#ZgotmplZ";

  private static final String FILTERED = "ZgotmplZ";

  private final StringBuilder html = new StringBuilder();
  private Place place = Place.TEXT;
  private String element = "";
  private String attribute = "";
  private char quote;
  private boolean inQuery;
  private boolean attributeBegun;

  /// Where the output stands.
  private enum Place {
    TEXT,
    COMMENT,
    TAG_NAME,
    TAG,
    ATTRIBUTE_NAME,
    BEFORE_VALUE,
    ATTRIBUTE,
    /// In an element whose content is no HTML: script, style, textarea or title.
    RAW
  }

  @Override
  public void literal(String text) {
    int at = 0;
    while (at < text.length()) {
      at = step(text, at);
    }
  }

  /// Takes what begins at `at` and gives where it ends.
  private int step(String text, int at) {
    char c = text.charAt(at);
    return switch (place) {
      case TEXT -> inText(text, at);
      case COMMENT -> {
        int end = text.indexOf("-->", at);
        place = end < 0 ? Place.COMMENT : Place.TEXT;
        yield end < 0 ? text.length() : end + 3;
      }
      case RAW -> inRaw(text, at);
      case TAG_NAME -> {
        if (Character.isLetterOrDigit(c) || c == '-' || c == ':') {
          element += Character.toLowerCase(c);
          html.append(c);
          yield at + 1;
        }
        place = Place.TAG;
        yield at;
      }
      case TAG -> inTag(text, at);
      case ATTRIBUTE_NAME -> {
        if (c == '=' || c == '>' || c == '/' || Character.isWhitespace(c)) {
          place = c == '=' ? Place.BEFORE_VALUE : Place.TAG;
          html.append(c == '=' ? "=" : "");
          yield c == '=' ? at + 1 : at;
        }
        attribute += Character.toLowerCase(c);
        html.append(c);
        yield at + 1;
      }
      case BEFORE_VALUE -> {
        if (Character.isWhitespace(c)) {
          html.append(c);
          yield at + 1;
        }
        quote = c == '"' || c == '\'' ? c : 0;
        enterAttribute();
        html.append(quote == 0 ? "" : String.valueOf(c));
        yield quote == 0 ? at : at + 1;
      }
      case ATTRIBUTE -> inAttribute(c, at);
    };
  }

  private int inText(String text, int at) {
    if (text.startsWith("<!--", at)) {
      place = Place.COMMENT;
      return at + 4;
    }
    char c = text.charAt(at);
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    html.append(c);
    if (c == '<' && (Character.isLetter(next) || next == '/')) {
      place = Place.TAG_NAME;
      element = next == '/' ? "/" : "";
      html.append(next == '/' ? "/" : "");
      return next == '/' ? at + 2 : at + 1;
    }
    return at + 1;
  }

  private int inTag(String text, int at) {
    char c = text.charAt(at);
    if (c == '>') {
      html.append(c);
      boolean raw = Set.of("script", "style", "textarea", "title").contains(element);
      place = raw ? Place.RAW : Place.TEXT;
    } else if (Character.isWhitespace(c) || c == '/') {
      html.append(c);
    } else {
      attribute = "";
      place = Place.ATTRIBUTE_NAME;
      return at;
    }
    return at + 1;
  }

  private int inRaw(String text, int at) {
    if (text.regionMatches(true, at, "</" + element, 0, element.length() + 2)) {
      html.append("</");
      element = "/";
      place = Place.TAG_NAME;
      return at + 2;
    }
    html.append(text.charAt(at));
    return at + 1;
  }

  private int inAttribute(char c, int at) {
    boolean ends = quote == 0 ? Character.isWhitespace(c) || c == '>' : c == quote;
    if (ends) {
      place = Place.TAG;
      if (quote != 0) {
        html.append(c);
        return at + 1;
      }
      return at;
    }
    inQuery |= c == '?' || c == '#';
    attributeBegun = true;
    html.append(c);
    return at + 1;
  }

  private void enterAttribute() {
    place = Place.ATTRIBUTE;
    inQuery = false;
    attributeBegun = false;
  }

  @Override
  public void value(@Nullable Object value) {
    var text = value == null ? "" : GoFormat.plain(value);
    @Nullable Kind kind = value instanceof SafeText safe ? safe.kind() : null;
    if (place == Place.BEFORE_VALUE) {
      quote = 0;
      enterAttribute();
    }
    html.append(
        switch (place) {
          case TEXT -> kind == Kind.HTML ? text : escaped(text);
          case COMMENT -> "";
          case RAW -> inElement(text);
          case TAG, TAG_NAME, ATTRIBUTE_NAME -> name(text);
          case ATTRIBUTE -> ofAttribute(text, kind);
          case BEFORE_VALUE -> throw new IllegalStateException("no place for a value");
        });
  }

  private String inElement(String text) {
    return switch (element) {
      case "script" -> script(text);
      case "style" -> style(text);
      default -> escaped(text);
    };
  }

  private String ofAttribute(String text, @Nullable Kind kind) {
    var plain = kind == Kind.HTML ? text.replaceAll("<[^>]*>", "") : text;
    String value;
    if (attribute.startsWith("on")) {
      value = script(plain);
    } else if (attribute.equals("style")) {
      value = style(plain);
    } else if (isUrl()) {
      value = address(plain, kind);
    } else {
      value = plain;
    }
    attributeBegun = true;
    return quote == 0 ? escapedUnquoted(value) : escaped(value);
  }

  private boolean isUrl() {
    var name = attribute.substring(attribute.indexOf(':') + 1);
    return URLS.contains(name)
        || name.contains("src")
        || name.contains("uri")
        || name.contains("url");
  }

  /// An address or a part of one: only links to the web and to mail may begin one.
  private String address(String text, @Nullable Kind kind) {
    if (inQuery) {
      return percent(text, false);
    }
    boolean begins = !attributeBegun;
    inQuery |= text.indexOf('?') >= 0 || text.indexOf('#') >= 0;
    if (begins && kind != Kind.URL && !isHarmless(text)) {
      return FILTERED_URL;
    }
    return percent(text, true);
  }

  private static boolean isHarmless(String url) {
    int colon = url.indexOf(':');
    int slash = url.indexOf('/');
    if (colon < 0 || (slash >= 0 && slash < colon)) {
      return true;
    }
    return Set.of("http", "https", "mailto")
        .contains(url.substring(0, colon).toLowerCase(Locale.ROOT));
  }

  /// Percent-encodes what may not stand in an address.
  ///
  /// @param whole whether the text may be an address itself, whose own signs are kept
  private static String percent(String text, boolean whole) {
    var encoded = new StringBuilder();
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      boolean escape =
          c == '%'
              && i + 2 < bytes.length
              && Character.digit(bytes[i + 1], 16) >= 0
              && Character.digit(bytes[i + 2], 16) >= 0;
      if (letter || "-._~".indexOf(c) >= 0) {
        encoded.append(c);
      } else if (whole && ("!#$&*+,/:;=?@[]".indexOf(c) >= 0 || escape)) {
        encoded.append(c);
      } else {
        encoded.append("%%%02x".formatted((int) c));
      }
    }
    return encoded.toString();
  }

  private static String escaped(String text) {
    return Builtins.html(text).replace("+", "&#43;");
  }

  private static String escapedUnquoted(String text) {
    var escaped = new StringBuilder();
    var once = escaped(text);
    for (int i = 0; i < once.length(); i++) {
      char c = once.charAt(i);
      if ("\t\n\u000b\f\r =`".indexOf(c) >= 0) {
        escaped.append("&#%d;".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /// A name of a tag or attribute, if it can be none that does something.
  private static String name(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    boolean plain = !lower.isEmpty() && lower.chars().allMatch(Character::isLetterOrDigit);
    return plain && !lower.startsWith("on") && !lower.equals("style") ? lower : FILTERED;
  }

  /// A value of a style, if it can be nothing else.
  private static String style(String text) {
    boolean harmless =
        text.chars().noneMatch(c -> "\0\"'()/;@[\\]`{}<>".indexOf(c) >= 0)
            && !text.contains("--")
            && !text.toLowerCase(Locale.ROOT).contains("expression");
    return harmless ? text : FILTERED;
  }

  /// A value of a script: a string.
  private static String script(String text) {
    return GoJson.text(text).replace("'", "\\u0027");
  }

  @Override
  public int length() {
    return html.length();
  }

  @Override
  public String finished() {
    return html.toString();
  }
}
