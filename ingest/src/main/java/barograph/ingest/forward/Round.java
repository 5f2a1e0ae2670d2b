package barograph.ingest.forward;

import barograph.storage.LogTail;
import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A stretch of the log on its way: samples, histograms and exemplars in the order in which they
/// were accepted, until all of it was sent. Reused; one thread fills it, others read it then.
final class Round implements LogTail.Receiver {
  /// Hears what a stretch has lost.
  @FunctionalInterface
  interface Losses {
    void lost(Damage damage);
  }

  private final Losses losses;
  private int[] refs = new int[256];
  private long[] times = new long[256];
  private double[] values = new double[256];
  private boolean[] late = new boolean[256];

  /// A [Histogram] or an [Exemplar]; null for a float.
  private @Nullable Object[] others = new Object[256];

  private int size;
  private long newestMillis = Long.MIN_VALUE;

  Round(Losses losses) {
    this.losses = losses;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Time of the newest sample, [Long#MIN_VALUE] without one.
  long newestMillis() {
    return newestMillis;
  }

  int ref(int index) {
    return refs[index];
  }

  long timestampMillis(int index) {
    return times[index];
  }

  double value(int index) {
    return values[index];
  }

  @Nullable Histogram histogram(int index) {
    return others[index] instanceof Histogram histogram ? histogram : null;
  }

  @Nullable Exemplar exemplar(int index) {
    return others[index] instanceof Exemplar exemplar ? exemplar : null;
  }

  void clear() {
    Arrays.fill(others, 0, size, null);
    size = 0;
    newestMillis = Long.MIN_VALUE;
  }

  /// Which of the entries each shard sends: all of a series go to one, in their order, but those
  /// that came late come last, so that a receiver that takes nothing late refuses only requests of
  /// such.
  ///
  /// @return for each shard the entries in order, and behind them the late ones
  int[][][] split(int shards) {
    var counts = new int[shards][2];
    for (int i = 0; i < size; i++) {
      counts[shard(refs[i], shards)][late[i] ? 1 : 0]++;
    }
    var split = new int[shards][2][];
    for (int shard = 0; shard < shards; shard++) {
      split[shard][0] = new int[counts[shard][0]];
      split[shard][1] = new int[counts[shard][1]];
      Arrays.fill(counts[shard], 0);
    }
    for (int i = 0; i < size; i++) {
      int shard = shard(refs[i], shards);
      int kind = late[i] ? 1 : 0;
      split[shard][kind][counts[shard][kind]++] = i;
    }
    return split;
  }

  private static int shard(int ref, int shards) {
    return (int) (((ref * 0x9e3779b97f4a7c15L) >>> 32) % shards);
  }

  @Override
  public void sample(int ref, long timestampMillis, double value) {
    add(ref, timestampMillis, value, null, false);
  }

  @Override
  public void late(int ref, long timestampMillis, double value) {
    add(ref, timestampMillis, value, null, true);
  }

  @Override
  public void histogram(int ref, long timestampMillis, Histogram histogram) {
    add(ref, timestampMillis, 0, histogram, false);
  }

  @Override
  public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
    add(ref, timestampMillis, 0, histogram, true);
  }

  @Override
  public void exemplar(int ref, Exemplar exemplar) {
    add(ref, exemplar.timestampMillis(), 0, exemplar, false);
  }

  @Override
  public void lost(Damage damage) {
    losses.lost(damage);
  }

  private void add(
      int ref, long timestampMillis, double value, @Nullable Object other, boolean cameLate) {
    if (size == refs.length) {
      int room = size * 2;
      refs = Arrays.copyOf(refs, room);
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
      late = Arrays.copyOf(late, room);
      others = Arrays.copyOf(others, room);
    }
    refs[size] = ref;
    times[size] = timestampMillis;
    values[size] = value;
    late[size] = cameLate;
    others[size++] = other;
    newestMillis = Math.max(newestMillis, timestampMillis);
  }
}
