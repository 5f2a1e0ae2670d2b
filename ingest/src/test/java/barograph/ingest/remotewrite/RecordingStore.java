package barograph.ingest.remotewrite;

import barograph.storage.Appender;
import barograph.storage.ExemplarResult;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.SeriesLimitException;
import barograph.storage.SeriesLimitException.Limit;
import barograph.storage.StoreUnavailableException;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// The naive store with the moods of a real one; remembers the batches as `reference@time`.
final class RecordingStore implements Appender {
  final NaiveStore naive = new NaiveStore();
  final List<List<String>> batches = new ArrayList<>();
  private int generation = 1;
  boolean full;
  boolean unavailable;

  void forgetAll() {
    generation += 1_000_000;
  }

  @Override
  public int seriesFor(Labels labels, String target) {
    if (full) {
      throw new SeriesLimitException(Limit.TOTAL, "no more series");
    }
    return generation + naive.seriesFor(labels, target);
  }

  @Override
  public CompletableFuture<WriteResult> append(SampleBatch batch) {
    if (unavailable) {
      return CompletableFuture.failedFuture(new StoreUnavailableException("disk is full"));
    }
    var good = new SampleBatch();
    var places = new ArrayList<Integer>();
    var refusals = new ArrayList<Refusal>();
    var shown = new ArrayList<String>();
    for (int i = 0; i < batch.size(); i++) {
      shown.add(batch.series(i) + "@" + batch.timestampMillis(i));
      if (batch.series(i) < generation) {
        refusals.add(new Refusal(i, Reason.UNKNOWN_SERIES));
      } else {
        Histogram histogram = batch.histogram(i);
        int ref = batch.series(i) - generation;
        if (histogram == null) {
          good.add(ref, batch.timestampMillis(i), batch.value(i));
        } else {
          good.add(ref, batch.timestampMillis(i), histogram);
        }
        places.add(i);
      }
    }
    batches.add(shown);
    WriteResult result = naive.append(good).join();
    result.refusals().forEach(r -> refusals.add(new Refusal(places.get(r.index()), r.reason())));
    return CompletableFuture.completedFuture(new WriteResult(result.accepted(), refusals));
  }

  @Override
  public CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
    return naive.appendExemplars(
        exemplars.stream()
            .map(each -> new SeriesExemplar(each.seriesRef() - generation, each.exemplar()))
            .toList());
  }

  @Override
  public CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
    return naive.tellOf(metrics);
  }

  /// All samples, as labels, time and value.
  List<String> stored() {
    return naive.lines();
  }

  /// All exemplars, as series, labels, value and time.
  List<String> exemplars() {
    return naive.exemplars(List.of(List.of()), TimeRange.ALL).stream()
        .flatMap(series ->
            series.exemplars().stream()
                .map(each ->
                    "%s %s %s %d"
                        .formatted(
                            series.series(), each.labels(), each.value(), each.timestampMillis())))
        .toList();
  }
}
