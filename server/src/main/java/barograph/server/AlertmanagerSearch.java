package barograph.server;

import barograph.alerting.forward.Alertmanager;
import barograph.ingest.discovery.Discoveries;
import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.TargetGroup;
import barograph.server.config.AlertmanagerSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps known which Alertmanagers elsewhere there are now: those that the configuration names, and
/// those that its discoveries find.
///
/// Here, because discovery is `ingest`'s, the telling `alerting`'s, and the two do not know each
/// other. Any thread may call it.
final class AlertmanagerSearch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AlertmanagerSearch.class.getName());

  private final Follow follow;
  private List<Place> places = List.of();
  private Consumer<List<Alertmanager>> listener = all -> {};

  /// Begins to tell what discoveries find.
  @FunctionalInterface
  interface Follow {
    Discoveries.Following start(
        List<DiscoveryConfig> discoveries, Consumer<List<TargetGroup>> found);
  }

  /// A set, what was found of it last, and what goes on finding it.
  private static final class Place {
    private final AlertmanagerSet set;
    private AlertmanagerSet.Outcome outcome;
    private Discoveries.@Nullable Following following;

    Place(AlertmanagerSet set) {
      this.set = set;
      outcome = set.with(List.of());
    }
  }

  AlertmanagerSearch(Follow follow) {
    this.follow = follow;
  }

  /// Looks for these from now on; a set that stays as it was keeps what was found of it.
  synchronized void apply(List<AlertmanagerSet> sets) {
    var before = new ArrayList<>(places);
    var next = new ArrayList<Place>();
    for (AlertmanagerSet set : sets) {
      @Nullable Place known =
          before.stream().filter(place -> place.set.equals(set)).findFirst().orElse(null);
      before.remove(known);
      next.add(known == null ? begun(set) : known);
    }
    places = List.copyOf(next);
    before.forEach(AlertmanagerSearch::end);
    listener.accept(known());
  }

  private Place begun(AlertmanagerSet set) {
    var place = new Place(set);
    if (!set.discoveries().isEmpty()) {
      place.following = follow.start(set.discoveries(), groups -> found(place, groups));
    }
    return place;
  }

  private synchronized void found(Place place, List<TargetGroup> groups) {
    if (!places.contains(place)) {
      return;
    }
    try {
      place.outcome = place.set.with(groups);
    } catch (IllegalArgumentException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "discovered Alertmanagers cannot be used, the last ones stay: {0}",
          e.getMessage());
      return;
    }
    listener.accept(known());
  }

  /// Tells `everyChange` of all Alertmanagers now and whenever others are known.
  synchronized void tell(Consumer<List<Alertmanager>> everyChange) {
    listener = everyChange;
    everyChange.accept(known());
  }

  /// All that are known now.
  synchronized List<Alertmanager> known() {
    return places.stream().flatMap(place -> place.outcome.active().stream()).toList();
  }

  /// Addresses that were found and left out.
  synchronized List<String> dropped() {
    return places.stream().flatMap(place -> place.outcome.dropped().stream()).toList();
  }

  private static void end(Place place) {
    if (place.following != null) {
      place.following.close();
    }
  }

  @Override
  public synchronized void close() {
    listener = all -> {};
    places.forEach(AlertmanagerSearch::end);
    places = List.of();
  }
}
