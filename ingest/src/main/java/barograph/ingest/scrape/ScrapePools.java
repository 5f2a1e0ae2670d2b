package barograph.ingest.scrape;

import barograph.ingest.discovery.Discoveries;
import barograph.ingest.hash.KeyedHash;
import barograph.storage.Appender;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All jobs at work, by name.
public final class ScrapePools implements AutoCloseable {
  private final TargetScraper.Workshop workshop;
  private final ScrapeCounters counters = new ScrapeCounters();
  private final Map<String, ScrapePool> pools = new TreeMap<>();

  /// Pools of jobs that are gone, until their series are marked.
  private final List<ScrapePool> leaving = new ArrayList<>();

  private boolean closed;

  /// @param discoveries find the targets that are not written down
  public ScrapePools(Appender appender, HttpFetch http, Pace pace, Discoveries discoveries) {
    this.workshop =
        new TargetScraper.Workshop(
            appender,
            http,
            pace,
            counters,
            new PageBuffers(),
            FirstPages.usual(),
            KeyedHash.withRandomKey(),
            discoveries);
  }

  /// Runs exactly these jobs from now on.
  ///
  /// @throws IllegalArgumentException if two have the same name; then nothing changes
  public synchronized void apply(List<ScrapeConfig> jobs) {
    Set<String> names = new HashSet<>();
    for (ScrapeConfig job : jobs) {
      if (!names.add(job.jobName())) {
        throw new IllegalArgumentException(
            "found multiple scrape configs with job name \"%s\"".formatted(job.jobName()));
      }
    }
    if (closed) {
      return;
    }
    leaving.removeIf(pool -> !pool.lingers());
    pools
        .entrySet()
        .removeIf(entry -> {
          if (names.contains(entry.getKey())) {
            return false;
          }
          entry.getValue().retire();
          return leaving.add(entry.getValue());
        });
    for (ScrapeConfig job : jobs) {
      @Nullable ScrapePool running = pools.get(job.jobName());
      if (running == null) {
        pools.put(job.jobName(), new ScrapePool(workshop, job));
      } else if (!running.config().equals(job)) {
        running.reconfigure(job);
      }
    }
  }

  public synchronized List<String> names() {
    return List.copyOf(pools.keySet());
  }

  public synchronized List<PoolFigures> figures() {
    return pools.values().stream().map(ScrapePool::figures).toList();
  }

  public ScrapeCounters counters() {
    return counters;
  }

  public synchronized Targets targets() {
    var active = new ArrayList<Targets.Active>();
    var dropped = new ArrayList<Targets.Dropped>();
    var counts = new TreeMap<String, Integer>();
    pools.forEach((name, pool) -> {
      active.addAll(pool.active());
      dropped.addAll(pool.dropped());
      counts.put(name, pool.droppedCount());
    });
    return new Targets(active, dropped, counts);
  }

  public synchronized List<Targets.Metadata> metadata() {
    return pools.values().stream().flatMap(pool -> pool.metadata().stream()).toList();
  }

  /// Stops everything and waits until no sample is on its way; writes no stale markers.
  @Override
  public void close() {
    List<ScrapePool> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      all.addAll(pools.values());
      all.addAll(leaving);
    }
    all.forEach(ScrapePool::close);
  }
}
