package barograph.alerting.forward;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many alerts were passed on and how many were not, by the Alertmanager's address.
public final class ForwardFigures {
  private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
  private final LongAdder dropped = new LongAdder();

  void sent(URI url, int alerts) {
    sent.computeIfAbsent(url.toString(), absent -> new LongAdder()).add(alerts);
  }

  void failed(URI url, int alerts) {
    failed.computeIfAbsent(url.toString(), absent -> new LongAdder()).add(alerts);
  }

  void dropped() {
    dropped.increment();
  }

  /// Alerts that were taken.
  public Map<String, Long> sent() {
    return sums(sent);
  }

  /// Alerts that were sent and not taken.
  public Map<String, Long> failed() {
    return sums(failed);
  }

  /// Alerts that were given up because too many waited.
  public long droppedCount() {
    return dropped.sum();
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counters) {
    var sums = new TreeMap<String, Long>();
    counters.forEach((url, counter) -> sums.put(url, counter.sum()));
    return sums;
  }
}
