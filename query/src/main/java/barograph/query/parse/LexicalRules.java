package barograph.query.parse;

import static barograph.query.parse.PromqlLexer.ASSIGN;
import static barograph.query.parse.PromqlLexer.BRACES;
import static barograph.query.parse.PromqlLexer.BRACKETS;
import static barograph.query.parse.PromqlLexer.COLON;
import static barograph.query.parse.PromqlLexer.DURATION;
import static barograph.query.parse.PromqlLexer.FILL;
import static barograph.query.parse.PromqlLexer.FILL_LEFT;
import static barograph.query.parse.PromqlLexer.FILL_RIGHT;
import static barograph.query.parse.PromqlLexer.IDENTIFIER;
import static barograph.query.parse.PromqlLexer.LEFT_BRACKET;
import static barograph.query.parse.PromqlLexer.LEFT_PAREN;
import static barograph.query.parse.PromqlLexer.NUMBER;
import static barograph.query.parse.PromqlLexer.RIGHT_BRACKET;
import static barograph.query.parse.PromqlLexer.RIGHT_PAREN;
import static barograph.query.parse.PromqlLexer.STRING;
import static barograph.query.parse.PromqlLexer.UNEXPECTED;
import static barograph.query.parse.PromqlLexer.UNTERMINATED_STRING;

import barograph.query.ast.Quoting;
import barograph.query.ast.Span;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;

/// The rules about words that a pattern cannot say, and the words for what breaks them.
///
/// Also the place where nesting is limited: every recursion of the grammar goes through a left
/// parenthesis, so counting them here protects all that comes after.
abstract class LexicalRules extends Lexer {
  private final SourceText source;
  private int parentheses;
  private boolean bracketOpen;
  private boolean numberInBracket;
  private int tokensInBracket;
  private boolean colonInBracket;

  protected LexicalRules(CharStream input) {
    super(input);
    this.source = new SourceText(input);
  }

  SourceText source() {
    return source;
  }

  @Override
  public Token nextToken() {
    Token token = super.nextToken();
    switch (token.getType()) {
      case NUMBER -> number((CommonToken) token);
      case STRING, UNTERMINATED_STRING -> string(token);
      case FILL, FILL_LEFT, FILL_RIGHT -> {
        if (!parenthesisFollows()) {
          ((CommonToken) token).setType(IDENTIFIER);
        }
      }
      case ASSIGN -> {
        if (_mode == DEFAULT_MODE && _input.LA(1) == '~') {
          throw source.complaint(token, "unexpected character after '=': '~'");
        }
      }
      case LEFT_PAREN -> {
        if (++parentheses > QueryParser.MAX_NESTING) {
          throw source.complaint(token, QueryParser.TOO_DEEP);
        }
      }
      case RIGHT_PAREN -> {
        if (--parentheses < 0) {
          throw source.complaint(after(token), "unexpected right parenthesis ')'");
        }
      }
      case LEFT_BRACKET -> {
        bracketOpen = true;
        numberInBracket = false;
        colonInBracket = false;
        tokensInBracket = -1;
      }
      case RIGHT_BRACKET -> {
        if (!bracketOpen) {
          throw source.complaint(token, "unexpected right bracket ']'");
        }
        bracketOpen = false;
      }
      case COLON -> colon(token);
      case UNEXPECTED -> unexpected(token);
      case Token.EOF -> end(token);
      default -> {
        // Every other word is what it looks like.
      }
    }
    tokensInBracket++;
    return token;
  }

  private void number(CommonToken token) {
    numberInBracket = true;
    String word = token.getText();
    if (Character.isLetter(word.charAt(0))) {
      return; // Inf and NaN.
    }
    try {
      if (NumberSyntax.classify(word, _input.LA(1) == EOF) == NumberSyntax.Kind.DURATION) {
        token.setType(DURATION);
      }
    } catch (IllegalArgumentException e) {
      throw source.complaint(token, message(e));
    }
  }

  private void string(Token token) {
    try {
      StringSyntax.literal(token.getText());
    } catch (IllegalArgumentException e) {
      throw source.complaint(token, message(e));
    }
  }

  private void colon(Token token) {
    if (tokensInBracket == 0) {
      throw source.complaint(
          after(token), "unexpected colon before duration in duration expression");
    }
    if (colonInBracket) {
      throw numberInBracket
          ? source.complaint(token, "unexpected colon ':'")
          : source.complaint(after(token), "unexpected repeated colon in duration expression");
    }
    colonInBracket = true;
  }

  private void unexpected(Token token) {
    int c = token.getText().codePointAt(0);
    String quoted = Quoting.quoteCharacter(c);
    String detail =
        switch (_mode) {
          case BRACES ->
              switch (c) {
                case '!' ->
                    "unexpected character after '!' inside braces: "
                        + Quoting.quoteCharacter(_input.LA(1));
                case '{' -> "unexpected left brace " + quoted;
                default -> "unexpected character inside braces: " + quoted;
              };
          case BRACKETS -> {
            if (!numberInBracket) {
              yield "unexpected character in duration expression: " + quoted;
            }
            yield c == '['
                ? "unexpected left bracket '['"
                : "unexpected character: " + quoted + (isLetter(c) ? ", expected ':'" : "");
          }
          default ->
              c == '!'
                  ? "unexpected character after '!': " + Quoting.quoteCharacter(_input.LA(1))
                  : "unexpected character: " + quoted;
        };
    throw source.complaint(token, detail);
  }

  private void end(Token token) {
    if (_mode == BRACES) {
      throw source.complaint(token, "unexpected end of input inside braces");
    }
    if (bracketOpen && !numberInBracket) {
      throw source.complaint(token, "unexpected end of input in duration expression");
    }
    if (parentheses > 0) {
      throw source.complaint(token, "unclosed left parenthesis");
    }
    if (bracketOpen) {
      throw source.complaint(token, "unclosed left bracket");
    }
  }

  private boolean parenthesisFollows() {
    int i = 1;
    while (" \t\r\n".indexOf(_input.LA(i)) >= 0) {
      i++;
    }
    return _input.LA(i) == '(';
  }

  private Span after(Token token) {
    int end = source.span(token).end();
    return new Span(end, end);
  }

  private static boolean isLetter(int c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static String message(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }
}
