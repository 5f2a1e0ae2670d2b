package barograph.storage.crash;

import barograph.storage.SampleBatch;
import barograph.storage.SteppedStore;
import barograph.storage.StoreWatcher;
import barograph.storage.crash.Ledger.Moment;
import barograph.storage.crash.Ledger.Place;
import barograph.storage.model.Damage;
import barograph.storage.model.Labels;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Every point at which a workload can be stopped, and every disk that the next start can find.
///
/// After each operation of the disk: what a kill leaves; of a power cut, nothing of what was not
/// synced, all of it, its first few changes for each number of them, and seeded subsets with torn
/// writes. Each different disk is started from once, and must hold what was acknowledged, nothing
/// that was not sent, nothing twice and no damage. Of some the store then goes on and starts again;
/// of some, recovery is stopped in its turn after each of its operations.
final class CrashPoints {
  private static final int MOST_VIOLATIONS = 10;

  private final Workload workload;
  private final Effort effort;
  private final long seed;
  private final Set<Long> seen = new HashSet<>();
  private final List<String> violations = new ArrayList<>();
  private final Play play;
  private final boolean durable;
  private final long stride;
  private final Queue<String> damages = new ConcurrentLinkedQueue<>();
  private long operations;

  private CrashPoints(Workload workload, Effort effort, long seed) throws IOException {
    this.workload = workload;
    this.effort = effort;
    this.seed = seed;
    this.play = Play.of(workload, SimulatedDisk.recording(), seed, false);
    this.durable = play.isDurable();
    this.stride = effort.everyOperation();
  }

  /// What was tried, and what should not have been found.
  record Tally(String workload, long operations, long states, List<String> violations) {
    Tally {
      violations = List.copyOf(violations);
    }
  }

  static Tally of(Workload workload, Effort effort, long seed) throws IOException {
    var points = new CrashPoints(workload, effort, seed);
    points.enumerate();
    return new Tally(workload.name(), points.operations, points.seen.size(), points.violations);
  }

  private void enumerate() throws IOException {
    long all = play.disk().operations();
    for (long k = 0; k <= all && violations.size() < MOST_VIOLATIONS; k++) {
      operations++;
      if (k % stride == 0 || k == all) {
        stopAfter(k);
      }
    }
  }

  private void stopAfter(long k) throws IOException {
    SimulatedDisk then = play.disk().after(k);
    String at = "%s, seed %d, stopped after operation %d by ".formatted(workload, seed, k);
    tryAll(then, k, at, effort.subsets());
  }

  /// Every disk that the end of a process may leave of `then`.
  private void tryAll(SimulatedDisk then, long k, String at, int subsets) throws IOException {
    start(then.afterKill(), new Moment(k, true), at + "a kill");
    int unsynced = then.unsynced();
    for (int kept = 0; kept <= unsynced; kept++) {
      start(
          then.afterPowerCutKeeping(kept),
          new Moment(k, durable),
          at + "a power cut that keeps %d of %d changes".formatted(kept, unsynced));
    }
    for (int i = 0; unsynced > 1 && i < subsets; i++) {
      long cut = mix(seed, k, i);
      start(
          then.afterPowerCut(cut),
          new Moment(k, durable),
          at + "a power cut of seed %d".formatted(cut));
    }
  }

  private static long mix(long seed, long k, long i) {
    return (seed * 31 + k) * 0x9e3779b97f4a7c15L + i;
  }

  private boolean isNew(SimulatedDisk disk, Moment moment) {
    long progress = play.ledger().progress(moment.operations());
    if (play.tail() != null) {
      progress = progress * 31 + play.tail().progress(moment.operations());
    }
    long state = disk.fingerprint() * 31 + progress;
    return seen.add(state * 2 + (moment.acknowledgedCounts() ? 1 : 0));
  }

  private void start(SimulatedDisk found, Moment moment, String how) throws IOException {
    if (!isNew(found, moment)) {
      return;
    }
    int number = seen.size();
    boolean stopsAgain = number % effort.everyDoubleCrash() == 0;
    boolean goesOn = !stopsAgain && number % effort.everyContinuation() == 0;
    SimulatedDisk disk = stopsAgain ? found.recordingCopy() : found;
    try {
      recover(disk, moment, goesOn, mix(seed, number, 7));
    } catch (IOException | RuntimeException | Error e) {
      violations.add(how + ": " + e);
      return;
    }
    if (stopsAgain) {
      stopRecovery(disk, moment, how);
    }
  }

