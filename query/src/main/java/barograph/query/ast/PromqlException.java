package barograph.query.ast;

import org.jspecify.annotations.Nullable;

/// A query text that cannot be asked: it does not parse, or its types do not fit.
///
/// The message reads as Prometheus prints it, `1:5: parse error: …`.
public final class PromqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String detail;
  private final transient @Nullable Span span;

  private PromqlException(String message, String detail, @Nullable Span span) {
    super(message);
    this.detail = detail;
    this.span = span;
  }

  /// What is wrong with the words at `span` of `text`.
  public static PromqlException at(Span span, String text, String detail) {
    return new PromqlException(span.positionIn(text) + ": parse error: " + detail, detail, span);
  }

  /// What is wrong where no place in the text can be blamed.
  public static PromqlException anywhere(String detail) {
    return new PromqlException("unknown position: parse error: " + detail, detail, null);
  }

  /// What is wrong when there is no text to point into: with a duration expression once the query's
  /// step and range are known, or with a selector as a whole.
  public static PromqlException plain(String detail) {
    return new PromqlException(detail, detail, null);
  }

  /// The message without its position.
  public String detail() {
    return detail;
  }

  /// Where in the text, if there is such a place.
  public @Nullable Span span() {
    return span;
  }
}
