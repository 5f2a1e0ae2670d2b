package barograph.alerting.notify;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many messages went out and how many did not, by kind of receiver.
public final class NotifyFigures {
  private final Map<String, LongAdder> delivered = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> lost = new ConcurrentHashMap<>();

  void delivered(String kind) {
    delivered.computeIfAbsent(kind, absent -> new LongAdder()).increment();
  }

  void refused(String kind) {
    refused.computeIfAbsent(kind, absent -> new LongAdder()).increment();
  }

  void lost(String kind) {
    lost.computeIfAbsent(kind, absent -> new LongAdder()).increment();
  }

  /// Messages that were taken.
  public Map<String, Long> delivered() {
    return sums(delivered);
  }

  /// Attempts that failed, whether or not a later one went well.
  public Map<String, Long> refused() {
    return sums(refused);
  }

  /// Messages that were given up.
  public Map<String, Long> lost() {
    return sums(lost);
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counters) {
    var sums = new TreeMap<String, Long>();
    counters.forEach((kind, counter) -> sums.put(kind, counter.sum()));
    return sums;
  }
}
