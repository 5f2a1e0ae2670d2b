package barograph.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.BitSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// Where a text that a parser refused is no JSON (RFC 8259), what stands there and what belongs
/// there: `line 2, column 14: found "}", expected a value`.
///
/// A parser's own words name its settings and its classes, which no sender knows. So the text is
/// read once more here, for its form alone; what is refused for something else, as numbers beyond
/// all bounds are, keeps the parser's words without what is about the parser.
public final class JsonFault {
  private static final int MOST_SHOWN = 20;

  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");
  private static final Pattern LITERAL = Pattern.compile("true|false|null");

  /// What a refusal says of the parser: where it reads, and which of its settings is a limit.
  private static final Pattern ABOUT_THE_PARSER =
      Pattern.compile(
          " \\(start marker at \\[Source:[^]]*+]\\)|(?: at)? \\[Source:[^]]*+]|, from `[^`]*+`");

  private final byte[] text;
  private final int length;

  /// What may stand behind a whole value that is in no other.
  private final Expected behind;

  /// Of each bracket that is open, the outermost first, whether it is an object's.
  private final BitSet objects = new BitSet();

  private int depth;
  private int at;

  /// What may come next.
  private enum Expected {
    VALUE("a value"),
    /// Also where the text may end.
    VALUE_IF_ANY("a value"),
    VALUE_OR_END("a value or \"]\""),
    NAME("a name in quotes"),
    NAME_OR_END("a name in quotes or \"}\""),
    COLON("\":\""),
    ITEM_OR_END("\",\" or \"]\""),
    MEMBER_OR_END("\",\" or \"}\""),
    NOTHING("nothing more");

    private final String words;

    Expected(String words) {
      this.words = words;
    }
  }

  /// The fault that was looked for.
  private static final class FoundException extends Exception {
    private static final long serialVersionUID = 1L;

    FoundException(String message) {
      super(message, null, false, false);
    }
  }

  private JsonFault(byte[] text, int length, Expected behind) {
    this.text = text;
    this.length = length;
    this.behind = behind;
  }

  /// What is wrong with a text that should be one value.
  ///
  /// @param refusal of the parser
  public static String inOne(byte[] text, int length, JacksonException refusal) {
    return told(new JsonFault(text, length, Expected.NOTHING), refusal);
  }

  /// What is wrong with a text that should be values, one behind the other.
  ///
  /// @param refusal of the parser
  public static String inSeveral(byte[] text, int length, JacksonException refusal) {
    return told(new JsonFault(text, length, Expected.VALUE_IF_ANY), refusal);
  }

  private static String told(JsonFault fault, JacksonException refusal) {
    try {
      fault.find();
    } catch (FoundException found) {
      return String.valueOf(found.getMessage());
    }
    String words = ABOUT_THE_PARSER.matcher(refusal.getOriginalMessage()).replaceAll("");
    var place = refusal.getLocation();
    return place == null || place.getLineNr() < 1
        ? words
        : "line %d, column %d: %s".formatted(place.getLineNr(), place.getColumnNr(), words);
  }

