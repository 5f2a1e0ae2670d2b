package barograph.storage.crash;

import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.SteppedStore;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreUnavailableException;
import barograph.storage.StoreWatcher;
import barograph.storage.WriteResult;
import barograph.storage.crash.Ledger.Place;
import barograph.storage.disk.DiskFullException;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.ProcessDisk;
import barograph.storage.testkit.RandomHistograms;
import barograph.storage.testkit.SettableClock;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A workload while it is played: the store, started and stopped on one disk, and the ledger of
/// what goes in.
///
/// Times are seconds after [#BEGIN], an hour and a half before the clock. If the disk may fail,
/// failing is part of the play: what is refused for it is not acknowledged, and where the store
/// says that the process must end, it ends, with [Ended].
final class Play {
  static final Path FOLDER = Path.of("/data");
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final long BEGIN = NOW.minus(Duration.ofMinutes(90)).toEpochMilli();

  /// The store has asked for the end of the process.
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;

    Ended(Throwable cause) {
      super(cause);
    }
  }

  private static final int MOST_TRIES = 200;

  private final SimulatedDisk disk;
  private final StoreOptions options;
  private final Random random;
  private final Map<String, RandomHistograms> histograms = new HashMap<>();
  private boolean mayFail;
  private final Ledger ledger = new Ledger();
  private @Nullable TailLedger tail;

  /// Sent and not acknowledged while there was no tail: a full disk may let it be written later.
  private final List<TailLedger.Sent> waiting = new ArrayList<>();

  private final SettableClock clock = new SettableClock(NOW);
  private volatile boolean failed;
  private boolean expectsRefusals;
  private ProcessDisk process;
  private SteppedStore store;

  private Play(SimulatedDisk disk, StoreOptions options, long seed, boolean mayFail)
      throws IOException {
    this.disk = disk;
    this.options = options;
    this.random = new Random(seed);
    this.mayFail = mayFail;
    this.process = new ProcessDisk(disk);
    this.store = open();
  }

  /// Plays a workload on `disk`.
  ///
  /// @param mayFail whether the disk may fail
  static Play of(Workload workload, SimulatedDisk disk, long seed, boolean mayFail)
      throws IOException {
    var play = new Play(disk, workload.options().apply(options()), seed, mayFail);
    try {
      workload.steps().run(play);
      play.stop();
    } catch (Ended e) {
      play.process.kill();
      play.store.close();
      if (!mayFail) {
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      play.process.kill();
      play.store.close();
      throw e;
    }
    return play;
  }

  /// Blocks of a minute, kept for ever, and a checkpoint when a test wants one.
  static StoreOptions options() {
    return StoreOptions.in(FOLDER)
        .withBlockSpan(Duration.ofMinutes(1))
        .withRetention(Duration.ZERO, 0)
        .withCheckpoints(Duration.ofMinutes(30), 1L << 40);
  }

  private SteppedStore open() throws IOException {
    if (tail != null) {
      tail.restarted();
    }
    for (int tries = 0; ; tries++) {
      process = new ProcessDisk(disk);
      try {
        return SteppedStore.open(options, process, clock, watcher(process));
      } catch (DiskFullException e) {
        // Only a folder that is still to be made may need space that is not there.
        if (!mayFail || tries > 2) {
          throw e;
        }
      } catch (IOException e) {
        if (!mayFail || tries > 2) {
          throw e;
        }
      }
    }
  }

  private StoreWatcher watcher(ProcessDisk ofProcess) {
    return new StoreWatcher() {
      @Override
      public void failed(Throwable cause) {
        if (!ofProcess.isKilled()) {
          failed = true;
        }
      }
    };
  }

  Ledger ledger() {
    return ledger;
  }

  /// What the tail has to hand over; null before there is one.
  @Nullable TailLedger tail() {
    return tail;
  }

  StoreOptions storeOptions() {
    return options;
  }

  /// Whether what is acknowledged is synced.
  boolean isDurable() {
    return switch (options.durability()) {
      case SYNC -> true;
      case ASYNC -> false;
    };
  }

  /// Whether samples go by themselves.
  boolean expires() {
    return options.retentionTime().isPositive() || options.retentionBytes() > 0;
  }

  SettableClock clock() {
    return clock;
  }

  Store store() {
    return store.store();
  }

  SimulatedDisk disk() {
    return disk;
  }

  Random random() {
    return random;
  }

  boolean hasFailed() {
    return failed;
  }

  static long at(double second) {
    return BEGIN + Math.round(second * 1000);
  }

  // What is sent.

  /// A batch that is being filled.
  final class Sending {
    private final SampleBatch samples = new SampleBatch();
    private final List<Ledger.Pending> pending = new ArrayList<>();
    private final List<TailLedger.Sent> forTail = new ArrayList<>();

    private void sent(Place place, Object value) {
      pending.add(ledger.sent(place, value, disk.operations()));
      long operations = disk.operations();
      forTail.add(
          tail == null
              ? new TailLedger.Sent(place, value, operations)
              : tail.sent(place, value, operations));
    }

    Sending add(String target, String series, double second, double value) {
      Labels labels = Labels.of("__name__", series);
      samples.add(store().appender().seriesFor(labels, target), at(second), value);
      sent(new Place(series, at(second)), Double.doubleToRawLongBits(value));
      return this;
    }

    Sending histogram(String target, String series, double second) {
      Labels labels = Labels.of("__name__", series);
      Histogram histogram =
          histograms.computeIfAbsent(series, absent -> new RandomHistograms(random)).next();
      samples.add(store().appender().seriesFor(labels, target), at(second), histogram);
      sent(new Place(series, at(second)), histogram);
      return this;
    }

    Sending row(String target, double second, int series) {
      for (int i = 0; i < series; i++) {
        add(target, target + "_" + i, second, someValue());
      }
      return this;
    }

    Sending run(String target, String series, double second, double step, int count) {
      for (int i = 0; i < count; i++) {
        add(target, series, second + i * step, someValue());
      }
      return this;
    }

    void send() {
      try {
        WriteResult result = store().appender().append(samples).join();
        var refused = new ArrayList<Integer>();
        result.refusals().forEach(refusal -> refused.add(refusal.index()));
        if (!refused.isEmpty() && !expectsRefusals && !mayFail) {
          throw new AssertionError("refused: " + result.refusals().getFirst());
        }
        for (int i = 0; i < pending.size(); i++) {
          if (refused.contains(i)) {
            pending.get(i).refused();
          } else {
            pending.get(i).acknowledged(disk.operations());
          }
        }
        for (int i = 0; tail != null && i < forTail.size(); i++) {
          if (refused.contains(i)) {
            tail.refused(forTail.get(i));
          } else {
            forTail.get(i).acknowledged(disk.operations());
          }
        }
      } catch (CompletionException e) {
        if (!mayFail || !(e.getCause() instanceof StoreUnavailableException)) {
          throw e;
        }
        if (tail == null) {
          waiting.addAll(forTail);
        }
      }
      endIfFailed();
    }
  }

  /// Sends an exemplar of a series.
  void exemplar(String target, String series, double second) {
    Labels labels = Labels.of("__name__", series);
    var exemplar = new Exemplar(Labels.of("trace", series + second), second, at(second));
    int ref = store().appender().seriesFor(labels, target);
    Ledger.Pending pending =
        ledger.sent(Answers.exemplarOf(series, at(second)), exemplar, disk.operations());
    tell(
        pending,
        () ->
            store().appender().appendExemplars(List.of(new SeriesExemplar(ref, exemplar))).join());
  }

  /// Says something of a metric.
  void metadata(String metric, String help) {
    var metadata = new MetricMetadata(MetricMetadata.Type.COUNTER, help, "");
    Ledger.Pending pending = ledger.sent(Answers.metadataOf(metric), metadata, disk.operations());
    tell(pending, () -> store().appender().tellOf(Map.of(metric, metadata)).join());
  }

  private void tell(Ledger.Pending pending, Runnable telling) {
    try {
      telling.run();
      pending.acknowledged(disk.operations());
    } catch (CompletionException e) {
      if (!mayFail || !(e.getCause() instanceof StoreUnavailableException)) {
        throw e;
      }
    }
    endIfFailed();
  }

  private double someValue() {
    return random.nextBoolean() ? random.nextInt(100) : random.nextGaussian();
  }

  Sending batch() {
    return new Sending();
  }

  /// Sends samples of four series, a batch every ten seconds from one second to another.
  void fill(int from, int to) {
    fill(from, to, 10);
  }

  void fill(int from, int to, int step) {
    for (int second = from; second < to; second += step) {
      batch().row("t", second, 3).add("u", "u", second + 0.1, second).send();
    }
  }

  /// From now on some samples of a batch may be refused.
  void expectRefusals() {
    expectsRefusals = true;
  }

  /// Sends batches until one is acknowledged: after a full disk it takes a moment.
  void sendUntilTaken(String series, double second) throws IOException {
    mayFailFor(() -> sendAgainAndAgain(series, second));
  }

  private void sendAgainAndAgain(String series, double second) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      var batch = batch().add("again", series, second + tries * 0.001, 1);
      batch.send();
      if (batch.pending.getFirst().isAcknowledged()) {
        return;
      }
      waitAMoment();
    }
    throw new AssertionError("nothing is taken any more");
  }

  /// The log looks for space every half a second; there is nothing to wait for but time.
  private static void waitAMoment() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // Who reads the log.

  /// Begins to read what is accepted from now on.
  ///
  /// @param capBytes how much of the log is kept for it at most; 1 for none
  void beginTail(long capBytes) throws IOException {
    boolean mayLose = capBytes == 1;
    boolean mayHaveHoles = mayLose || !isDurable();
    var begun =
        new TailLedger("forward", capBytes, mayLose, mayHaveHoles, waiting, disk.operations());
    for (int tries = 0; tries < 3 && tail == null; tries++) {
      if (step(() -> begun.tailOf(store()))) {
        begun.begun(disk.operations());
        tail = begun;
      }
    }
  }

  /// Reads on a little.
  void readTail() throws IOException {
    TailLedger known = Objects.requireNonNull(tail);
    step(() -> known.read(known.tailOf(store()), false, isDurable()));
  }

  /// Reads all that there is.
  void readTailOut() throws IOException {
    TailLedger known = Objects.requireNonNull(tail);
    step(() -> known.read(known.tailOf(store()), true, isDurable()));
  }

  /// Says that what was read need not come again.
  void releaseTail() throws IOException {
    TailLedger known = Objects.requireNonNull(tail);
    step(() -> known.release(known.tailOf(store()), this));
  }

  // What happens otherwise.

  /// Something that changes the disk and may fail for want of space.
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /// Does whatever is due. Only what is past retention may be missing afterwards.
  void maintain() throws IOException {
    long operations = disk.operations();
    Map<Place, Object> before = Answers.of(store());
    if (options.retentionTime().isPositive()) {
      long newest = before.keySet().stream().mapToLong(Place::time).max().orElse(Long.MIN_VALUE);
      long end = newest - options.retentionTime().toMillis();
      ledger.mayGo(key -> key.time() < end, operations);
    }
    if (options.retentionBytes() > 0 && mayFail) {
      // Which go first is held where nothing fails.
      ledger.mayGo(before::containsKey, operations);
    }
    step(store::maintain);
    Map<Place, Object> after = Answers.of(store());
    if (options.retentionBytes() > 0) {
      ledger.mayGo(key -> before.containsKey(key) && !after.containsKey(key), operations);
    }
    ledger.check(after, new Ledger.Moment(Long.MAX_VALUE - 1, true));
  }

  void compactNow() throws IOException {
    step(() -> store().compactNow());
  }

  /// Deletes samples of a series, from one second to another, both included.
  void delete(String series, double from, double to) throws IOException {
    List<Ledger.Pending> pending =
        ledger.deleted(
            place ->
                place.series().equals(series) && place.time() >= at(from) && place.time() <= at(to),
            disk.operations());
    var range = new TimeRange(at(from), at(to));
    var selector = List.of(List.of(Matcher.equal("__name__", series)));
    if (step(() -> store().delete(selector, range))) {
      pending.forEach(one -> one.acknowledged(disk.operations()));
    }
  }

  void cleanTombstones() throws IOException {
    step(() -> store().cleanTombstones());
  }

  /// Runs something that a full disk may keep from being done, and only that.
  ///
  /// @return whether it was done
  boolean step(Step step) throws IOException {
    boolean done = false;
    try {
      step.run();
      done = true;
    } catch (StoreUnavailableException e) {
      if (!mayFail) {
        throw e;
      }
    } catch (IllegalStateException e) {
      // What was done meanwhile, on the store's own thread, may have met the end.
      if (!(e.getCause() instanceof Ended)) {
        throw e;
      }
    } catch (IOException e) {
      if (!mayFail) {
        throw e;
      }
      if (!isForWantOfSpace(e)) {
        failed = true;
        throw new Ended(e);
      }
    }
    endIfFailed();
    return done;
  }

  /// Runs steps that a full disk may keep from being done.
  void mayFailFor(Step steps) throws IOException {
    boolean before = mayFail;
    mayFail = true;
    try {
      steps.run();
    } finally {
      mayFail = before;
    }
  }

  private static boolean isForWantOfSpace(IOException e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof DiskFullException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  private void endIfFailed() {
    if (failed) {
      throw new Ended(new IOException("the store asked for the end of the process"));
    }
  }

  /// Stops in order and starts again.
  void restart() throws IOException {
    stop();
    store = open();
  }

  private void stop() throws IOException {
    step(store::close);
  }

  /// Kills the process and starts another.
  void kill() throws IOException {
    process.kill();
    store.close();
    store = open();
  }

  /// Stops in order, lets something happen to the files, and starts again.
  void restartAfter(Step meanwhile) throws IOException {
    stop();
    meanwhile.run();
    store = open();
  }

  /// Does `action` while the next file is made whose name `file` accepts.
  void whenMaking(Predicate<String> file, Runnable action) {
    process.whenMaking(path -> file.test(path.toString()), action);
  }

  void pass(Duration time) {
    clock.move(time);
  }

  /// The files of a folder and of all in it.
  List<Path> files(String folder) {
    return files(FOLDER.resolve(folder));
  }

  private List<Path> files(Path folder) {
    var found = new ArrayList<Path>();
    for (Path path : disk.list(folder)) {
      if (disk.isFolder(path)) {
        found.addAll(files(path));
      } else {
        found.add(path);
      }
    }
    return found;
  }
}
