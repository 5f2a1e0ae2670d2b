package barograph.ingest.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Bytes of a page as an error message shows them: in quotes, with what cannot be printed escaped.
final class Quoted {
  private static final int LONGEST = 300;

  private Quoted() {}

  /// The bytes `[from, to)`, cut when they are very many.
  static String bytes(byte[] page, int from, int to) {
    int end = Math.min(to, from + LONGEST);
    var text = new StringBuilder("\"");
    for (int i = from; i < end; ) {
      int length = Utf8.sequenceLength(page, i, end);
      if (length == 0) {
        text.append("\\x%02x".formatted(page[i] & 0xff));
        i++;
      } else {
        appendEscaped(text, new String(page, i, length, StandardCharsets.UTF_8).codePointAt(0));
        i += length;
      }
    }
    return text.append(end < to ? "…\"" : "\"").toString();
  }

  private static void appendEscaped(StringBuilder text, int codePoint) {
    switch (codePoint) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (codePoint < 0x20 || codePoint == 0x7f) {
          text.append(String.format(Locale.ROOT, "\\x%02x", codePoint));
        } else {
          text.appendCodePoint(codePoint);
        }
      }
    }
  }
}