  /// Returns if the text is what it should be.
  private void find() throws FoundException {
    boolean marked =
        length >= 3 && text[0] == (byte) 0xef && text[1] == (byte) 0xbb && text[2] == (byte) 0xbf;
    at = marked ? 3 : 0;
    var expected = behind == Expected.NOTHING ? Expected.VALUE : behind;
    while (true) {
      while (at < length && isBlank(text[at])) {
        at++;
      }
      if (at == length && (expected == Expected.VALUE_IF_ANY || expected == Expected.NOTHING)) {
        return;
      }
      expected = next(expected);
    }
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /// Reads the next token, which has to be one of those that are expected.
  ///
  /// @return what may come behind it
  private Expected next(Expected expected) throws FoundException {
    int c = at < length ? text[at] : -1;
    return switch (expected) {
      case VALUE, VALUE_IF_ANY -> value(expected);
      case VALUE_OR_END -> c == ']' ? close() : value(expected);
      case NAME, NAME_OR_END -> {
        if (c == '}' && expected == Expected.NAME_OR_END) {
          yield close();
        }
        require(c == '"', expected.words);
        string();
        yield Expected.COLON;
      }
      case COLON -> {
        require(c == ':', expected.words);
        at++;
        yield Expected.VALUE;
      }
      case ITEM_OR_END, MEMBER_OR_END -> {
        boolean inObject = expected == Expected.MEMBER_OR_END;
        if (c == (inObject ? '}' : ']')) {
          yield close();
        }
        require(c == ',', expected.words);
        at++;
        yield inObject ? Expected.NAME : Expected.VALUE;
      }
      case NOTHING -> throw fault(expected.words);
    };
  }

  private Expected value(Expected expected) throws FoundException {
    int c = at < length ? text[at] : -1;
    if (c == '{' || c == '[') {
      objects.set(depth++, c == '{');
      at++;
      return c == '{' ? Expected.NAME_OR_END : Expected.VALUE_OR_END;
    }
    if (c == '"') {
      string();
    } else {
      String word = word(length);
      require(NUMBER.matcher(word).matches() || LITERAL.matcher(word).matches(), expected.words);
      at += word.length();
    }
    return behindValue();
  }

  private Expected close() {
    depth--;
    at++;
    return behindValue();
  }

  private Expected behindValue() {
    if (depth == 0) {
      return behind;
    }
    return objects.get(depth - 1) ? Expected.MEMBER_OR_END : Expected.ITEM_OR_END;
  }

  private void string() throws FoundException {
    at++;
    while (at < length && text[at] != '"') {
      int c = text[at];
      if (c == '\\') {
        escape();
      } else if (c >= 0) {
        require(c >= ' ', "an escape, as \"\\n\" is one");
        at++;
      } else {
        character(c & 0xff);
      }
    }
    require(at < length, "the quote that ends the string");
    at++;
  }

  private void escape() throws FoundException {
    int start = at++;
    int digits = at < length && text[at] == 'u' ? 4 : 0;
    boolean known = at < length && "\"\\/bfnrtu".indexOf(text[at]) >= 0;
    at++;
    for (int i = 0; known && i < digits; i++, at++) {
      known = at < length && Character.digit((char) (text[at] & 0xff), 16) >= 0 && text[at] > 0;
    }
    if (!known) {
      at = start;
      throw fault("an escape, as \"\\n\" or \"\\u00e9\" is one");
    }
  }

  /// Reads a character of several bytes.
  private void character(int first) throws FoundException {
    int more =
        (first & 0xe0) == 0xc0 ? 1 : (first & 0xf0) == 0xe0 ? 2 : (first & 0xf8) == 0xf0 ? 3 : 0;
    require(more > 0, "UTF-8");
    at++;
    for (int i = 0; i < more; i++, at++) {
      require(at < length && (text[at] & 0xc0) == 0x80, "UTF-8");
    }
  }

  private void require(boolean holds, String expected) throws FoundException {
    if (!holds) {
      throw fault(expected);
    }
  }

  private FoundException fault(String expected) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, length); i++) {
      if (text[i] == '\n') {
        line++;
        column = 1;
      } else if ((text[i] & 0xc0) != 0x80) {
        column++;
      }
    }
    return new FoundException(
        "line %d, column %d: found %s, expected %s".formatted(line, column, found(), expected));
  }

  private String found() {
    if (at >= length) {
      return "the end";
    }
    String word = word(MOST_SHOWN + 1);
    if (word.length() > MOST_SHOWN) {
      return "\"" + word.substring(0, MOST_SHOWN) + "…\"";
    }
    if (!word.isEmpty()) {
      return "\"" + word + "\"";
    }
    int c = text[at] & 0xff;
    if (c == '"') {
      return "a quote";
    }
    return c > ' ' && c < 0x7f ? "\"" + (char) c + "\"" : "byte 0x%02x".formatted(c);
  }

  /// The letters, digits and signs from here on, so many at most.
  private String word(int most) {
    int end = at;
    while (end < length && end - at < most && isOfWord(text[end])) {
      end++;
    }
    return new String(text, at, end - at, UTF_8);
  }

  private static boolean isOfWord(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_+-.$".indexOf(c) >= 0;
  }
}
