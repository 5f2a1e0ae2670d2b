package barograph.server.self;

import barograph.ingest.scrape.ScrapeTimes;
import barograph.server.self.Registry.Lines;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How long it is between visits, by interval, and how long making targets takes, by job.
final class ScrapeDurations implements ScrapeTimes {
  /// Most intervals, and most jobs, of which quantiles are known.
  private static final int MOST = 1_000;

  private final Map<String, RecentQuantiles> betweenVisits = new ConcurrentHashMap<>();
  private final Map<String, RecentQuantiles> syncs = new ConcurrentHashMap<>();

  @Override
  public void visitedAfter(String interval, long nanos) {
    record(betweenVisits, interval, nanos);
  }

  @Override
  public void synced(String job, long nanos) {
    record(syncs, job, nanos);
  }

  private static void record(Map<String, RecentQuantiles> all, String name, long nanos) {
    @Nullable RecentQuantiles one = all.get(name);
    if (one == null && all.size() < MOST) {
      one = all.computeIfAbsent(name, _ -> new RecentQuantiles(System::nanoTime));
    }
    if (one != null) {
      one.record(nanos);
    }
  }

  /// Forgets jobs that are gone.
  void keepJobs(Collection<String> jobs) {
    syncs.keySet().retainAll(jobs);
  }

  void writeBetweenVisits(String interval, Lines lines) {
    write(betweenVisits.get(interval), lines, "interval", interval);
  }

  void writeSync(String job, Lines lines) {
    write(syncs.get(job), lines, "scrape_job", job);
  }

  private static void write(@Nullable RecentQuantiles one, Lines lines, String... labels) {
    if (one != null) {
      one.write(lines, labels);
    }
  }
}
