package barograph.server.trace;

/// Which side of a request a span tells of, by the numbers of OTLP.
public enum SpanKind {
  INTERNAL(1),
  SERVER(2),
  CLIENT(3);

  private final int number;

  SpanKind(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
