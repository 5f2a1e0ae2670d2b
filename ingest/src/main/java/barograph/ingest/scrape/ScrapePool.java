package barograph.ingest.scrape;

import barograph.storage.model.Labels;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One job at work: a loop for each of its targets.
///
/// Its owner calls it from one thread at a time; what it shows may be asked by any.
final class ScrapePool {
  private static final Logger LOG = System.getLogger(ScrapePool.class.getName());

  private final TargetScraper.Workshop workshop;
  private ScrapeConfig config;
  private Map<Target.Identity, ScrapeLoop> loops;
  private List<Labels> dropped = List.of();

  /// Loops of targets that are gone, until they have marked their series.
  private final List<ScrapeLoop> leaving = new ArrayList<>();

  ScrapePool(TargetScraper.Workshop workshop, ScrapeConfig config) {
    this.workshop = workshop;
    this.config = config;
    this.loops = loops(config, Map.of());
    loops.values().forEach(ScrapeLoop::start);
  }

  synchronized ScrapeConfig config() {
    return config;
  }

  /// Goes on under another configuration: targets that stay keep what is known of their series.
  synchronized void reconfigure(ScrapeConfig newConfig) {
    Map<Target.Identity, ScrapeLoop> before = loops;
    config = newConfig;
    loops = loops(newConfig, before);
    leaving.removeIf(loop -> !loop.running());
    before.forEach((identity, loop) -> {
      boolean gone = !loops.containsKey(identity);
      loop.stop(gone);
      if (gone) {
        leaving.add(loop);
      }
    });
    // Only now, so that no two loops visit a target.
    loops.values().forEach(ScrapeLoop::start);
  }

  private Map<Target.Identity, ScrapeLoop> loops(
      ScrapeConfig job, Map<Target.Identity, ScrapeLoop> before) {
    TargetNaming.Outcome found = new TargetNaming(job).all();
    found.faults().forEach(fault -> LOG.log(Level.ERROR, fault));
    dropped = found.dropped();
    int limit = job.limits().targets();
    int count = found.targets().size();
    String forbidden =
        limit > 0 && count > limit
            ? "target_limit exceeded (number of targets: %d, limit: %d)".formatted(count, limit)
            : "";
    var made = new LinkedHashMap<Target.Identity, ScrapeLoop>();
    for (Target target : found.targets()) {
      @Nullable ScrapeLoop predecessor = before.get(target.identity());
      var scraper =
          new TargetScraper(
              workshop, job, target, predecessor == null ? null : predecessor.scraper());
      made.put(target.identity(), new ScrapeLoop(scraper, workshop.pace(), forbidden));
    }
    return made;
  }

  /// The job is gone from the configuration, and all its targets with it.
  synchronized void retire() {
    loops.values().forEach(loop -> loop.stop(true));
    leaving.addAll(loops.values());
    loops = Map.of();
  }

  /// Stops at once and leaves the series as they are.
  void close() {
    List<ScrapeLoop> all = new ArrayList<>();
    synchronized (this) {
      all.addAll(loops.values());
      all.addAll(leaving);
    }
    all.forEach(loop -> loop.stop(false));
    for (ScrapeLoop loop : all) {
      try {
        loop.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// Whether loops of targets that are gone are still to mark their series.
  synchronized boolean lingers() {
    leaving.removeIf(loop -> !loop.running());
    return !leaving.isEmpty();
  }

  synchronized List<Targets.Active> active() {
    return loops.values().stream().map(loop -> loop.scraper().status()).toList();
  }

  synchronized int droppedCount() {
    return dropped.size();
  }

  synchronized List<Targets.Dropped> dropped() {
    int kept = config.limits().keptDroppedTargets();
    return dropped.stream()
        .limit(kept == 0 ? Long.MAX_VALUE : kept)
        .map(labels -> new Targets.Dropped(labels, config.jobName()))
        .toList();
  }

  synchronized List<Targets.Metadata> metadata() {
    return loops.values().stream().flatMap(loop -> loop.scraper().metadata().stream()).toList();
  }
}
