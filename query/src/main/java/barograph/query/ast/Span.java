package barograph.query.ast;

import java.nio.charset.StandardCharsets;

/// The stretch of query text that a node came from: `[start, end)`, in bytes of its UTF-8 form.
///
/// Bytes and not characters, because positions in errors and annotations are compared with those of
/// Prometheus, which counts so.
public record Span(int start, int end) {
  /// Of a node that was built and not read.
  public static final Span NONE = new Span(0, 0);

  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("span [%d, %d) is none".formatted(start, end));
    }
  }

  /// From the start of this one to the end of `last`.
  public Span to(Span last) {
    return new Span(start, Math.max(start, last.end));
  }

  /// The start as `line:column` within `text`, both counted from 1, the column in bytes.
  public String positionIn(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(start, bytes.length); i++) {
      if (bytes[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return line + ":" + (start - lineStart + 1);
  }

  /// The words of `text` that this span covers.
  public String of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int to = Math.min(end, bytes.length);
    return new String(bytes, Math.min(start, to), to - Math.min(start, to), StandardCharsets.UTF_8);
  }
}
