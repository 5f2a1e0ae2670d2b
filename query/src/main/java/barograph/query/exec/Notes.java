package barograph.query.exec;

import barograph.query.ast.Span;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// What the reader of a result should know: warnings and infos, each said once, by any thread.
public final class Notes {
  private final Map<String, Span> warnings = new LinkedHashMap<>();
  private final Map<String, Span> infos = new LinkedHashMap<>();
  private final Map<String, ForcedCounts> forced = new LinkedHashMap<>();

  synchronized void warn(Span span, String text) {
    warnings.putIfAbsent(text, span);
  }

  synchronized void inform(Span span, String text) {
    infos.putIfAbsent(text, span);
  }

  /// Informs of classic buckets that were forced; the details of all with the same text become one.
  synchronized void informOfForcedCounts(Span span, String text, ForcedCounts counts) {
    inform(span, text);
    forced.merge(text, counts, ForcedCounts::and);
  }

  /// Hands every warning on, with the part of the query that it is about.
  public void forEachWarning(BiConsumer<String, Span> consumer) {
    warnings.forEach(consumer);
  }

  public void forEachInfo(BiConsumer<String, Span> consumer) {
    infos.forEach((text, span) -> {
      var counts = forced.get(text);
      consumer.accept(counts == null ? text : text + counts.details(), span);
    });
  }
}
