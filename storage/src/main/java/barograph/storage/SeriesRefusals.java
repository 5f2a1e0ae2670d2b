package barograph.storage;

import barograph.storage.SeriesLimitException.Limit;
import barograph.storage.head.SeriesBudget;
import barograph.storage.model.Labels;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What new series are refused by: in words for whoever brings one, in numbers for whoever watches.
final class SeriesRefusals {
  private final StoreOptions.Limits limits;
  private final SeriesBudget budget;
  private final Map<Limit, LongAdder> counts = new ConcurrentHashMap<>();

  SeriesRefusals(StoreOptions.Limits limits) {
    this.limits = limits;
    this.budget =
        new SeriesBudget(
            limits.series(),
            limits.seriesPerTarget(),
            limits.seriesPerJob(),
            limits.headBytes() == 0 ? Long.MAX_VALUE : limits.headBytes());
  }

  SeriesBudget budget() {
    return budget;
  }

  /// Counts a refusal.
  ///
  /// @param why what the head gave in place of a reference
  /// @param present how many series there are
  SeriesLimitException refuse(int why, Labels labels, String target, int present) {
    Limit limit =
        switch (why) {
          case SeriesBudget.TOTAL_TAKEN -> Limit.TOTAL;
          case SeriesBudget.MEMORY_TAKEN -> Limit.MEMORY;
          case SeriesBudget.TARGET_TAKEN -> Limit.TARGET;
          case SeriesBudget.JOB_TAKEN -> Limit.JOB;
          default -> throw new AssertionError("a series is refused by " + why);
        };
    count(limit).increment();
    String words =
        switch (limit) {
          case TOTAL -> "the store holds " + limits.series() + " series, which is its limit";
          case MEMORY ->
              "the store's "
                  + present
                  + " series take the "
                  + limits.headBytes()
                  + " bytes of memory that they may";
          case TARGET ->
              "the target \""
                  + target
                  + "\" has "
                  + limits.seriesPerTarget()
                  + " series, which is the limit of one";
          case JOB ->
              "the job \""
                  + labels.get(SeriesBudget.JOB)
                  + "\" has "
                  + limits.seriesPerJob()
                  + " series, which is the limit of one";
        };
    return new SeriesLimitException(limit, words + "; " + labels + " is refused");
  }

  private LongAdder count(Limit limit) {
    return counts.computeIfAbsent(limit, absent -> new LongAdder());
  }

  /// How often each limit has refused a series since the start; one that comes again counts again.
  Map<Limit, Long> counts() {
    var sums = new EnumMap<Limit, Long>(Limit.class);
    for (Limit limit : Limit.values()) {
      sums.put(limit, count(limit).sum());
    }
    return sums;
  }
}
