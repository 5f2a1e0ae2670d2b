package barograph.storage.wal;

import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.wal.ReplayBatch.Call;
import java.util.function.UnaryOperator;

/// Puts the calls of a replay into batches.
final class ReplayRecorder implements ReplayHandler {
  private final UnaryOperator<ReplayBatch> exchange;
  private ReplayBatch batch;

  /// @param first an empty batch
  /// @param exchange takes a full batch and gives an empty one
  ReplayRecorder(ReplayBatch first, UnaryOperator<ReplayBatch> exchange) {
    this.batch = first;
    this.exchange = exchange;
  }

  /// Hands over what has gathered.
  void flush() {
    batch = exchange.apply(batch);
  }

  private ReplayBatch call(Call call) {
    if (batch.isFull()) {
      flush();
    }
    batch.call(call);
    return batch;
  }

  @Override
  public void target(int target, String name) {
    var to = call(Call.TARGET);
    to.add(target);
    to.add(name);
  }

  @Override
  public void series(int ref, int target, Labels labels) {
    var to = call(Call.SERIES);
    to.add(ref);
    to.add(target);
    to.add(labels);
  }

  @Override
  public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {
    var to = call(Call.ROW);
    to.add(target);
    to.add(refs, count);
    to.addTime(timestampMillis);
    to.add(values, count);
  }

  @Override
  public void sample(int ref, long timestampMillis, double value) {
    sample(Call.SAMPLE, ref, timestampMillis, value);
  }

  @Override
  public void late(int ref, long timestampMillis, double value) {
    sample(Call.LATE, ref, timestampMillis, value);
  }

  private void sample(Call call, int ref, long timestampMillis, double value) {
    var to = call(call);
    to.add(ref);
    to.addTime(timestampMillis);
    to.add(value);
  }

  @Override
  public void tombstone(TimeRange range, int[] refs, int count) {
    deletion(Call.TOMBSTONE, range, refs, count);
  }

  @Override
  public void lateTombstone(TimeRange range, int[] refs, int count) {
    deletion(Call.LATE_TOMBSTONE, range, refs, count);
  }

  private void deletion(Call call, TimeRange range, int[] refs, int count) {
    var to = call(call);
    to.add(refs, count);
    to.add(range);
  }

  @Override
  public void histogram(int ref, long timestampMillis, Histogram histogram) {
    histogram(Call.HISTOGRAM, ref, timestampMillis, histogram);
  }

  @Override
  public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
    histogram(Call.LATE_HISTOGRAM, ref, timestampMillis, histogram);
  }

  private void histogram(Call call, int ref, long timestampMillis, Histogram histogram) {
    var to = call(call);
    to.add(ref);
    to.addTime(timestampMillis);
    to.add(histogram);
  }

  @Override
  public void exemplar(int ref, Exemplar exemplar) {
    var to = call(Call.EXEMPLAR);
    to.add(ref);
    to.add(exemplar);
  }

  @Override
  public void metadata(String metric, MetricMetadata metadata) {
    var to = call(Call.METADATA);
    to.add(metric);
    to.add(metadata);
  }

  @Override
  public void checkpoint(byte[] payload) {
    call(Call.CHECKPOINT).add(payload);
  }

  @Override
  public void damaged(Damage damage) {
    call(Call.DAMAGED).add(damage);
  }

  /// Has the applying thread do something between two calls.
  void errand(Runnable errand) {
    call(Call.ERRAND).add(errand);
  }
}
