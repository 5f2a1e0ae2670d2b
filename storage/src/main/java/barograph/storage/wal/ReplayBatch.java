package barograph.storage.wal;

import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A piece of a replay, on its way from the thread that reads to the one that applies: the calls of
/// a [ReplayHandler], kept in columns, to be made again in their order. [ReplayRecorder] fills it.
final class ReplayBatch {
  /// What is handed over at once, in words of about eight bytes: half a mebibyte, near enough.
  private static final int ENOUGH = 1 << 16;

  /// What a series' labels, a histogram or the like weigh in such words.
  private static final int OBJECT_WEIGHT = 64;

  enum Call {
    TARGET,
    SERIES,
    ROW,
    SAMPLE,
    LATE,
    TOMBSTONE,
    LATE_TOMBSTONE,
    HISTOGRAM,
    LATE_HISTOGRAM,
    EXEMPLAR,
    METADATA,
    CHECKPOINT,
    DAMAGED,
    ERRAND
  }

  private Call[] calls = new Call[1024];
  private int callCount;
  private int[] ints = new int[4096];
  private int intCount;
  private long[] times = new long[1024];
  private int timeCount;
  private double[] values = new double[4096];
  private int valueCount;
  private final List<Object> objects = new ArrayList<>();

  private final int[] rowRefs = new int[LogFormat.MAX_ROW];
  private final double[] rowValues = new double[LogFormat.MAX_ROW];

  boolean isEmpty() {
    return callCount == 0;
  }

  /// Whether it is time to hand it over.
  boolean isFull() {
    return callCount + intCount + timeCount + valueCount + OBJECT_WEIGHT * objects.size() >= ENOUGH;
  }

  /// Makes all calls again, and is empty afterwards.
  void replayTo(ReplayHandler handler) {
    int intAt = 0;
    int timeAt = 0;
    int valueAt = 0;
    int objectAt = 0;
    for (int i = 0; i < callCount; i++) {
      switch (calls[i]) {
        case TARGET -> handler.target(ints[intAt++], (String) objects.get(objectAt++));
        case SERIES -> {
          handler.series(ints[intAt], ints[intAt + 1], (Labels) objects.get(objectAt++));
          intAt += 2;
        }
        case ROW -> {
          int target = ints[intAt];
          int count = ints[intAt + 1];
          System.arraycopy(ints, intAt + 2, rowRefs, 0, count);
          System.arraycopy(values, valueAt, rowValues, 0, count);
          intAt += 2 + count;
          valueAt += count;
          handler.row(target, times[timeAt++], rowRefs, rowValues, count);
        }
        case SAMPLE -> handler.sample(ints[intAt++], times[timeAt++], values[valueAt++]);
        case LATE -> handler.late(ints[intAt++], times[timeAt++], values[valueAt++]);
        case TOMBSTONE, LATE_TOMBSTONE -> {
          int count = ints[intAt];
          int[] refs = Arrays.copyOfRange(ints, intAt + 1, intAt + 1 + count);
          intAt += 1 + count;
          var range = (TimeRange) objects.get(objectAt++);
          if (calls[i] == Call.TOMBSTONE) {
            handler.tombstone(range, refs, count);
          } else {
            handler.lateTombstone(range, refs, count);
          }
        }
        case HISTOGRAM ->
            handler.histogram(ints[intAt++], times[timeAt++], (Histogram) objects.get(objectAt++));
        case LATE_HISTOGRAM ->
            handler.lateHistogram(
                ints[intAt++], times[timeAt++], (Histogram) objects.get(objectAt++));
        case EXEMPLAR -> handler.exemplar(ints[intAt++], (Exemplar) objects.get(objectAt++));
        case METADATA -> {
          handler.metadata(
              (String) objects.get(objectAt), (MetricMetadata) objects.get(objectAt + 1));
          objectAt += 2;
        }
        case CHECKPOINT -> handler.checkpoint((byte[]) objects.get(objectAt++));
        case DAMAGED -> handler.damaged((Damage) objects.get(objectAt++));
        case ERRAND -> ((Runnable) objects.get(objectAt++)).run();
      }
    }
    clear();
  }

  private void clear() {
    callCount = 0;
    intCount = 0;
    timeCount = 0;
    valueCount = 0;
    objects.clear();
  }

  void call(Call call) {
    if (callCount == calls.length) {
      calls = Arrays.copyOf(calls, callCount * 2);
    }
    calls[callCount++] = call;
  }

  void add(int number) {
    makeRoomForInts(1);
    ints[intCount++] = number;
  }

  void add(int[] refs, int count) {
    add(count);
    makeRoomForInts(count);
    System.arraycopy(refs, 0, ints, intCount, count);
    intCount += count;
  }

  void addTime(long timestampMillis) {
    if (timeCount == times.length) {
      times = Arrays.copyOf(times, timeCount * 2);
    }
    times[timeCount++] = timestampMillis;
  }

  void add(double value) {
    makeRoomForValues(1);
    values[valueCount++] = value;
  }

  void add(double[] row, int count) {
    makeRoomForValues(count);
    System.arraycopy(row, 0, values, valueCount, count);
    valueCount += count;
  }

  void add(Object object) {
    objects.add(object);
  }

  private void makeRoomForInts(int more) {
    if (intCount + more > ints.length) {
      ints = Arrays.copyOf(ints, Math.max(intCount + more, ints.length * 2));
    }
  }

  private void makeRoomForValues(int more) {
    if (valueCount + more > values.length) {
      values = Arrays.copyOf(values, Math.max(valueCount + more, values.length * 2));
    }
  }
}
