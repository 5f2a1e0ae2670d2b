package barograph.ingest.scrape;

import barograph.storage.Appender;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesLimitException;
import barograph.storage.model.Labels;
import barograph.storage.model.Staleness;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/// The series that tell how the visits of one target went: `up` and its like. One thread at a time.
final class Reports {
  private static final String[] NAMES = {
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    // Only where the limits are to be told.
    "scrape_timeout_seconds",
    "scrape_sample_limit",
    "scrape_body_size_bytes"
  };
  private static final int USUAL = 5;
  private static final int UNKNOWN = -1;

  private final Appender appender;
  private final Labels target;
  private final String rowName;
  private final LongAdder refused;
  private final int[] refs;

  /// @param limitsTold whether there are series for the limits, too
  /// @param refused counts series that a limit has kept out
  Reports(Appender appender, Labels target, String rowName, boolean limitsTold, LongAdder refused) {
    this.appender = appender;
    this.target = target;
    this.rowName = rowName;
    this.refused = refused;
    this.refs = new int[limitsTold ? NAMES.length : USUAL];
    forget();
  }

  /// How many there are, whether the store has taken them or not.
  int size() {
    return refs.length;
  }

  /// Asks the store for those that it has not named yet. Call it before the page's own series can
  /// use up what a limit leaves.
  void name() {
    for (int i = 0; i < refs.length; i++) {
      if (refs[i] == UNKNOWN) {
        try {
          refs[i] = appender.seriesFor(target.with(Labels.METRIC_NAME, NAMES[i]), rowName);
        } catch (SeriesLimitException e) {
          refused.increment();
        }
      }
    }
  }

  /// Forgets what the store calls them.
  void forget() {
    Arrays.fill(refs, UNKNOWN);
  }

  /// @param values one for each, in their order; those beyond the last report are left out
  void add(SampleBatch batch, long timestampMillis, double... values) {
    for (int i = 0; i < refs.length; i++) {
      if (refs[i] != UNKNOWN) {
        batch.add(refs[i], timestampMillis, values[i]);
      }
    }
  }

  void addStale(SampleBatch batch, long timestampMillis) {
    var stale = new double[refs.length];
    Arrays.fill(stale, Staleness.MARKER);
    add(batch, timestampMillis, stale);
  }
}
