package barograph.query;

import barograph.query.ast.Expr;
import barograph.storage.model.Matcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Queries that have been read and checked before: dashboards ask the same ones again and again,
/// and where one is about a few series, to read it is no small part of answering it.
///
/// Bounded by weight: what was asked for longest ago is forgotten first. Safe for any thread.
final class PreparedQueries {
  /// Characters of all texts, those of regular expressions counted several times.
  private static final int MOST_WEIGHT = 256 << 10;

  private static final int HEAVIEST = 8 << 10;

  /// A few characters of an expression may stand for thousands of others.
  private static final int EXPRESSION_CHARACTER = 16;

  private final Function<String, Expr> reader;

  /// In the order in which they were last asked.
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private int weight;

  private record Entry(PreparedQuery query, int weight) {}

  /// @param reader makes a tree of a text, or throws
  PreparedQueries(Function<String, Expr> reader) {
    this.reader = reader;
  }

  /// The query that `text` is.
  PreparedQuery of(String text) {
    var known = known(text);
    if (known != null) {
      return known;
    }
    var query = new PreparedQuery(text, reader.apply(text));
    note(new Entry(query, weight(query)));
    return query;
  }

  private synchronized @Nullable PreparedQuery known(String text) {
    var entry = entries.get(text);
    return entry == null ? null : entry.query;
  }

  private synchronized void note(Entry entry) {
    if (entry.weight > HEAVIEST) {
      return;
    }
    var before = entries.put(entry.query.text(), entry);
    weight += entry.weight - (before == null ? 0 : before.weight);
    var oldest = entries.values().iterator();
    while (weight > MOST_WEIGHT) {
      weight -= oldest.next().weight;
      oldest.remove();
    }
  }

  private static int weight(PreparedQuery query) {
    int weight = query.text().length();
    for (List<Matcher> matchers : PromqlText.selectors(query.expr())) {
      for (var matcher : matchers) {
        weight += weight(matcher);
      }
    }
    return weight;
  }

  private static int weight(Matcher matcher) {
    if (matcher.literals() != null) {
      return 0;
    }
    // Counted repetitions multiply what they repeat.
    return matcher.value().indexOf('{') < 0
        ? EXPRESSION_CHARACTER * matcher.value().length()
        : HEAVIEST;
  }
}
