package barograph.server.trace;

import barograph.ingest.wire.WireWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes OTLP's `ExportTraceServiceRequest`; field numbers are those of
/// `opentelemetry/proto/trace/v1/trace.proto`. Reused; one thread at a time.
final class SpansMessage {
  private static final String SERVICE = "barograph";
  private static final int ERROR = 2;

  private final String version;
  private final WireWriter message = new WireWriter();
  private final WireWriter resourceSpans = new WireWriter();
  private final WireWriter scopeSpans = new WireWriter();
  private final WireWriter span = new WireWriter();
  private final WireWriter inner = new WireWriter();
  private final WireWriter attribute = new WireWriter();
  private final WireWriter value = new WireWriter();

  /// @param version of this program
  SpansMessage(String version) {
    this.version = version;
  }

  byte[] of(List<Span> spans) {
    attribute("service.name", SERVICE, 0);
    inner.clear().field(1, attribute);
    attribute("service.version", version, 0);
    inner.field(1, attribute);
    resourceSpans.clear().field(1, inner);
    scopeSpans.clear().field(1, inner.clear().text(1, SERVICE).text(2, version));
    for (Span each : spans) {
      write(each);
      scopeSpans.field(2, span);
    }
    return message.clear().field(1, resourceSpans.field(2, scopeSpans)).copy();
  }

  private void write(Span from) {
    var context = from.context();
    byte[] trace =
        ByteBuffer.allocate(16).putLong(context.traceHigh()).putLong(context.traceLow()).array();
    span.clear().bytes(1, trace, trace.length).bytes(2, number(context.span()), Long.BYTES);
    if (from.parent() != 0) {
      span.bytes(4, number(from.parent()), Long.BYTES);
    }
    span.text(5, from.name()).varint(6, from.kind().number());
    span.fixedLong(7, from.startNanos()).fixedLong(8, from.endNanos());
    for (var each : from.attributes()) {
      attribute(each.name(), each.text(), each.number());
      span.field(9, attribute);
    }
    @Nullable String failure = from.failure();
    if (failure != null) {
      span.field(15, inner.clear().text(2, failure).varint(3, ERROR));
    }
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private void attribute(String name, @Nullable String text, long number) {
    value.clear();
    if (text == null) {
      value.varint(3, number);
    } else {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      value.bytes(1, utf8, utf8.length);
    }
    attribute.clear().text(1, name).field(2, value);
  }
}
