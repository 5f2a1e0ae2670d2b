package barograph.storage.simulation;

import barograph.storage.Reader;
import barograph.storage.SampleBatch;
import barograph.storage.Selection;
import barograph.storage.SteppedStore;
import barograph.storage.StoreOptions;
import barograph.storage.StoreUnavailableException;
import barograph.storage.StoreWatcher;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.block.BlockDamage;
import barograph.storage.disk.DiskFullException;
import barograph.storage.model.Damage;
import barograph.storage.model.Histogram;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import barograph.storage.simulation.Expected.Place;
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
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/// One run of a store through a few hundred steps of chance, all from one seed: floats and native
/// histograms in order and late and twice and far ahead, cuts, blocks, retention, restarts, kills,
/// power cuts, a full disk, a clock that jumps; in some runs flipped bits.
///
/// Every batch is waited for before the next step, and maintenance runs as a step, so that the
/// threads of the store are never at work together and a seed always gives the same run, but for
/// one thing: when the log looks for space again on a full disk is a matter of real time.
final class StoreSimulation {
  private static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");
  private static final Path FOLDER = Path.of("/data");
  private static final long AHEAD_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final int MOST_TRIES = 400;

  /// How far a run came.
  ///
  /// @param trace made of every answer that the store gave, in order
  record Outcome(int steps, long trace) {}

  private final Random random;
  private final Random chanceOfHistogram;
  private final RandomHistograms histograms;
  private final KnownHistograms known = new KnownHistograms();
  private long trace;
  private final boolean flipsBits;
  private final StoreOptions options;
  private final SettableClock clock = new SettableClock(BEGIN);
  private final Expected expected = new Expected();
  private final Map<Labels, Long> lastTimes = new HashMap<>();
  private SimulatedDisk disk = new SimulatedDisk();
  private ProcessDisk process = new ProcessDisk(disk);
  private SteppedStore store;
  private volatile boolean failed;
  private volatile boolean damageTold;
  private long newest = Long.MIN_VALUE;

  private final boolean fillsDisk;

  private StoreSimulation(long seed, boolean fillsDisk) throws IOException {
    this.fillsDisk = fillsDisk;
    this.random = new Random(seed);
    // Of their own, so that seeds that have found something send the same floats as then.
    this.chanceOfHistogram = new Random(~seed);
    this.histograms = new RandomHistograms(new Random(seed ^ 0x5eed));
    this.flipsBits = random.nextInt(6) == 0;
    this.options =
        StoreOptions.in(FOLDER)
            .withBlockSpan(Duration.ofMinutes(5L + random.nextInt(20)))
            .withRetention(
                random.nextBoolean() ? Duration.ZERO : Duration.ofHours(1L + random.nextInt(48)), 0)
            .withCheckpoints(
                Duration.ofMinutes(1L + random.nextInt(60)), 500 + random.nextInt(20_000));
    this.store = open();
  }

  /// Runs `seed` to its end.
  ///
  /// @throws AssertionError if the store has said or lost what it should not have
  static Outcome run(long seed) throws IOException {
    return run(seed, true);
  }

  /// Runs `seed` to its end; only `fillsDisk` says whether the disk may be full.
  static Outcome run(long seed, boolean fillsDisk) throws IOException {
    var simulation = new StoreSimulation(seed, fillsDisk);
    int steps = 200 + simulation.random.nextInt(300);
    int step = 0;
    try {
      for (; step < steps; step++) {
        simulation.step();
      }
      simulation.checkAll();
      simulation.restart();
      simulation.checkAll();
      simulation.store.close();
      return new Outcome(steps, simulation.trace);
    } catch (IOException | RuntimeException | Error e) {
      simulation.process.kill();
      simulation.store.close();
      throw new AssertionError(
          "seed %d, step %d of %d: %s".formatted(seed, step, steps, e.getMessage()), e);
    }
  }

  private SteppedStore open() throws IOException {
    process = new ProcessDisk(disk);
    ProcessDisk mine = process;
    var watcher =
        new StoreWatcher() {
          @Override
          public void failed(Throwable cause) {
            failed |= !mine.isKilled();
          }

          @Override
          public void damaged(Damage damage) {
            damageTold = true;
          }
        };
    return SteppedStore.open(options, process, clock, watcher);
  }

