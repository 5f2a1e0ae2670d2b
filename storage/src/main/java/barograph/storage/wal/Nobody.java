package barograph.storage.wal;

import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;

/// Hears what is read again only because what follows stands on it.
enum Nobody implements ReplayHandler {
  INSTANCE;

  @Override
  public void target(int target, String name) {}

  @Override
  public void series(int ref, int target, Labels labels) {}

  @Override
  public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {}

  @Override
  public void sample(int ref, long timestampMillis, double value) {}

  @Override
  public void late(int ref, long timestampMillis, double value) {}

  @Override
  public void tombstone(TimeRange range, int[] refs, int count) {}

  @Override
  public void lateTombstone(TimeRange range, int[] refs, int count) {}

  @Override
  public void histogram(int ref, long timestampMillis, Histogram histogram) {}

  @Override
  public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {}

  @Override
  public void exemplar(int ref, Exemplar exemplar) {}

  @Override
  public void metadata(String metric, MetricMetadata metadata) {}

  @Override
  public void checkpoint(byte[] payload) {}

  @Override
  public void damaged(Damage damage) {}
}
