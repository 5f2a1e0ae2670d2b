package barograph.query.ast;

/// Text in quotes as Go's `%q` writes it, which is how PromQL is printed and errors quote.
public final class Quoting {
  /// What is added to a byte that belongs to no character, so that a text can hold it.
  public static final int LONE_BYTE = 0xDC00;

  private Quoting() {}

  /// Whether a text holds characters alone and no lone bytes.
  public static boolean isText(String text) {
    return text.codePoints().noneMatch(Quoting::isLoneByte);
  }

  private static boolean isLoneByte(int c) {
    return c >= LONE_BYTE + 0x80 && c <= LONE_BYTE + 0xFF;
  }

  /// `text` in double quotes.
  public static String quote(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(codePoint -> append(quoted, codePoint, '"'));
    return quoted.append('"').toString();
  }

  /// One character in single quotes.
  public static String quoteCharacter(int codePoint) {
    var quoted = new StringBuilder(8).append('\'');
    append(quoted, codePoint < 0 ? 0xFFFD : codePoint, '\'');
    return quoted.append('\'').toString();
  }

  private static void append(StringBuilder quoted, int c, char quote) {
    switch (c) {
      case 0x07 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      case 0x0B -> quoted.append("\\v");
      case '\\' -> quoted.append("\\\\");
      default -> {
        if (c == quote) {
          quoted.append('\\').append(quote);
        } else if (isPrintable(c)) {
          quoted.appendCodePoint(c);
        } else if (isLoneByte(c)) {
          quoted.append("\\x%02x".formatted(c - LONE_BYTE));
        } else if (c < 0x20 || c == 0x7F) {
          quoted.append("\\x%02x".formatted(c));
        } else {
          quoted.append((c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
        }
      }
    }
  }

  /// Letters, marks, numbers, punctuation, symbols and the ASCII space.
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
