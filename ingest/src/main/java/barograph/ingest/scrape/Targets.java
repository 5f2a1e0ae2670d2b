package barograph.ingest.scrape;

import barograph.storage.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All targets as they stand at one moment, for people to look at.
///
/// @param active those that are visited, by job and then by address
/// @param dropped those that relabelling dropped, as far as they are kept
/// @param droppedCounts how many were dropped, by job
public record Targets(
    List<Active> active, List<Dropped> dropped, Map<String, Integer> droppedCounts) {
  public Targets {
    active = List.copyOf(active);
    dropped = List.copyOf(dropped);
    droppedCounts = Map.copyOf(droppedCounts);
  }

  /// These and others.
  public Targets and(Targets others) {
    var allActive = new ArrayList<>(active);
    allActive.addAll(others.active);
    var allDropped = new ArrayList<>(dropped);
    allDropped.addAll(others.dropped);
    var counts = new HashMap<>(droppedCounts);
    others.droppedCounts.forEach((name, count) -> counts.merge(name, count, Integer::sum));
    return new Targets(allActive, allDropped, counts);
  }

  /// How the last visit went.
  public enum Health {
    UNKNOWN,
    UP,
    DOWN;

    /// As the HTTP interface writes it.
    public String words() {
      return switch (this) {
        case UNKNOWN -> "unknown";
        case UP -> "up";
        case DOWN -> "down";
      };
    }
  }

  /// A target that is visited.
  ///
  /// @param discovered labels before relabelling
  /// @param labels labels that its series get
  /// @param lastError what went wrong at the last visit, empty if nothing did
  /// @param lastScrapeMillis when the last visit began, null before the first
  /// @param lastDuration how long it took
  public record Active(
      Labels discovered,
      Labels labels,
      String pool,
      String url,
      Health health,
      String lastError,
      @Nullable Long lastScrapeMillis,
      Duration lastDuration,
      Duration interval,
      Duration timeout) {}

  /// A target that relabelling dropped.
  public record Dropped(Labels discovered, String pool) {}

  /// What a target's page says about a metric: the `HELP`, `TYPE` and `UNIT` lines.
  ///
  /// @param type as on the page, `unknown` without a line
  public record Metadata(Labels target, String metric, String type, String help, String unit) {}
}
