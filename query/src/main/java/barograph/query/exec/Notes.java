package barograph.query.exec;

import barograph.query.ast.Span;
import barograph.query.plan.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// What the reader of a result should know: warnings and infos, each said once, of the place whose
/// operator has its turn last, by any thread.
public final class Notes {
  private final Map<String, Place> warnings = new LinkedHashMap<>();
  private final Map<String, Place> infos = new LinkedHashMap<>();
  private final Map<String, ForcedCounts> forced = new LinkedHashMap<>();

  synchronized void warn(Place place, String text) {
    warnings.merge(text, place, Notes::later);
  }

  synchronized void inform(Place place, String text) {
    infos.merge(text, place, Notes::later);
  }

  private static Place later(Place one, Place other) {
    return other.isAfter(one) ? other : one;
  }

  /// Informs of classic buckets that were forced; the details of all with the same text become one.
  synchronized void informOfForcedCounts(Place place, String text, ForcedCounts counts) {
    inform(place, text);
    forced.merge(text, counts, ForcedCounts::and);
  }

  /// Hands every warning on, with the part of the query that it is about.
  public void forEachWarning(BiConsumer<String, Span> consumer) {
    warnings.forEach((text, place) -> consumer.accept(text, place.span()));
  }

  public void forEachInfo(BiConsumer<String, Span> consumer) {
    infos.forEach((text, place) -> {
      var counts = forced.get(text);
      consumer.accept(counts == null ? text : text + counts.details(), place.span());
    });
  }
}
