package barograph.server.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A piece of work of a trace that is recorded: what it was and from when to when. One thread at a
/// time.
public final class Span {
  private static final ScopedValue<Span> CURRENT = ScopedValue.newInstance();

  private final SpanContext context;
  private final long parent;
  private final String name;
  private final SpanKind kind;
  private final long startNanos;
  private final Consumer<Span> finished;
  private final List<Attribute> attributes = new ArrayList<>();
  private long endNanos;
  private @Nullable String failure;

  /// Something that is known of a span: a text or a whole number.
  record Attribute(String name, @Nullable String text, long number) {}

  /// @param parent the number of the span that this is part of; 0 for none
  /// @param startNanos since the epoch
  /// @param finished is handed the span at its end
  Span(
      SpanContext context,
      long parent,
      String name,
      SpanKind kind,
      long startNanos,
      Consumer<Span> finished) {
    this.context = context;
    this.parent = parent;
    this.name = name;
    this.kind = kind;
    this.startNanos = startNanos;
    this.finished = finished;
  }

  /// The span that the present request is, or null if it is not recorded.
  public static @Nullable Span current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /// Does `work` as part of this span.
  <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /// A part of this one that began at `fromNanos` since the epoch.
  public Span part(String partName, long fromNanos) {
    return new Span(
        context.next(), context.span(), partName, SpanKind.INTERNAL, fromNanos, finished);
  }

  public Span with(String attribute, String text) {
    attributes.add(new Attribute(attribute, text, 0));
    return this;
  }

  public Span with(String attribute, long number) {
    attributes.add(new Attribute(attribute, null, number));
    return this;
  }

  /// Says that it went wrong.
  public Span failed(String how) {
    failure = how;
    return this;
  }

  /// Ends it, once, and has it sent.
  ///
  /// @param atNanos since the epoch
  public void end(long atNanos) {
    endNanos = Math.max(startNanos, atNanos);
    finished.accept(this);
  }

  SpanContext context() {
    return context;
  }

  long parent() {
    return parent;
  }

  String name() {
    return name;
  }

  SpanKind kind() {
    return kind;
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endNanos;
  }

  List<Attribute> attributes() {
    return attributes;
  }

  @Nullable String failure() {
    return failure;
  }
}
