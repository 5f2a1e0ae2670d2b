package barograph.storage;

import barograph.storage.StoreStatus.DamageReport;
import barograph.storage.model.Damage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The damages found since the store was opened, each told once: in the log, to the watcher, and to
/// whoever asks for the status. Any thread.
final class DamageLedger {
  private static final Logger LOG = System.getLogger(Store.class.getName());
  private static final int MOST_KNOWN = 10_000;
  private static final int MOST_KEPT = 1_000;

  private final InstantSource clock;
  private final StoreWatcher watcher;
  private final Set<String> known = new HashSet<>();
  private final List<DamageReport> reports = new ArrayList<>();
  private long samplesLost;

  DamageLedger(InstantSource clock, StoreWatcher watcher) {
    this.clock = clock;
    this.watcher = watcher;
  }

  /// Notes something damaged, the first time it is found.
  void add(Damage damage) {
    synchronized (this) {
      if (known.size() >= MOST_KNOWN || !known.add(damage.toString())) {
        return;
      }
      if (reports.size() < MOST_KEPT) {
        reports.add(new DamageReport(clock.instant(), damage));
      }
      samplesLost += Math.max(0, damage.samples());
    }
    LOG.log(Level.ERROR, "damaged: {0}", damage);
    watcher.damaged(damage);
  }

  /// How many different ones there are.
  synchronized long count() {
    return known.size();
  }

  /// The first of them, oldest first.
  synchronized List<DamageReport> reports() {
    return List.copyOf(reports);
  }

  /// Samples that are lost by all of them together, so far as is known.
  synchronized long samplesLost() {
    return samplesLost;
  }
}
