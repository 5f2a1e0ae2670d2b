package barograph.query;

import java.util.LinkedHashMap;
import java.util.Map;

/// Queries that have lately turned out to be heavy, so that they are taken for it from the start
/// when they are asked again, as dashboards do. Forgets those that were not asked for longest.
final class HeavyTexts {
  private static final int MOST = 512;

  /// In the order in which they were last asked.
  private final Map<String, Boolean> texts = new LinkedHashMap<>(16, 0.75f, true);

  synchronized boolean has(String text) {
    return texts.get(text) != null;
  }

  /// Takes note of how much work a query was.
  synchronized void note(String text, boolean heavy) {
    if (!heavy) {
      texts.remove(text);
      return;
    }
    texts.put(text, true);
    if (texts.size() > MOST) {
      texts.remove(texts.keySet().iterator().next());
    }
  }
}