  /// Starts from `disk`, holds what is there against the ledger, and goes on if wanted.
  private void recover(SimulatedDisk disk, Moment moment, boolean goesOn, long chance)
      throws IOException {
    var more = new Place("more", Play.NOW.toEpochMilli());
    Map<Place, Object> found;
    SimulatedDisk next;
    boolean cut;
    try (var store = open(disk)) {
      found = check(store, moment);
      if (!goesOn) {
        return;
      }
      var batch = new SampleBatch();
      batch.add(
          store.store().appender().seriesFor(Labels.of("__name__", more.series()), "more"),
          more.time(),
          4711);
      if (!store.store().appender().append(batch).join().complete()) {
        throw new AssertionError("a sample more is refused");
      }
      if (chance % 3 == 0 && !play.expires()) {
        store.maintain();
      }
      next =
          switch ((int) Math.floorMod(chance, 4L)) {
            case 0 -> disk.afterKill();
            case 1 -> disk.afterPowerCutKeeping(0);
            default -> disk;
          };
      cut = Math.floorMod(chance, 4L) == 1;
    }
    try (var store = open(next)) {
      checkDamages(moment);
      Map<Place, Object> again = Answers.of(store.store());
      boolean moreIsThere = again.remove(more) != null;
      if (play.tail() != null
          && !play.tail().check(store.store(), afterGoingOn(moment), more)
          && moreIsThere) {
        throw new AssertionError("the tail has left out the sample that was taken after recovery");
      }
      if (!moreIsThere && (durable || !cut)) {
        throw new AssertionError("the sample that was taken after recovery is lost");
      }
      if (cut) {
        play.ledger().check(again, afterGoingOn(moment));
      } else if (!again.equals(found)) {
        throw new AssertionError("after going on and another start: " + difference(found, again));
      }
    }
  }

  private static String difference(Map<Place, Object> expected, Map<Place, Object> found) {
    var missing = new HashMap<>(expected);
    missing.entrySet().removeAll(found.entrySet());
    var added = new HashMap<>(found);
    added.entrySet().removeAll(expected.entrySet());
    return "missing %s, added %s".formatted(missing, added);
  }

  private Map<Place, Object> check(SteppedStore store, Moment moment) throws IOException {
    checkDamages(moment);
    Map<Place, Object> found = Answers.of(store.store());
    play.ledger().check(found, moment);
    if (play.tail() != null) {
      play.tail().check(store.store(), moment, null);
    }
    return found;
  }

  /// What is acknowledged before it is synced may have holes after a power cut, and the start says
  /// so.
  private boolean mayReportDamage(Moment moment) {
    return !durable || play.ledger().mayReportDamage(moment);
  }

  private void checkDamages(Moment moment) {
    for (String damage : damages) {
      if (!mayReportDamage(moment)) {
        throw new AssertionError("damage is reported: " + damage);
      }
    }
  }

  private SteppedStore open(SimulatedDisk disk) throws IOException {
    damages.clear();
    var watcher =
        new StoreWatcher() {
          @Override
          public void damaged(Damage damage) {
            damages.add(damage.toString());
          }
        };
    return SteppedStore.open(play.storeOptions(), disk, play.clock(), watcher);
  }

  /// Stops recovery after each of its operations, and recovers from that.
  private void stopRecovery(SimulatedDisk recovery, Moment moment, String how) throws IOException {
    var random = new Random(mix(seed, seen.size(), 3));
    for (long j = 0; j < recovery.operations(); j++) {
      SimulatedDisk then = recovery.after(j);
      SimulatedDisk left =
          switch (random.nextInt(3)) {
            case 0 -> then.afterKill();
            case 1 -> then.afterPowerCutKeeping(0);
            default -> then.afterPowerCut(random.nextLong());
          };
      // What a kill left may lose in a later power cut what was not synced, if nobody was told
      // that it is stored.
      if (!isNew(left, moment)) {
        continue;
      }
      try (var store = open(left)) {
        check(store, afterGoingOn(moment));
      } catch (IOException | RuntimeException | Error e) {
        violations.add(how + ", and its recovery after operation " + j + ": " + e);
        return;
      }
    }
  }

  private Moment afterGoingOn(Moment moment) {
    return new Moment(moment.operations(), moment.acknowledgedCounts() && durable);
  }
}
