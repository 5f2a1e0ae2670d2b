package barograph.ingest.scrape;

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

  private static final class Entry {
    final String metric;
    String type = "unknown";
    String help = "";

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
          if (entries.size() > lastSeen.length) {
            lastSeen = Arrays.copyOf(lastSeen, 2 * lastSeen.length);
          }
          return entries.size() - 1;
        });
  }

  synchronized void type(int number, String type) {
    entries.get(number).type = type;
  }

  synchronized void help(int number, String help) {
    entries.get(number).help = help;
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

  synchronized List<Targets.Metadata> of(Labels target) {
    return entries.stream()
        .map(entry -> new Targets.Metadata(target, entry.metric, entry.type, entry.help, ""))
        .toList();
  }
}
