package barograph.alerting.template;

import barograph.alerting.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/// Cuts a template into words: text outside of braces, tokens within.
final class Lexer {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";
  private static final String SPACES = " \t\r\n";

  private final String name;
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String name, String source) {
    this.name = name;
    this.source = source;
  }

  static List<Token> tokens(String name, String source) {
    var lexer = new Lexer(name, source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    boolean trimLeft = false;
    while (true) {
      int open = source.indexOf(OPEN, at);
      int textEnd = open < 0 ? source.length() : open;
      boolean trimRight = open >= 0 && isTrimMarker(open + 2);
      addText(at, textEnd, trimLeft, trimRight);
      if (open < 0) {
        tokens.add(new Token(Kind.END, "", source.length()));
        return;
      }
      at = open + 2 + (trimRight ? 2 : 0);
      trimLeft = source.startsWith("/*", at) ? comment() : action(open);
    }
  }

  /// A minus with white space behind it, as it must stand after the opening braces.
  private boolean isTrimMarker(int index) {
    return index + 1 < source.length()
        && source.charAt(index) == '-'
        && isSpace(source.charAt(index + 1));
  }

  private void addText(int from, int to, boolean trimLeft, boolean trimRight) {
    int start = from;
    int end = to;
    while (trimLeft && start < end && isSpace(source.charAt(start))) {
      start++;
    }
    while (trimRight && start < end && isSpace(source.charAt(end - 1))) {
      end--;
    }
    if (start < end) {
      tokens.add(new Token(Kind.TEXT, source.substring(start, end), start));
    }
  }

  /// Skips a comment and says whether the text behind it is trimmed.
  private boolean comment() {
    int end = source.indexOf("*/", at + 2);
    if (end < 0) {
      throw error(at, "unclosed comment");
    }
    at = end + 2;
    boolean trim =
        at + 1 < source.length() && isSpace(source.charAt(at)) && source.charAt(at + 1) == '-';
    at += trim ? 2 : 0;
    if (!source.startsWith(CLOSE, at)) {
      throw error(at, "comment ends before closing delimiter");
    }
    at += 2;
    return trim;
  }

  /// Reads up to the closing braces and says whether the text behind them is trimmed.
  private boolean action(int open) {
    tokens.add(new Token(Kind.OPEN, OPEN, open));
    int depth = 0;
    while (true) {
      if (at >= source.length()) {
        throw error(open, "unclosed action");
      }
      int start = at;
      char c = source.charAt(at);
      if (source.startsWith(CLOSE, at)) {
        if (depth > 0) {
          throw error(at, "unclosed left paren");
        }
        at += 2;
        tokens.add(new Token(Kind.CLOSE, CLOSE, start));
        return false;
      }
      if (isSpace(c)) {
        while (at < source.length() && isSpace(source.charAt(at))) {
          at++;
        }
        if (source.startsWith("-" + CLOSE, at)) {
          tokens.add(new Token(Kind.CLOSE, CLOSE, at));
          at += 3;
          return true;
        }
        tokens.add(new Token(Kind.SPACE, " ", start));
      } else if (c == '"' || c == '`') {
        quoted(c, open);
      } else if (c == '\'') {
        quotedCharacter();
      } else if (c == '$') {
        at++;
        skipName();
        add(Kind.VARIABLE, start);
      } else if (c == '.' && !isDigitAt(at + 1)) {
        at++;
        skipName();
        add(at == start + 1 ? Kind.DOT : Kind.FIELD, start);
      } else if (isDigitAt(at) || ((c == '+' || c == '-') && startsNumber(at + 1)) || c == '.') {
        number();
      } else if (isNameStart(c)) {
        skipName();
        add(Kind.WORD, start);
      } else if (source.startsWith(":=", at)) {
        at += 2;
        add(Kind.DECLARE, start);
      } else {
        at++;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth < 0) {
          throw error(start, "unexpected right paren");
        }
        add(single(c, start), start);
      }
    }
  }

  private Kind single(char c, int start) {
    return switch (c) {
      case '|' -> Kind.PIPE;
      case '(' -> Kind.OPEN_PAREN;
      case ')' -> Kind.CLOSE_PAREN;
      case '=' -> Kind.ASSIGN;
      case ',' -> Kind.COMMA;
      default -> throw error(start, "unexpected \"%s\" in command".formatted(c));
    };
  }

  private void quoted(char quote, int open) {
    int start = at++;
    while (true) {
      if (at >= source.length() || (quote == '"' && source.charAt(at) == '\n')) {
        throw error(open, quote == '"' ? "unterminated quoted string" : "unterminated raw string");
      }
      char c = source.charAt(at++);
      if (c == quote) {
        break;
      }
      if (c == '\\' && quote == '"') {
        at++;
      }
    }
    add(Kind.STRING, start);
  }

  private void quotedCharacter() {
    int start = at++;
    while (at < source.length() && source.charAt(at) != '\'') {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= source.length()) {
      throw error(start, "unterminated character constant");
    }
    at++;
    add(Kind.NUMBER, start);
  }

  private void number() {
    int start = at++;
    while (at < source.length()) {
      char c = source.charAt(at);
      char before = Character.toLowerCase(source.charAt(at - 1));
      boolean hex = source.regionMatches(true, start, "0x", 0, 2);
      boolean sign = (c == '+' || c == '-') && (hex ? before == 'p' : before == 'e');
      if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !sign) {
        break;
      }
      at++;
    }
    add(Kind.NUMBER, start);
  }

  private void add(Kind kind, int start) {
    tokens.add(new Token(kind, source.substring(start, at), start));
  }

  private void skipName() {
    while (at < source.length()
        && (source.charAt(at) == '_' || Character.isLetterOrDigit(source.charAt(at)))) {
      at++;
    }
  }

  private boolean startsNumber(int index) {
    return isDigitAt(index)
        || (index < source.length() && source.charAt(index) == '.' && isDigitAt(index + 1));
  }

  private boolean isDigitAt(int index) {
    return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
  }

  private static boolean isNameStart(char c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean isSpace(char c) {
    return SPACES.indexOf(c) >= 0;
  }

  private TemplateException error(int index, String message) {
    return Places.parseError(name, source, index, message);
  }
}
