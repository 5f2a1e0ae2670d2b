package barograph.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.SteppedStore;
import barograph.storage.StoreWatcher;
import barograph.storage.crash.Ledger.Moment;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.testkit.SimulatedDisk.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Lets one operation of the disk fail, in every workload each in turn: for want of space, for
/// good, or as a sync that does not come about.
///
/// A full disk is an ordinary event: the store goes on and takes samples again. Any other failure
/// ends the process in order. Neither loses what was acknowledged, not even in a power cut, and the
/// next start is clean.
@ExtendWith(Quiet.class)
class FaultSweepTest {
  private static final long SEED = 1;

  /// A full disk is waited for, half a second each time: waiting can be done side by side.
  private static final int AT_ONCE = 24;

  private static final LongAdder FAULTS = new LongAdder();

  static List<Workload> workloads() {
    return Workloads.chosen();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("workloads")
  void noFaultLosesWhatWasAcknowledged(Workload workload) throws IOException, InterruptedException {
    long operations = Play.of(workload, new SimulatedDisk(), SEED, false).disk().operations();
    var attempts = new ArrayList<Callable<String>>();
    int every = Effort.ofThisRun().everyFault();
    for (var fault : Fault.values()) {
      for (long at = attempts.size() % every; at < operations; at += every) {
        long operation = at;
        attempts.add(() -> attempt(workload, fault, operation));
      }
    }
    var violations = new ArrayList<String>();
    try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var attempt : pool.invokeAll(attempts)) {
        try {
          violations.add(attempt.get());
        } catch (ExecutionException e) {
          throw new AssertionError(e.getCause());
        }
      }
    }
    violations.removeIf(String::isEmpty);
    FAULTS.add(attempts.size());
    Effort.say(
        "faults in \"%s\", seed %d: %d, violations %d"
            .formatted(workload, SEED, attempts.size(), violations.size()));
    assertThat(violations).isEmpty();
  }

  @AfterAll
  static void sayHowMuch() {
    Effort.say("fault sweep: workloads %d, faults %d".formatted(workloads().size(), FAULTS.sum()));
  }

  /// What went wrong, or nothing.
  static String attempt(Workload workload, Fault fault, long operation) {
    var disk = new SimulatedDisk();
    disk.failOnce(operation, fault);
    try {
      Play play = Play.of(workload, disk, SEED, true);
      disk.heal();
      if (play.hasFailed() && fault == Fault.FULL) {
        throw new AssertionError("a full disk ended the process");
      }
      boolean durable = play.isDurable();
      start(play, disk.afterKill(), new Moment(Long.MAX_VALUE - 1, durable || !play.hasFailed()));
      for (int cut = 0; cut < 3; cut++) {
        SimulatedDisk left = cut == 0 ? disk.afterPowerCutKeeping(0) : disk.afterPowerCut(cut);
        start(play, left, new Moment(Long.MAX_VALUE - 1, durable));
      }
      return "";
    } catch (IOException | RuntimeException | Error e) {
      return "%s, seed %d, %s at operation %d: %s".formatted(workload, SEED, fault, operation, e);
    }
  }

  private static void start(Play play, SimulatedDisk disk, Moment moment) throws IOException {
    try (var store =
        SteppedStore.open(play.storeOptions(), disk, play.clock(), StoreWatcher.NONE)) {
      play.ledger().check(Answers.of(store.store()), moment);
      if (play.tail() != null) {
        play.tail().check(store.store(), moment, null);
      }
    }
  }
}
