package barograph.query.exec;

import barograph.query.ast.Span;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// What the reader of a result should know: warnings and infos, each said once.
public final class Notes {
  private final Map<String, Span> warnings = new LinkedHashMap<>();
  private final Map<String, Span> infos = new LinkedHashMap<>();

  void warn(Span span, String text) {
    warnings.putIfAbsent(text, span);
  }

  void inform(Span span, String text) {
    infos.putIfAbsent(text, span);
  }

  /// Hands every warning on, with the part of the query that it is about.
  public void forEachWarning(BiConsumer<String, Span> consumer) {
    warnings.forEach(consumer);
  }

  public void forEachInfo(BiConsumer<String, Span> consumer) {
    infos.forEach(consumer);
  }
}
