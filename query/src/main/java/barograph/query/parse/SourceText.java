package barograph.query.parse;

import barograph.query.ast.PromqlException;
import barograph.query.ast.Span;
import java.nio.charset.StandardCharsets;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.jspecify.annotations.Nullable;

/// A query's text, in which ANTLR counts code points and we count bytes.
final class SourceText {
  private final String text;

  /// Bytes before each code point; null where both are the same, in pure ASCII.
  private final int @Nullable [] bytesBefore;

  SourceText(CharStream input) {
    this.text = input.size() == 0 ? "" : input.getText(Interval.of(0, input.size() - 1));
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length == input.size()) {
      this.bytesBefore = null;
    } else {
      var before = new int[input.size() + 1];
      int i = 0;
      int bytes = 0;
      for (int at = 0; at < text.length(); ) {
        int codePoint = text.codePointAt(at);
        before[i++] = bytes;
        bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        at += Character.charCount(codePoint);
      }
      before[i] = bytes;
      this.bytesBefore = before;
    }
  }

  String text() {
    return text;
  }

  /// The offset in bytes of the code point number `index`.
  int offset(int index) {
    return bytesBefore == null ? index : bytesBefore[Math.min(index, bytesBefore.length - 1)];
  }

  Span span(Token token) {
    return span(token, token);
  }

  Span span(Token first, Token last) {
    int start = offset(first.getStartIndex());
    return new Span(start, Math.max(start, offset(last.getStopIndex() + 1)));
  }

  Span span(ParserRuleContext context) {
    return span(context.getStart(), context.getStop());
  }

  PromqlException complaint(Token token, String detail) {
    return PromqlException.at(span(token), text, detail);
  }

  PromqlException complaint(Span span, String detail) {
    return PromqlException.at(span, text, detail);
  }
}
