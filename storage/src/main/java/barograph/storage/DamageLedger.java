package barograph.storage;

import barograph.storage.StoreStatus.DamageReport;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.model.Damage;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What was found damaged: each told once in the log and to the watcher, and to whoever asks for
/// the status until it is forgotten, whatever starts there are in between.
///
/// It is forgotten when all that it can be about is past retention, or when an operator says so.
/// Any thread reports; one at a time saves.
final class DamageLedger {
  private static final Logger LOG = System.getLogger(Store.class.getName());
  private static final int MOST_KNOWN = 10_000;
  private static final int MOST_KEPT = 1_000;
  private static final int MOST_WARNINGS = 10;

  /// How far ahead of the clock the samples may be that a damage is about.
  static final Duration AHEAD = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final StoreWatcher watcher;
  private final DamagesFile file;
  private final Set<String> known = new HashSet<>();
  private final List<DamageReport> reports = new ArrayList<>();
  private long foundHere;
  private boolean changed;

  /// Knows what was found before in the store in `folder`.
  DamageLedger(Disk disk, Path folder, InstantSource clock, StoreWatcher watcher)
      throws IOException {
    this.clock = clock;
    this.watcher = watcher;
    this.file = new DamagesFile(disk, folder);
    for (DamageReport report : file.read(clock.instant())) {
      reports.add(report);
      known.add(report.damage().toString());
    }
    if (!reports.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "{0} damaged things were found before and are not forgotten; the last: {1}",
          Integer.toString(reports.size()),
          reports.getLast().damage());
    }
  }

  /// Notes something damaged, the first time it is found.
  void add(Damage damage) {
    synchronized (this) {
      foundHere++;
      if (known.size() >= MOST_KNOWN || !known.add(damage.toString())) {
        return;
      }
      if (reports.size() < MOST_KEPT) {
        reports.add(new DamageReport(clock.instant(), damage));
        changed = true;
      }
    }
    LOG.log(Level.ERROR, "damaged: {0}", damage);
    watcher.damaged(damage);
  }

  /// Writes down what has changed; on a full disk it waits for another time.
  ///
  /// @return whether all is written down
  boolean save() throws IOException {
    List<DamageReport> all;
    synchronized (this) {
      if (!changed) {
        return true;
      }
      changed = false;
      all = List.copyOf(reports);
    }
    try {
      file.write(all);
      return true;
    } catch (DiskFullException e) {
      synchronized (this) {
        changed = true;
      }
      return false;
    }
  }

  /// Forgets what is about samples up to `endMillis` alone, which are gone by retention.
  synchronized void forgetUpTo(long endMillis) {
    forget(reports.stream().filter(report -> end(report) <= endMillis).toList());
  }

  private static long end(DamageReport report) {
    var lost = report.damage().lost();
    return lost != null ? lost.endMillis() : report.found().plus(AHEAD).toEpochMilli();
  }

  /// Forgets everything that was found up to now.
  synchronized void forgetAll() {
    known.clear();
    forget(List.copyOf(reports));
  }

  private void forget(List<DamageReport> gone) {
    changed |= reports.removeAll(gone);
    gone.forEach(report -> known.remove(report.damage().toString()));
  }

  /// Whether anything damaged was met since the start, known before or not.
  synchronized boolean foundAny() {
    return foundHere > 0;
  }

  /// How many different ones there are.
  synchronized long count() {
    return known.size();
  }

  /// The first of them, oldest first.
  synchronized List<DamageReport> reports() {
    return List.copyOf(reports);
  }

  /// What samples of a time are lost for good, in words, for the warnings of answers.
  ///
  /// Damage in `readAgain` is left out: whoever reads there finds it again by himself. Nothing but
  /// this tells of what was lost of the log, whose place has gone when the question comes.
  synchronized List<String> lostWithin(TimeRange range, Path readAgain) {
    if (reports.isEmpty()) {
      return List.of();
    }
    return reports.stream()
        .map(DamageReport::damage)
        .filter(damage -> damage.samples() != 0 && !damage.file().startsWith(readAgain))
        .filter(damage -> damage.lost() != null && damage.lost().overlaps(range))
        .limit(MOST_WARNINGS)
        .map(Damage::toString)
        .toList();
  }

  /// Samples that are lost by all of them together, so far as is known.
  synchronized long samplesLost() {
    return reports.stream().mapToLong(report -> Math.max(0, report.damage().samples())).sum();
  }
}
