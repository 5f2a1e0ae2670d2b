package barograph.alerting.evaluate;

import barograph.query.histogram.StoredHistograms;
import barograph.query.value.Sample;
import barograph.storage.Appender;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesLimitException;
import barograph.storage.StoreUnavailableException;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.model.Labels;
import barograph.storage.model.Staleness;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The series that one rule writes: whichever it does not give any more gets a stale marker.
///
/// Used by one thread at a time.
final class RuleSeries {
  private static final System.Logger LOG = System.getLogger(RuleSeries.class.getName());

  private static final CompletableFuture<WriteResult> NOTHING =
      CompletableFuture.completedFuture(new WriteResult(0, List.of()));

  private final Appender appender;
  private final String target;
  private Map<Labels, Integer> refs = new HashMap<>();

  /// Begins with no series.
  ///
  /// @param target what the series of a group share, so that they share timestamps
  RuleSeries(Appender appender, String target) {
    this.appender = appender;
    this.target = target;
  }

  /// Samples on their way into the store.
  @FunctionalInterface
  interface Writing {
    /// Waits until they are visible, because a later rule may ask for them.
    void await() throws RuleFailure;
  }

  /// Hands `samples` to the store and ends the series that were there the last time and are not
  /// among them.
  Writing write(List<Sample> samples, long timeMillis) throws RuleFailure {
    var batch = new SampleBatch(samples.size());
    var written = new ArrayList<Labels>(samples.size());
    var next = new HashMap<Labels, Integer>();
    try {
      for (var sample : samples) {
        int ref = refOf(sample.labels());
        next.put(sample.labels(), ref);
        if (add(batch, ref, timeMillis, sample)) {
          written.add(sample.labels());
        }
      }
      refs.forEach((labels, ref) -> {
        if (!next.containsKey(labels)) {
          written.add(labels);
          batch.add(ref, timeMillis, Staleness.MARKER);
        }
      });
      refs = next;
      var appending = append(batch);
      return () -> {
        try {
          finish(batch, written, appending);
        } catch (SeriesLimitException | StoreUnavailableException e) {
          throw new RuleFailure(String.valueOf(e.getMessage()), e);
        }
      };
    } catch (SeriesLimitException | StoreUnavailableException e) {
      throw new RuleFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /// Adds a result; false if it is a histogram of the kind that the store does not take.
  private boolean add(SampleBatch batch, int ref, long timeMillis, Sample sample) {
    var histogram = sample.histogram();
    if (histogram == null) {
      batch.add(ref, timeMillis, sample.value());
      return true;
    }
    try {
      batch.add(ref, timeMillis, StoredHistograms.toStored(histogram));
      return true;
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "result %s of a rule in %s was not stored: %s"
              .formatted(sample.labels(), target, e.getMessage()));
      return false;
    }
  }

  /// Ends all series but those in `kept`.
  void end(long timeMillis, Set<Labels> kept) {
    var ended = new HashMap<Labels, Integer>(refs);
    ended.keySet().removeAll(kept);
    var batch = new SampleBatch(ended.size());
    var written = new ArrayList<Labels>(ended.size());
    ended.forEach((labels, ref) -> {
      written.add(labels);
      batch.add(ref, timeMillis, Staleness.MARKER);
    });
    refs = new HashMap<>();
    try {
      finish(batch, written, append(batch));
    } catch (SeriesLimitException | StoreUnavailableException e) {
      LOG.log(Level.WARNING, "could not end %d series of %s".formatted(ended.size(), target), e);
    }
  }

  Set<Labels> current() {
    return new HashSet<>(refs.keySet());
  }

  /// Goes on where another writer of the same rule stopped.
  void continueFrom(RuleSeries before) {
    refs = new HashMap<>(before.refs);
  }

  private int refOf(Labels labels) {
    var known = refs.get(labels);
    return known != null ? known : appender.seriesFor(labels, target);
  }

  private CompletableFuture<WriteResult> append(SampleBatch batch) {
    return batch.isEmpty() ? NOTHING : appender.append(batch);
  }

  /// Waits for what the store says of a batch; series that it has forgotten are written once more.
  private void finish(
      SampleBatch batch, List<Labels> written, CompletableFuture<WriteResult> appending) {
    var forgotten = new SampleBatch();
    for (var refusal : resultOf(appending).refusals()) {
      var labels = written.get(refusal.index());
      double value = batch.value(refusal.index());
      var histogram = batch.histogram(refusal.index());
      if (refusal.reason() == Reason.UNKNOWN_SERIES && !Staleness.isMarker(value)) {
        int ref = appender.seriesFor(labels, target);
        refs.put(labels, ref);
        long time = batch.timestampMillis(refusal.index());
        if (histogram == null) {
          forgotten.add(ref, time, value);
        } else {
          forgotten.add(ref, time, histogram);
        }
      } else if (!Staleness.isMarker(value)) {
        LOG.log(
            Level.WARNING,
            "result %s of a rule in %s was not stored: %s"
                .formatted(labels, target, refusal.reason().words()));
      }
    }
    if (!forgotten.isEmpty()) {
      resultOf(appender.append(forgotten));
    }
  }

  private static WriteResult resultOf(CompletableFuture<WriteResult> appending) {
    try {
      return appending.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreUnavailableException unavailable) {
        throw unavailable;
      }
      throw e;
    }
  }
}