  private void step() throws IOException {
    clock.move(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 600_000 : 30_000)));
    int chance = random.nextInt(1000);
    if (chance < 700) {
      send();
    } else if (chance < 800) {
      ask();
    } else if (chance < 900) {
      maintain();
    } else if (chance < 907) {
      delete();
    } else if (chance < 915) {
      step(() -> store.store().compactNow());
    } else if (chance < 935) {
      restart();
    } else if (chance < 955) {
      kill();
    } else if (chance < 975) {
      cutPower();
    } else if (chance < 980) {
      if (fillsDisk) {
        fillDisk();
      }
    } else if (chance < 985) {
      jump();
    } else if (chance < 995) {
      checkAll();
    } else if (flipsBits) {
      flipBits();
    }
    if (failed) {
      throw new AssertionError("the store asked for the end of the process");
    }
  }

  /// Days forward, hours back, or a little either way.
  private void jump() {
    clock.move(
        switch (random.nextInt(4)) {
          case 0 -> Duration.ofDays(1 + random.nextInt(5));
          case 1 -> Duration.ofHours(-1 - random.nextInt(6));
          case 2 -> Duration.ofMinutes(random.nextInt(20));
          default -> Duration.ofMinutes(-random.nextInt(20));
        });
  }

  // Samples.

  private Labels someSeries() {
    int family = random.nextInt(4);
    int number = random.nextInt(6);
    return random.nextInt(30) == 0
        ? Labels.of("__name__", "short_lived", "job", "j" + random.nextInt(200))
        : Labels.of(
            "__name__", "m" + number, "job", "j" + family, "half", number % 2 == 0 ? "even" : "");
  }

  private long someTime(Labels series) {
    long now = clock.millis();
    Long last = lastTimes.get(series);
    return switch (random.nextInt(40)) {
      case 0, 1 -> now - random.nextInt(7_200_000);
      case 2 -> now - random.nextInt(100_000);
      case 3 -> last == null ? now : last;
      case 4 -> now + AHEAD_MILLIS + random.nextInt(100_000_000);
      case 5 -> now + random.nextInt((int) AHEAD_MILLIS);
      default -> now;
    };
  }

  private double someValue() {
    return switch (random.nextInt(8)) {
      case 0 -> Staleness.MARKER;
      case 1 -> random.nextGaussian();
      case 2 -> Double.longBitsToDouble(random.nextLong());
      case 3 -> clock.millis();
      default -> random.nextInt(5);
    };
  }

  /// Sends a batch and notes what became of it.
  private void send() throws IOException {
    var batch = new SampleBatch();
    var places = new ArrayList<Place>();
    var values = new ArrayList<Long>();
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      Labels series = someSeries();
      long time = someTime(series);
      boolean isNative = chanceOfHistogram.nextInt(6) == 0;
      if (isNative && chanceOfHistogram.nextInt(8) > 0) {
        series = Labels.of("__name__", "native", "job", series.get("job"));
      }
      int ref = store.store().appender().seriesFor(series, series.get("job"));
      int more = random.nextInt(10) == 0 ? random.nextInt(30) : 0;
      for (int k = 0; k <= more; k++) {
        double value = someValue();
        if (isNative) {
          Histogram histogram = histograms.next();
          batch.add(ref, time + k * 17L, histogram);
          values.add(known.bits(histogram));
        } else {
          batch.add(ref, time + k * 17L, value);
          values.add(Double.doubleToRawLongBits(value));
        }
        places.add(new Place(series, time + k * 17L));
      }
    }
    try {
      WriteResult result = store.store().appender().append(batch).join();
      note(values, places, result);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof StoreUnavailableException)) {
        throw e;
      }
      for (int i = 0; i < places.size(); i++) {
        expected.sent(places.get(i), values.get(i));
        expected.unsure(places.get(i), values.get(i));
      }
      expected.settle(everything(store.store().reader()));
    }
  }

  private void note(List<Long> values, List<Place> places, WriteResult result) {
    var reasons = new HashMap<Integer, Reason>();
    result.refusals().forEach(refusal -> reasons.put(refusal.index(), refusal.reason()));
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      long bits = values.get(i);
      Reason reason = reasons.get(i);
      trace(place.hashCode());
      trace(bits);
      trace(reason == null ? 0 : reason.name().hashCode());
      boolean tooFar = place.time() > clock.millis() + AHEAD_MILLIS;
      if (tooFar != (reason == Reason.TOO_FAR_AHEAD)) {
        throw new AssertionError("%s, while it is %d: %s".formatted(place, clock.millis(), reason));
      }
      if (reason == null) {
        lastTimes.merge(place.series(), place.time(), Math::max);
        newest = Math.max(newest, place.time());
        expected.stored(place, bits);
      } else if (!tooFar && place.time() > newest) {
        throw new AssertionError("%s is newer than all and refused: %s".formatted(place, reason));
      }
    }
  }

  // Questions.

  private void ask() {
    var matchers = new ArrayList<Matcher>();
    if (random.nextBoolean()) {
      matchers.add(Matcher.equal("job", "j" + random.nextInt(5)));
    }
    switch (random.nextInt(4)) {
      case 0 -> matchers.add(new Matcher(Matcher.Type.REGEX, "__name__", "m[1-3]|short.*"));
      case 1 -> matchers.add(Matcher.equal("half", ""));
      case 2 -> matchers.add(new Matcher(Matcher.Type.NOT_EQUAL, "half", "even"));
      default -> {}
    }
    long around = clock.millis() - random.nextInt(20_000_000);
    TimeRange range =
        random.nextInt(4) == 0
            ? TimeRange.ALL
            : new TimeRange(around, around + random.nextInt(10_000_000));
    damageTold = false;
    List<String> found = answer(store.store().reader(), matchers, range);
    List<String> wanted = answer(expected.naive(known), matchers, range);
    trace(found.hashCode());
    if (!found.equals(wanted) && !isExplainedByDamage(found, wanted, matchers, range)) {
      throw new AssertionError(
          "%s %s gives %s, expected %s".formatted(matchers, range, found, wanted));
    }
  }

  /// Whether nothing but damage stands between the two: it may hide less from this question than
  /// from one about everything, and more only if that is said.
  private boolean isExplainedByDamage(
      List<String> found, List<String> wanted, List<Matcher> matchers, TimeRange range) {
    return expected.anyHidden()
        && answer(expected.undamaged(known), matchers, range).containsAll(found)
        && (damageTold || found.containsAll(wanted));
  }

  private void trace(long what) {
    trace = 31 * trace + what;
  }

  private List<String> answer(Reader reader, List<Matcher> matchers, TimeRange range) {
    var answer = new ArrayList<String>();
    var columns = new SampleColumns();
    try (Selection selection = reader.select(matchers, range)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        for (int k = 0; k < columns.size(); k++) {
          answer.add(
              "%s %d %x"
                  .formatted(
                      selection.labels(i),
                      columns.timestamps()[k],
                      Double.doubleToRawLongBits(columns.values()[k])));
        }
        HistogramColumns found = columns.histograms();
        for (int k = 0; k < columns.histogramCount(); k++) {
          answer.add(
              "%s %d %x"
                  .formatted(
                      selection.labels(i), found.timestamps()[k], known.bits(found.histogram(k))));
        }
      }
      damageTold |= !selection.warnings().isEmpty();
    }
    return answer;
  }

  private Map<Place, Long> everything(Reader reader) {
    var found = new HashMap<Place, Long>();
    var columns = new SampleColumns();
    try (Selection selection = reader.select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, columns);
        for (int k = 0; k < columns.size(); k++) {
          var place = new Place(selection.labels(i), columns.timestamps()[k]);
          if (found.put(place, Double.doubleToRawLongBits(columns.values()[k])) != null) {
            throw new AssertionError(place + " comes twice");
          }
        }
        for (int k = 0; k < columns.histogramCount(); k++) {
          HistogramColumns histograms = columns.histograms();
          var place = new Place(selection.labels(i), histograms.timestamps()[k]);
          if (found.put(place, known.bits(histograms.histogram(k))) != null) {
            throw new AssertionError(place + " comes twice");
          }
        }
      }
      damageTold |= !selection.warnings().isEmpty();
    }
    return found;
  }

  /// Everything is as it is expected to be.
  private void checkAll() {
    Map<Place, Long> found = everything(store.store().reader());
    trace(found.hashCode());
    if (!found.equals(expected.visible())) {
      throw new AssertionError(difference(expected.visible(), found));
    }
    if (store.store().status().damages() > 0 && !flipsBits) {
      throw new AssertionError("damage is reported");
    }
  }

  private static String difference(Map<Place, Long> expected, Map<Place, Long> found) {
    var missing = new HashMap<>(expected);
    missing.entrySet().removeAll(found.entrySet());
    var added = new HashMap<>(found);
    added.entrySet().removeAll(expected.entrySet());
    return "missing %s, added %s".formatted(missing, added);
  }

  // What happens to it.

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private static boolean step(Step step) throws IOException {
    try {
      step.run();
      return true;
    } catch (DiskFullException | StoreUnavailableException e) {
      return false;
    } catch (IOException e) {
      if (e.getCause() instanceof DiskFullException) {
        return false;
      }
      throw e;
    }
  }

  /// Does whatever is due; only what is past retention may go.
  private void maintain() throws IOException {
    long keptFrom = Long.MIN_VALUE;
    if (options.retentionTime().isPositive() && newest > Long.MIN_VALUE) {
      keptFrom = newest - options.retentionTime().toMillis();
    }
    long end = keptFrom;
    expected.pastRetention(place -> place.time() < end);
    step(store::maintain);
    expected.settle(everything(store.store().reader()));
  }

  /// Deletes what was sent for a job or a metric in some span of time.
  private void delete() throws IOException {
    String label = random.nextBoolean() ? "job" : "__name__";
    String value = label.equals("job") ? "j" + random.nextInt(4) : "m" + random.nextInt(6);
    long from = clock.millis() - random.nextInt(10_000_000);
    var range = new TimeRange(from, from + random.nextInt(5_000_000));
    Predicate<Place> meant =
        place ->
            place.series().get(label).equals(value)
                && place.time() >= range.startMillis()
                && place.time() <= range.endMillis();
    expected.unsureOfDeletion(meant);
    var selector = List.of(List.of(Matcher.equal(label, value)));
    if (step(() -> store.store().delete(selector, range))) {
      expected.deleted(meant);
      checkAll();
    } else {
      expected.settle(everything(store.store().reader()));
    }
    if (random.nextInt(3) == 0) {
      step(() -> store.store().cleanTombstones());
      expected.settle(everything(store.store().reader()));
    }
  }

  private void restart() throws IOException {
    store.close();
    reopen();
  }

  private void kill() throws IOException {
    process.kill();
    store.close();
    reopen();
  }

  private void cutPower() throws IOException {
    process.kill();
    SimulatedDisk left = disk.afterPowerCut(random.nextLong());
    store.close();
    disk = left;
    reopen();
  }

  private void reopen() throws IOException {
    store = open();
    expected.settle(everything(store.store().reader()));
    checkAll();
  }

  /// The disk has no space for a few steps, and then has again.
  private void fillDisk() throws IOException {
    disk.failFrom(disk.operations() + random.nextInt(20), SimulatedDisk.Fault.FULL);
    for (int i = random.nextInt(12); i >= 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> maintain();
        case 1 -> ask();
        case 2 -> {
          if (random.nextInt(4) == 0) {
            kill();
          }
        }
        case 3 -> step(() -> store.store().compactNow());
        default -> send();
      }
    }
    if (failed) {
      throw new AssertionError("a full disk ended the process");
    }
    disk.heal();
    awaitSpace();
  }

  /// The log looks for space every half a second.
  private void awaitSpace() {
    Labels series = Labels.of("__name__", "again");
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      var batch = new SampleBatch();
      var place = new Place(series, clock.millis());
      batch.add(store.store().appender().seriesFor(series, "again"), place.time(), 1);
      expected.sent(place, Double.doubleToRawLongBits(1));
      try {
        note(
            List.of(Double.doubleToRawLongBits(1)),
            List.of(place),
            store.store().appender().append(batch).join());
        return;
      } catch (CompletionException e) {
        expected.unsure(place, Double.doubleToRawLongBits(1));
        expected.settle(everything(store.store().reader()));
        try {
          Thread.sleep(20);
        } catch (InterruptedException interrupted) {
          throw new AssertionError(interrupted);
        }
      }
    }
    throw new AssertionError("there is space, and nothing is taken");
  }

  /// Stops, turns bits over, and starts again: nothing wrong is shown, and what is missing is told.
  private void flipBits() throws IOException {
    process.kill();
    store.close();
    var files = new ArrayList<Path>();
    collect(FOLDER, files);
    damageTold = false;
    for (int i = random.nextInt(3); i >= 0 && !files.isEmpty(); i--) {
      Path file = files.get(random.nextInt(files.size()));
      if (disk.size(file) > 0) {
        long bit = random.nextLong(disk.size(file) * 8);
        if (file.endsWith("block.bg") && random.nextBoolean()) {
          BlockDamage.flip(disk, file, bit);
        } else {
          disk.flipBit(file, bit);
        }
      }
    }
    store = open();
    boolean changed = expected.settleDamaged(everything(store.store().reader()));
    if (changed && !damageTold) {
      throw new AssertionError("something is missing, and nobody is told");
    }
  }

  private void collect(Path folder, List<Path> into) {
    for (Path path : disk.list(folder)) {
      if (disk.isFolder(path)) {
        collect(path, into);
      } else {
        into.add(path);
      }
    }
  }
}
