package barograph.ingest.scrape;

import barograph.storage.Appender;
import barograph.storage.ExemplarResult;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.WriteResult;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.testkit.NaiveStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Hands everything on to a naive store; tests take the place of what they want otherwise.
abstract class StoreFront implements Appender {
  final NaiveStore store;

  StoreFront(NaiveStore store) {
    this.store = store;
  }

  @Override
  public int seriesFor(Labels labels, String target) {
    return store.seriesFor(labels, target);
  }

  @Override
  public CompletableFuture<WriteResult> append(SampleBatch batch) {
    return store.append(batch);
  }

  @Override
  public CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
    return store.appendExemplars(exemplars);
  }

  @Override
  public CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
    return store.tellOf(metrics);
  }
}
