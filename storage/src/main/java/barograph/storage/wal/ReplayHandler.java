package barograph.storage.wal;

import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;

/// Takes what a replay finds, in the order in which it was logged. Arrays are reused from call to
/// call.
public interface ReplayHandler {

  /// The target numbered `target` is called `name`.
  void target(int target, String name);

  /// The series numbered `ref` is one of `target`'s and has these labels.
  void series(int ref, int target, Labels labels);

  /// A row: the first `count` of `refs` and `values` belong together, all at the same time. The
  /// order of the series in it need not be the one in which they were logged.
  void row(int target, long timestampMillis, int[] refs, double[] values, int count);

  /// A sample that came without a row.
  void sample(int ref, long timestampMillis, double value);

  /// The first `count` of `refs` have lost what came in order and lies in `range`; nothing that is
  /// logged later does.
  void tombstone(TimeRange range, int[] refs, int count);

  /// The first `count` of `refs` have lost what had come late by then and lies in `range`; they
  /// keep what is logged later.
  void lateTombstone(TimeRange range, int[] refs, int count);

  /// A sample that was not later than all of its series before, or not later than what is in
  /// blocks.
  void late(int ref, long timestampMillis, double value);

  /// A native histogram.
  void histogram(int ref, long timestampMillis, Histogram histogram);

  /// A native histogram that came late, as [#late].
  void lateHistogram(int ref, long timestampMillis, Histogram histogram);

  /// An exemplar of a series.
  void exemplar(int ref, Exemplar exemplar);

  /// What was told of a metric.
  void metadata(String metric, MetricMetadata metadata);

  /// What [Log#checkpoint] was given.
  void checkpoint(byte[] payload);

  /// Something could not be read; the rest goes on.
  void damaged(Damage damage);
}
