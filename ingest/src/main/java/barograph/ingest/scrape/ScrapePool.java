package barograph.ingest.scrape;

import barograph.ingest.discovery.Discoveries;
import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.TargetGroup;
import barograph.storage.model.Labels;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private List<TargetGroup> discovered = List.of();
  private Discoveries.@Nullable Following following;
  private boolean retired;
  private long syncs;
  private long syncFailures;
  private long syncNanos;

  /// What was wrong with targets and has been told.
  private Set<String> faults = Set.of();

  /// Loops of targets that are gone, until they have marked their series.
  private final List<ScrapeLoop> leaving = new ArrayList<>();

  ScrapePool(TargetScraper.Workshop workshop, ScrapeConfig config) {
    this.workshop = workshop;
    this.config = config;
    this.loops = loops(config, Map.of());
    loops.values().forEach(ScrapeLoop::start);
    follow();
  }

  private void follow() {
    if (following != null) {
      following.close();
      following = null;
    }
    if (!config.discoveries().isEmpty()) {
      var places = config.discoveries();
      following = workshop.discoveries().follow(places, groups -> discover(places, groups));
    }
  }

  /// Goes on with what has been discovered: targets that stay as they were are not disturbed.
  private synchronized void discover(List<DiscoveryConfig> places, List<TargetGroup> groups) {
    if (retired || !places.equals(config.discoveries())) {
      return;
    }
    discovered = groups;
    Map<Target.Identity, ScrapeLoop> before = loops;
    Map<Target.Identity, ScrapeLoop> now = loops(config, before);
    now.replaceAll((identity, loop) -> {
      @Nullable ScrapeLoop running = before.get(identity);
      return running != null && running.isLike(loop) ? running : loop;
    });
    change(before, now);
  }

  synchronized ScrapeConfig config() {
    return config;
  }

  /// Goes on under another configuration: targets that stay keep what is known of their series.
  synchronized void reconfigure(ScrapeConfig newConfig) {
    boolean samePlaces = newConfig.discoveries().equals(config.discoveries());
    if (!samePlaces) {
      discovered = List.of();
    }
    Map<Target.Identity, ScrapeLoop> before = loops;
    config = newConfig;
    change(before, loops(newConfig, before));
    if (!samePlaces) {
      follow();
    }
  }

  private void change(
      Map<Target.Identity, ScrapeLoop> before, Map<Target.Identity, ScrapeLoop> now) {
    loops = now;
    leaving.removeIf(loop -> !loop.running());
    before.forEach((identity, loop) -> {
      @Nullable ScrapeLoop successor = now.get(identity);
      if (successor == null) {
        loop.stop(true);
        leaving.add(loop);
      } else if (successor != loop) {
        loop.stop(false);
      }
    });
    // Only now, so that no two loops visit a target.
    now.forEach((identity, loop) -> {
      if (before.get(identity) != loop) {
        loop.start();
      }
    });
  }

  private Map<Target.Identity, ScrapeLoop> loops(
      ScrapeConfig job, Map<Target.Identity, ScrapeLoop> before) {
    long began = workshop.pace().nanoTime();
    TargetNaming.Outcome found = new TargetNaming(job).all(discovered);
    syncFailures += found.faults().size();
    for (String fault : found.faults()) {
      if (!faults.contains(fault)) {
        LOG.log(Level.ERROR, fault);
      }
    }
    faults = Set.copyOf(found.faults());
    dropped = found.dropped();
    int limit = job.limits().targets();
    int count = found.targets().size();
    String forbidden =
        limit > 0 && count > limit
            ? "target_limit exceeded (number of targets: %d, limit: %d)".formatted(count, limit)
            : "";
    if (!forbidden.isEmpty()) {
      workshop.counters().targetLimitExceeded.increment();
    }
    var made = new LinkedHashMap<Target.Identity, ScrapeLoop>();
    for (Target target : found.targets()) {
      @Nullable ScrapeLoop predecessor = before.get(target.identity());
      var scraper =
          new TargetScraper(
              workshop, job, target, predecessor == null ? null : predecessor.scraper());
      made.put(target.identity(), new ScrapeLoop(scraper, workshop.pace(), forbidden));
    }
    syncs++;
    long took = workshop.pace().nanoTime() - began;
    syncNanos += took;
    workshop.counters().synced(job.jobName(), took);
    return made;
  }

  /// The job is gone from the configuration, and all its targets with it.
  synchronized void retire() {
    unfollow();
    loops.values().forEach(loop -> loop.stop(true));
    leaving.addAll(loops.values());
    loops = Map.of();
  }

  private void unfollow() {
    retired = true;
    if (following != null) {
      following.close();
      following = null;
    }
  }

  /// Stops at once and leaves the series as they are.
  void close() {
    List<ScrapeLoop> all = new ArrayList<>();
    synchronized (this) {
      unfollow();
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

  synchronized PoolFigures figures() {
    return new PoolFigures(
        config.jobName(),
        loops.size(),
        config.limits().targets(),
        syncs,
        syncFailures,
        syncNanos,
        loops.values().stream().mapToInt(loop -> loop.scraper().metadataSize()).sum());
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
