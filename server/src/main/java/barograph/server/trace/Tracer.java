package barograph.server.trace;

import barograph.ingest.forward.Post;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Begins spans, if there is a collector for them, and has them sent.
public final class Tracer implements AutoCloseable {
  private final Post post;
  private final String version;
  private final InstantSource clock;
  private volatile @Nullable Export export;

  /// @param version of this program
  public Tracer(Post post, String version, InstantSource clock) {
    this.post = post;
    this.version = version;
    this.clock = clock;
  }

  /// Sends spans as `settings` say from now on; none at all if they are null.
  public synchronized void apply(@Nullable TracingSettings settings) {
    var before = export;
    if (before != null && before.settings().equals(settings)) {
      return;
    }
    export = settings == null ? null : new Export(settings, post, new SpansMessage(version));
    if (before != null) {
      before.close();
    }
  }

  /// A span that begins now; null if it is not recorded.
  ///
  /// @param traceparent the header of who asks; empty for nobody, who begins a new trace
  @Nullable Span begin(String traceparent, String name, SpanKind kind) {
    var present = export;
    return present == null ? null : begin(present, traceparent, name, kind);
  }

  private @Nullable Span begin(Export present, String traceparent, String name, SpanKind kind) {
    @Nullable SpanContext asker = SpanContext.parse(traceparent);
    var context = asker == null ? SpanContext.fresh(present.settings().fraction()) : asker.next();
    return context.sampled()
        ? new Span(context, asker == null ? 0 : asker.span(), name, kind, now(), present::add)
        : null;
  }

  /// Whether anything is recorded at all.
  boolean isOn() {
    return export != null;
  }

  /// Nanoseconds since the epoch.
  long now() {
    return nanos(clock.instant());
  }

  /// Nanoseconds since the epoch.
  public static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  /// Sends what there is, and no more.
  @Override
  public void close() {
    apply(null);
  }
}
