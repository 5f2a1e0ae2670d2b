package barograph.benchmarks;

import barograph.storage.SampleBatch;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.WriteResult;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// What does the store pay for a sample, when a share of all samples comes up to five minutes late?
///
/// `<series> <rows> <rounds>`: an empty store takes so many rows of 15 s, targets of 500 series,
/// once with nothing late and once with one sample in twenty held back for 1 to 20 rows, by turns.
/// What is told is the CPU time of the sequencer's and the log's threads; the first round warms up.
final class LateShare {
  private static final int TARGET_SERIES = 500;
  private static final int BATCH = 2_000;
  private static final int MOST_ROWS_LATE = 20;
  private static final long STEP_MILLIS = 15_000;
  private static final long BEGIN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
  private static final int ON_THE_WAY = 32;
  private static final List<String> THREADS = List.of("barograph-sequencer", "log");

  private record Late(int number, long time, double value) {}

  private record Sent(SampleBatch batch, CompletableFuture<WriteResult> answer) {}

  private final Store store;
  private final AtomicLong now;
  private final double share;
  private final int[] refs;
  private final double[] values;
  private final SplittableRandom random = new SplittableRandom(1);
  private final SplittableRandom delays = new SplittableRandom(2);
  private final List<List<Late>> held = new ArrayList<>();
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private SampleBatch batch = new SampleBatch(BATCH);
  private long samples;

  private LateShare(Store store, AtomicLong now, int series, double share) {
    this.store = store;
    this.now = now;
    this.share = share;
    this.refs = new int[series];
    this.values = new double[series];
    for (int i = 0; i <= MOST_ROWS_LATE; i++) {
      held.add(new ArrayList<>());
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("expected: <series> <rows> <rounds>");
      System.exit(64);
    }
    int series = Integer.parseInt(args[0]);
    int rows = Integer.parseInt(args[1]);
    for (int round = 0; round < Integer.parseInt(args[2]); round++) {
      double inOrder = nanosPerSample(series, rows, 0);
      double late = nanosPerSample(series, rows, 0.05);
      System.out.printf(
          "round %d: %.1f ns a sample in order, %.1f with 5 %% late (%+.0f %%)%n",
          round, inOrder, late, 100 * (late / inOrder - 1));
    }
  }

  private static double nanosPerSample(int series, int rows, double share) throws IOException {
    var now = new AtomicLong(BEGIN);
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    try (var folder = ScratchFolder.make();
        var store = Store.open(StoreOptions.in(folder.path()), clock, StoreWatcher.NONE)) {
      var run = new LateShare(store, now, series, share);
      run.makeSeries();
      long before = cpuNanos();
      run.send(rows);
      return (double) (cpuNanos() - before) / run.samples;
    }
  }

  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (THREADS.contains(thread.getName())) {
        nanos += threads.getThreadCpuTime(thread.threadId());
      }
    }
    return nanos;
  }

  private void makeSeries() {
    for (int i = 0; i < refs.length; i++) {
      int target = i / TARGET_SERIES;
      refs[i] =
          store
              .appender()
              .seriesFor(
                  Labels.of(
                      "__name__",
                      "metric_%03d_total".formatted(i % TARGET_SERIES),
                      "instance",
                      "10.0.0.%d:9100".formatted(target)),
                  "target-" + target);
    }
  }

  private void send(int rows) {
    for (int row = 0; row < rows; row++) {
      now.set(BEGIN + row * STEP_MILLIS);
      for (int i = 0; i < refs.length; i++) {
        long time = BEGIN + row * STEP_MILLIS + i / TARGET_SERIES % STEP_MILLIS;
        values[i] = next(i);
        if (delays.nextDouble() < share) {
          int due = row + 1 + delays.nextInt(MOST_ROWS_LATE);
          held.get(due % held.size()).add(new Late(i, time, values[i]));
        } else {
          add(i, time, values[i]);
        }
      }
      var due = held.get(row % held.size());
      // As whoever sends them puts samples of one target and time side by side.
      due.sort(
          Comparator.comparingInt((Late late) -> late.number / TARGET_SERIES)
              .thenComparingLong(Late::time));
      due.forEach(late -> add(late.number, late.time, late.value));
      due.clear();
    }
    flush();
    while (!sent.isEmpty()) {
      take();
    }
  }

  private void add(int number, long time, double value) {
    batch.add(refs[number], time, value);
    samples++;
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void flush() {
    sent.add(new Sent(batch, store.appender().append(batch)));
    batch = sent.size() < ON_THE_WAY ? new SampleBatch(BATCH) : take();
  }

  private SampleBatch take() {
    Sent first = sent.remove();
    if (!first.answer.join().complete()) {
      throw new IllegalStateException("a sample was refused: " + first.answer.join());
    }
    first.batch.clear();
    return first.batch;
  }

  /// As in a fleet: two fifths never change, three tenths count, the rest are gauges.
  private double next(int number) {
    return switch (number % 10) {
      case 0, 1, 2, 3 -> number;
      case 4, 5, 6 -> values[number] + random.nextInt(200);
      case 7, 8 -> Math.round(values[number] * 100 + random.nextInt(-50, 51)) / 100.0;
      default -> random.nextDouble();
    };
  }
}
