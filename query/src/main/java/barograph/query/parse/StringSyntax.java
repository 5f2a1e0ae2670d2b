package barograph.query.parse;

import barograph.query.ast.Quoting;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/// What may stand between quotes: Go's escapes in `"` and `'`, nothing special in backticks.
///
/// Escapes can spell single bytes, so the value is gathered as bytes, which need not be UTF-8 in
/// the end: a byte of no character becomes a lone surrogate, 0xDC00 above it.
final class StringSyntax {
  private static final int END = -1;

  private final String word;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int at;

  private StringSyntax(String word) {
    this.word = word;
  }

  /// The value of a quoted word that stands for labels, which are UTF-8.
  ///
  /// @throws IllegalArgumentException with Prometheus's words if it has none
  static String unquote(String word) {
    String value = literal(word);
    if (!Quoting.isText(value)) {
      throw new IllegalArgumentException("escape sequences do not spell valid UTF-8");
    }
    return value;
  }

  /// The value of a quoted word, which may have bytes of no character.
  ///
  /// @throws IllegalArgumentException with Prometheus's words if it has none
  static String literal(String word) {
    if (word.indexOf('\\') < 0 && word.indexOf('\uFFFD') < 0 && isClosed(word)) {
      return word.substring(1, word.length() - 1);
    }
    return new StringSyntax(word).read();
  }

  private static boolean isClosed(String word) {
    return word.length() > 1 && word.charAt(word.length() - 1) == word.charAt(0);
  }

  private String read() {
    int quote = next();
    boolean raw = quote == '`';
    while (true) {
      int c = next();
      if (c == quote) {
        break;
      } else if (c == END) {
        throw new IllegalArgumentException(
            raw ? "unterminated raw string" : "unterminated quoted string");
      } else if (c == 0xFFFD) {
        throw new IllegalArgumentException("invalid UTF-8 rune");
      } else if (c == '\\' && !raw) {
        escape(quote);
      } else {
        write(c);
      }
    }
    return decoded(ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static String decoded(ByteBuffer bytes) {
    var chars = CharBuffer.allocate(bytes.remaining());
    var decoder = StandardCharsets.UTF_8.newDecoder();
    while (true) {
      var result = decoder.decode(bytes, chars, true);
      if (!result.isMalformed()) {
        return chars.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        chars.put((char) (Quoting.LONE_BYTE + (bytes.get() & 0xff)));
      }
    }
  }

  private void escape(int quote) {
    int c = next();
    switch (c) {
      case 'a' -> bytes.write(0x07);
      case 'b' -> bytes.write('\b');
      case 'f' -> bytes.write('\f');
      case 'n' -> bytes.write('\n');
      case 'r' -> bytes.write('\r');
      case 't' -> bytes.write('\t');
      case 'v' -> bytes.write(0x0B);
      case '\\' -> bytes.write('\\');
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        bytes.write(digits(3, 8, 255));
      }
      case 'x' -> bytes.write(digits(2, 16, 255));
      case 'u' -> write(digits(4, 16, Character.MAX_CODE_POINT));
      case 'U' -> write(digits(8, 16, Character.MAX_CODE_POINT));
      case END -> throw new IllegalArgumentException("escape sequence not terminated");
      default -> {
        if (c != quote) {
          throw new IllegalArgumentException("unknown escape sequence " + named(c));
        }
        bytes.write(c);
      }
    }
  }

  private int digits(int count, int base, int max) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      int c = next();
      if (c == END) {
        throw new IllegalArgumentException("escape sequence not terminated");
      }
      int digit = c < 0x80 ? Character.digit(c, base) : -1;
      if (digit < 0) {
        throw new IllegalArgumentException("illegal character " + named(c) + " in escape sequence");
      }
      value = value * base + digit;
    }
    if (value > max || (value >= 0xD800 && value < 0xE000)) {
      throw new IllegalArgumentException("escape sequence is an invalid Unicode code point");
    }
    return (int) value;
  }

  private int next() {
    if (at == word.length()) {
      return END;
    }
    int c = word.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private void write(int codePoint) {
    bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
  }

  /// As `U+0067 'g'`.
  private static String named(int c) {
    return Character.isISOControl(c)
        ? "U+%04X".formatted(c)
        : "U+%04X '%s'".formatted(c, Character.toString(c));
  }
}
