package barograph.server.practice;

import barograph.query.QueryEngine;
import barograph.server.api.QueryApi;
import barograph.server.api.SeriesApi;
import barograph.server.http.Router;
import barograph.server.http.Transport;
import barograph.storage.Store;
import barograph.storage.StoreStatus.BlockStatus;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The server asks itself what dashboards ask, in idle moments after a start, until asking compiles
/// nothing more: a just-in-time compiler needs to see code at work, and the users' first questions
/// need not be what it sees first.
///
/// A question comes by a [PrivateLine] and is answered by an engine that nobody else uses: it is
/// found in no metric, log, list of queries or cache. The next one waits until the server has
/// nothing else to do. All of them cost some seconds of CPU time, and no memory that stays.
public final class Practice implements AutoCloseable {
  private static final Duration AFTER_START = Duration.ofSeconds(1);
  private static final Duration MOST_CPU = Duration.ofSeconds(8);
  private static final int MOST_ROUNDS = 12;

  /// In a round each question gets so much time: what is answered sooner, which is what users ask
  /// most, is asked again, as the way from the wire to an answer and back is compiled for its best
  /// only after some thousand requests.
  private static final Duration EACH_QUESTION = Duration.ofMillis(6);

  private static final int MOST_TIMES = 40;

  /// The server is left alone for good so long after its start, practised or not.
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /// A look at how busy the process is.
  private static final Duration GLANCE = Duration.ofMillis(10);

  /// Between rounds, while nothing is stored yet that could be asked for.
  private static final Duration UNTIL_STORED = Duration.ofSeconds(20);

  /// A round in which less was compiled is the last.
  private static final Duration LITTLE_COMPILED = Duration.ofMillis(60);

  private static final long LEAST_HEAP_BYTES = 256L << 20;
  private static final Duration RECENT = Duration.ofHours(1);

  private final Transport transport;
  private final Store store;
  private final QueryEngine engine;
  private final InstantSource clock;
  private final BooleanSupplier idle;
  private final LongSupplier cpuNanos;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private final SpareTime spare;

  private Practice(
      Transport transport,
      Store store,
      QueryEngine engine,
      InstantSource clock,
      BooleanSupplier idle,
      LongSupplier cpuNanos) {
    this.transport = transport;
    this.store = store;
    this.engine = engine;
    this.clock = clock;
    this.idle = idle;
    this.cpuNanos = cpuNanos;
    this.spare = new SpareTime(System.nanoTime(), cpuNanos.getAsLong());
    this.thread = Thread.ofPlatform().daemon().name("practice").unstarted(this::practise);
  }

  /// Whether the process has the memory and the processors to practise beside its users.
  public static boolean isAffordable() {
    var runtime = Runtime.getRuntime();
    return runtime.availableProcessors() >= 2
        && runtime.maxMemory() >= LEAST_HEAP_BYTES
        && processorTime() != null
        && ManagementFactory.getCompilationMXBean() != null;
  }

  /// Begins in a second, on a thread of its own.
  ///
  /// @param aside an engine that nobody else asks
  /// @param idle whether no request of others is being answered
  public static Practice start(
      Transport transport,
      Store store,
      QueryEngine aside,
      InstantSource clock,
      BooleanSupplier idle) {
    return start(transport, store, aside, clock, idle, Practice::processorNanos);
  }

  /// @param cpuNanos the CPU time that the process has used
  static Practice start(
      Transport transport,
      Store store,
      QueryEngine aside,
      InstantSource clock,
      BooleanSupplier idle,
      LongSupplier cpuNanos) {
    var practice = new Practice(transport, store, aside, clock, idle, cpuNanos);
    practice.thread.start();
    return practice;
  }

  private void practise() {
    try {
      long until = System.nanoTime() + LONGEST.toNanos();
      var pause = AFTER_START;
      // One for all rounds, as it learns what is answered in a moment, and then how.
      var router = new Router();
      new QueryApi(engine, clock).addTo(router);
      new SeriesApi(engine, store.reader()).addTo(router);
      for (int round = 0; round < MOST_ROUNDS && goesOn(until) && !isClosedWithin(pause); round++) {
        long compiledBefore = compiledMillis();
        boolean stored = askRound(router, until);
        pause = stored ? GLANCE : UNTIL_STORED;
        if (stored && compiledMillis() - compiledBefore < LITTLE_COMPILED.toMillis()) {
          return;
        }
      }
    } catch (IOException e) {
      // Without a loopback address, or cut off: then users come first after all.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean goesOn(long untilNanos) {
    return System.nanoTime() - untilNanos < 0 && spare.spentNanos() < MOST_CPU.toNanos();
  }

  private boolean isClosedWithin(Duration pause) throws InterruptedException {
    return closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Asks each question, if there is time for it.
  ///
  /// @return whether there are series to ask for
  private boolean askRound(Router router, long untilNanos)
      throws IOException, InterruptedException {
    long newest = newestMillis();
    List<Subject> subjects =
        new Subjects(store.reader()).in(new TimeRange(newest - RECENT.toMillis(), newest));
    try (var line = PrivateLine.open(transport, router)) {
      for (String question : new Questions(newest).of(subjects)) {
        if (!awaitIdle(untilNanos)) {
          break;
        }
        spare.asks(System.nanoTime(), cpuNanos.getAsLong());
        askForAWhile(line, question);
      }
    }
    return !subjects.isEmpty();
  }

  private static void askForAWhile(PrivateLine line, String question) throws IOException {
    long until = System.nanoTime() + EACH_QUESTION.toNanos();
    int times = 0;
    do {
      var _ = line.ask(question);
      times++;
    } while (times < MOST_TIMES && System.nanoTime() - until < 0);
  }

  /// @return false if it is over
  private boolean awaitIdle(long untilNanos) throws InterruptedException {
    var pause = GLANCE;
    while (goesOn(untilNanos) && !isClosedWithin(pause)) {
      long wait = spare.waitNanos(System.nanoTime(), cpuNanos.getAsLong());
      if (wait == 0 && idle.getAsBoolean()) {
        return true;
      }
      pause = Duration.ofNanos(Math.max(GLANCE.toNanos(), wait));
    }
    return false;
  }

  /// The time of the newest sample, or now if there is none or it is still to come.
  private long newestMillis() {
    var status = store.status();
    long now = clock.millis();
    var head = status.headRange();
    if (head != null) {
      return Math.min(now, head.endMillis());
    }
    return status.blocks().stream()
        .map(BlockStatus::range)
        .mapToLong(TimeRange::endMillis)
        .filter(end -> end <= now)
        .max()
        .orElse(now);
  }

  private static long compiledMillis() {
    @Nullable CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    return compilers == null ? 0 : compilers.getTotalCompilationTime();
  }

  private static long processorNanos() {
    var processor = processorTime();
    return processor == null ? 0 : processor.getProcessCpuTime();
  }

  private static com.sun.management.@Nullable OperatingSystemMXBean processorTime() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean known
        ? known
        : null;
  }

  /// Leaves what has not been asked, and returns once nothing is being asked.
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
