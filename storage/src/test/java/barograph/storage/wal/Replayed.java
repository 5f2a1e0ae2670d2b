package barograph.storage.wal;

import barograph.storage.disk.Disk;
import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps all that a replay hands over.
final class Replayed implements ReplayHandler {
  /// One sample, bit for bit.
  record Point(int ref, long timestampMillis, long bits) {
    static Point of(int ref, long timestampMillis, double value) {
      return new Point(ref, timestampMillis, Double.doubleToRawLongBits(value));
    }
  }

  final Map<Integer, String> targets = new HashMap<>();
  final Map<Integer, Labels> series = new HashMap<>();
  final Set<Point> points = new HashSet<>();
  final List<String> tombstones = new ArrayList<>();
  final List<byte[]> checkpoints = new ArrayList<>();
  final List<Damage> damages = new ArrayList<>();
  final List<String> histograms = new ArrayList<>();
  final List<String> beside = new ArrayList<>();
  int handedOver;

  static Replayed of(Disk disk, Path root) throws IOException {
    var replayed = new Replayed();
    replayed.run(disk, root, 0);
    return replayed;
  }

  ReplaySummary run(Disk disk, Path root, long fromSegment) throws IOException {
    return Replay.run(disk, root.resolve("wal"), root.resolve("quarantine"), fromSegment, this);
  }

  @Override
  public void target(int target, String name) {
    targets.put(target, name);
  }

  @Override
  public void series(int ref, int target, Labels labels) {
    series.put(ref, labels);
  }

  @Override
  public void row(int target, long timestampMillis, int[] refs, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      sample(refs[i], timestampMillis, values[i]);
    }
  }

  @Override
  public void late(int ref, long timestampMillis, double value) {
    sample(ref, timestampMillis, value);
  }

  @Override
  public void sample(int ref, long timestampMillis, double value) {
    points.add(Point.of(ref, timestampMillis, value));
    handedOver++;
  }

  @Override
  public void tombstone(TimeRange range, int[] refs, int count) {
    tombstones.add(range + Arrays.toString(Arrays.copyOf(refs, count)));
  }

  @Override
  public void lateTombstone(TimeRange range, int[] refs, int count) {
    tombstones.add("late " + range + Arrays.toString(Arrays.copyOf(refs, count)));
  }

  @Override
  public void histogram(int ref, long timestampMillis, Histogram histogram) {
    histograms.add(ref + " " + timestampMillis + " " + histogram);
    handedOver++;
  }

  @Override
  public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
    histograms.add("late " + ref + " " + timestampMillis + " " + histogram);
    handedOver++;
  }

  @Override
  public void exemplar(int ref, Exemplar exemplar) {
    beside.add(ref + " " + exemplar);
  }

  @Override
  public void metadata(String metric, MetricMetadata metadata) {
    beside.add(metric + " " + metadata);
  }

  @Override
  public void checkpoint(byte[] payload) {
    checkpoints.add(payload);
  }

  @Override
  public void damaged(Damage damage) {
    damages.add(damage);
  }
}
