package barograph.storage;

import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Takes samples in, from any number of threads.
///
/// Two steps, so that the second is cheap: a series is looked up once by its labels and afterwards
/// known by a number; batches then carry numbers only.
public interface Appender {

  /// The reference of the series with these labels, which is created if it is new.
  ///
  /// A reference stays good while its series gets samples, and is never given to another series
  /// while the process lives. Once a series has been silent so long that the head has dropped it, a
  /// batch that still uses the old reference is refused that sample with
  /// [WriteResult.Reason#UNKNOWN_SERIES]; look the series up again.
  ///
  /// @param target names what shares its timestamps with this series: the scraped page, or for
  ///   pushed samples the sender's `job` and `instance`. It decides how well the series compresses
  ///   and nothing else; the first name that a series is created with stays.
  /// @throws IllegalArgumentException if the labels are longer than a million characters together,
  ///   or more than 50,000
  /// @throws SeriesLimitException if the store has as many series as it may
  int seriesFor(Labels labels, String target);

  /// Finds the references of several series, as [#seriesFor(Labels, String)] does: those that are
  /// beyond a limit are noted in `lookup`, and keep no other from being found.
  default void seriesFor(SeriesLookup lookup) {
    for (int i = 0; i < lookup.size(); i++) {
      try {
        lookup.found(i, seriesFor(lookup.labels(i), lookup.target(i)));
      } catch (SeriesLimitException e) {
        lookup.refused(i, e);
      }
    }
  }

  /// Appends what can be taken of `batch`.
  ///
  /// The answer comes once every accepted sample is visible to the next query and, unless the store
  /// was opened with asynchronous durability, safe from a power cut. Samples that cannot be taken
  /// (out of order, contradicting, too old, too far ahead) are listed in it and keep no other from
  /// being stored. Blocks while the store has more waiting than it may hold.
  ///
  /// @return fails with [StoreUnavailableException] if nothing of the batch was stored: the disk is
  ///   full or failing, or the store is closed
  CompletableFuture<WriteResult> append(SampleBatch batch);

  /// Keeps exemplars, those of one series in the order of time, value and labels.
  ///
  /// The store has room for so many of all series together; when it is full, the one that came
  /// first goes. They are as durable as samples.
  ///
  /// @return fails with [StoreUnavailableException] if nothing was kept: the disk is full or
  ///   failing, or the store is closed
  CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars);

  /// Keeps what is told of metrics, by their names; it stays until something else is told, or so
  /// many others have been told of that it is the oldest. They are as durable as samples.
  ///
  /// @return how much of it was new; fails with [StoreUnavailableException] if nothing was kept
  CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics);
}
