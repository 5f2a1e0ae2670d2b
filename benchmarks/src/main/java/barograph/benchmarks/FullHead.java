package barograph.benchmarks;

import barograph.storage.SampleBatch;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreStatus;
import barograph.storage.StoreWatcher;
import barograph.storage.WriteResult;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// How long does a start take after a kill, with a full head?
///
/// `fill <folder> <series> <rows>` fills a folder straight through the store, faster than time
/// goes: targets of a thousand series, a row each every 15 seconds of samples' time, of which two
/// fifths never change, three tenths count up, two tenths waver by hundredths and a tenth are
/// noise. Checkpoints come as they would. Then the process ends at once, as by a kill.
///
/// `open <folder>` opens it, says how long that took, and ends at once too, so that it can be
/// repeated. See `benchmarks/README.md` for the whole commands.
final class FullHead {
  private static final int TARGET_SERIES = 1_000;
  private static final long STEP_MILLIS = 15_000;
  private static final long BEGIN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
  private static final int ON_THE_WAY = 64;

  private final Store store;
  private final AtomicLong now;
  private final int series;
  private final int[] refs;
  private final double[] values;
  private final SplittableRandom random = new SplittableRandom(1);
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();

  private record Sent(SampleBatch batch, CompletableFuture<WriteResult> answer) {}

  private FullHead(Store store, AtomicLong now, int series) {
    this.store = store;
    this.now = now;
    this.series = series;
    this.refs = new int[series];
    this.values = new double[series];
  }

  public static void main(String[] args) throws IOException {
    if (args.length == 4 && args[0].equals("fill")) {
      fill(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    } else if (args.length == 2 && args[0].equals("open")) {
      open(Path.of(args[1]));
    } else {
      System.err.println("expected: fill <folder> <series> <rows> | open <folder>");
      System.exit(64);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void open(Path folder) throws IOException {
    long began = System.nanoTime();
    // Nothing is cut from the head while it is looked at.
    var options = StoreOptions.in(folder).withBlockSpan(Duration.ofDays(1));
    try (var store = Store.open(options, InstantSource.system(), StoreWatcher.NONE)) {
      double seconds = (System.nanoTime() - began) / 1e9;
      StoreStatus status = store.status();
      say(
          ("ready after %.2f s (%.2f s since the process began): %d series, %d samples replayed,"
                  + " %d lost, %d damages, %d MiB in the head")
              .formatted(
                  seconds,
                  (System.currentTimeMillis()
                          - ProcessHandle.current()
                              .info()
                              .startInstant()
                              .orElseThrow()
                              .toEpochMilli())
                      / 1e3,
                  status.series(),
                  status.replay().samples(),
                  status.replay().lost(),
                  status.damages(),
                  status.headBytes() >> 20));
      Runtime.getRuntime().halt(0);
    }
  }

  private static void fill(Path folder, int series, int rows) throws IOException {
    var now = new AtomicLong(BEGIN);
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    try (var store = Store.open(StoreOptions.in(folder), clock, StoreWatcher.NONE)) {
      new FullHead(store, now, series).run(rows);
      Runtime.getRuntime().halt(0);
    }
  }

  private void run(int rows) {
    long began = System.nanoTime();
    for (int i = 0; i < series; i++) {
      refs[i] = store.appender().seriesFor(labels(i), "target-" + i / TARGET_SERIES);
    }
    say("%d series after %.1f s".formatted(series, (System.nanoTime() - began) / 1e9));
    for (int row = 0; row < rows; row++) {
      now.set(BEGIN + row * STEP_MILLIS);
      for (int from = 0; from < series; from += TARGET_SERIES) {
        send(row, from, Math.min(from + TARGET_SERIES, series));
      }
      if (row % 20 == 19) {
        say(
            "row %d after %.1f s, log %d MiB"
                .formatted(
                    row + 1, (System.nanoTime() - began) / 1e9, store.status().logBytes() >> 20));
      }
    }
    while (!sent.isEmpty()) {
      take();
    }
  }

  private static Labels labels(int number) {
    int target = number / TARGET_SERIES;
    int within = number % TARGET_SERIES;
    return Labels.of(
        "__name__", "metric_%03d_total".formatted(within / 10),
        "cpu", Integer.toString(within % 10),
        "instance", "10.0.%d.%d:9100".formatted(target / 256, target % 256),
        "job", "job-%02d".formatted(target % 20));
  }

  private void send(int row, int from, int to) {
    SampleBatch batch = sent.size() < ON_THE_WAY ? new SampleBatch(to - from) : take();
    long time = BEGIN + row * STEP_MILLIS + from / TARGET_SERIES % STEP_MILLIS;
    for (int i = from; i < to; i++) {
      values[i] = next(i);
      batch.add(refs[i], time, values[i]);
    }
    sent.add(new Sent(batch, store.appender().append(batch)));
  }

  private SampleBatch take() {
    Sent first = sent.remove();
    if (!first.answer.join().complete()) {
      throw new IllegalStateException("a sample was refused: " + first.answer.join());
    }
    first.batch.clear();
    return first.batch;
  }

  private double next(int number) {
    return switch (number % 10) {
      case 0, 1, 2, 3 -> number;
      case 4, 5, 6 -> values[number] + random.nextInt(200);
      case 7, 8 -> Math.round(values[number] * 100 + random.nextInt(-50, 51)) / 100.0;
      default -> random.nextDouble();
    };
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
