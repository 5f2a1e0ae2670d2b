package barograph.ingest.scrape;

import barograph.storage.Appender;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a target's pages have said about their metrics lately.
///
/// Written by the thread that reads the pages, read by anyone: hence the lock, which is taken once
/// per page and for new remarks only.
final class MetricMetadata {
  private static final int VISITS_KEPT = 10;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private int[] lastSeen = new int[64];

  /// Whether some entry may not have been told to the store.
  private boolean news;

  private static final class Entry {
    final String metric;
    String type = "unknown";
    String help = "";
    String unit = "";
    boolean told;

    Entry(String metric) {
      this.metric = metric;
    }
  }

  /// The number of `metric`, new or known.
  synchronized int number(String metric) {
    return numbers.computeIfAbsent(
        metric,
        added -> {
          entries.add(new Entry(added));
          news = true;
          if (entries.size() > lastSeen.length) {
            lastSeen = Arrays.copyOf(lastSeen, 2 * lastSeen.length);
          }
          return entries.size() - 1;
        });
  }

  /// The metric that has this number.
  synchronized String metric(int number) {
    return entries.get(number).metric;
  }

  /// The type that was told last, in the words of OpenMetrics.
  synchronized String type(int number) {
    return entries.get(number).type;
  }

  synchronized void type(int number, String type) {
    Entry entry = entries.get(number);
    entry.told &= entry.type.equals(type);
    news |= !entry.told;
    entry.type = type;
  }

  synchronized void help(int number, String help) {
    Entry entry = entries.get(number);
    entry.told &= entry.help.equals(help);
    news |= !entry.told;
    entry.help = help;
  }

  synchronized void unit(int number, String unit) {
    Entry entry = entries.get(number);
    entry.told &= entry.unit.equals(unit);
    news |= !entry.told;
    entry.unit = unit;
  }

  /// Notes that the metric was remarked on at `visit`.
  void seen(int number, int visit) {
    lastSeen[number] = visit;
  }

  /// Whether some metric has not been remarked on for so long that it should be forgotten.
  boolean outdated(int visit) {
    for (int i = 0; i < entries.size(); i++) {
      if (lastSeen[i] < visit - VISITS_KEPT) {
        return true;
      }
    }
    return false;
  }

  /// Forgets everything; the next page tells it anew.
  synchronized void clear() {
    numbers.clear();
    entries.clear();
  }

  /// Hands what is new since the last time to the store, where it outlives the target; what cannot
  /// be taken is handed over again the next time.
  void tell(Appender store) {
    Map<String, barograph.storage.model.MetricMetadata> news = takeNews();
    if (!news.isEmpty()) {
      var _ =
          store
              .tellOf(news)
              .whenComplete((_, failure) -> {
                if (failure != null) {
                  tellAgain();
                }
              });
    }
  }

  private synchronized Map<String, barograph.storage.model.MetricMetadata> takeNews() {
    if (!news) {
      return Map.of();
    }
    news = false;
    var taken = new HashMap<String, barograph.storage.model.MetricMetadata>();
    for (Entry entry : entries) {
      if (!entry.told) {
        entry.told = true;
        taken.put(
            entry.metric,
            new barograph.storage.model.MetricMetadata(
                barograph.storage.model.MetricMetadata.Type.of(entry.type),
                entry.help,
                entry.unit));
      }
    }
    return taken;
  }

  private synchronized void tellAgain() {
    news = true;
    entries.forEach(entry -> entry.told = false);
  }

  synchronized int size() {
    return entries.size();
  }

  synchronized List<Targets.Metadata> of(Labels target) {
    return entries.stream()
        .map(
            entry -> new Targets.Metadata(target, entry.metric, entry.type, entry.help, entry.unit))
        .toList();
  }
}
