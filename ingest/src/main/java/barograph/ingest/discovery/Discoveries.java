package barograph.ingest.discovery;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All discoveries at work: a virtual thread for each configuration, however many jobs follow it,
/// and one for each follower.
///
/// Any thread may call it.
public final class Discoveries implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Discoveries.class.getName());

  /// How often at most a follower is told of changes.
  private static final Duration THROTTLE = Duration.ofSeconds(5);

  private final DiscoveryMeans means;
  private final Duration throttle;
  private final Map<DiscoveryConfig, Running> running = new HashMap<>();
  private final Map<String, DiscoveryFigures> figures = new ConcurrentSkipListMap<>();

  public Discoveries(DiscoveryMeans means) {
    this(means, THROTTLE);
  }

  Discoveries(DiscoveryMeans means, Duration throttle) {
    this.means = means;
    this.throttle = throttle;
  }

  /// Tells `listener` what these find: all groups, each time that some have changed, on a thread of
  /// its own.
  public Following follow(List<DiscoveryConfig> configs, Consumer<List<TargetGroup>> listener) {
    var following = new Following(List.copyOf(configs), listener);
    synchronized (running) {
      for (DiscoveryConfig config : following.configs) {
        var discovery = running.computeIfAbsent(config, Running::new);
        discovery.followers.add(following);
        if (discovery.groups != null) {
          following.changed.release();
        }
      }
    }
    following.thread.start();
    return following;
  }

  /// What was done so far, by kind of discovery.
  public List<DiscoveryFigures> figures() {
    return List.copyOf(figures.values());
  }

  @Override
  public void close() {
    synchronized (running) {
      running
          .values()
          .forEach(discovery -> {
            discovery.followers.forEach(follower -> follower.thread.interrupt());
            discovery.thread.interrupt();
          });
      running.clear();
    }
  }

  /// A follower, until it is closed.
  public final class Following implements AutoCloseable {
    private final List<DiscoveryConfig> configs;
    private final Consumer<List<TargetGroup>> listener;
    private final Semaphore changed = new Semaphore(0);
    private final Thread thread =
        Thread.ofVirtual().name("discovered targets").unstarted(this::listen);

    private Following(List<DiscoveryConfig> configs, Consumer<List<TargetGroup>> listener) {
      this.configs = configs;
      this.listener = listener;
    }

    private void listen() {
      try {
        while (true) {
          changed.acquire();
          changed.drainPermits();
          listener.accept(groups());
          Thread.sleep(throttle);
        }
      } catch (InterruptedException e) {
        // Closed.
      }
    }

    private List<TargetGroup> groups() {
      var all = new ArrayList<TargetGroup>();
      synchronized (running) {
        for (DiscoveryConfig config : configs) {
          @Nullable Running discovery = running.get(config);
          @Nullable List<TargetGroup> found = discovery == null ? null : discovery.groups;
          if (found != null) {
            all.addAll(found);
          }
        }
      }
      return all;
    }

    /// Ends it; discoveries that nobody follows any more end too.
    @Override
    public void close() {
      thread.interrupt();
      synchronized (running) {
        for (DiscoveryConfig config : configs) {
          @Nullable Running discovery = running.get(config);
          if (discovery != null) {
            discovery.followers.remove(this);
            if (discovery.followers.isEmpty()) {
              discovery.thread.interrupt();
              running.remove(config);
            }
          }
        }
      }
    }
  }

  /// One configuration at work.
  private final class Running {
    private final DiscoveryConfig config;
    private final String mechanism;
    private final Thread thread;
    private final List<Following> followers = new CopyOnWriteArrayList<>();
    private volatile @Nullable List<TargetGroup> groups;

    Running(DiscoveryConfig config) {
      this.config = config;
      mechanism = config.mechanism();
      thread = Thread.ofVirtual().name("discovery " + mechanism).start(this::run);
    }

    private void run() {
      var discoverer = means.discoverer(config);
      try {
        while (true) {
          look(discoverer);
          Thread.sleep(discoverer.pause());
        }
      } catch (InterruptedException e) {
        // Nobody follows any more.
      }
    }

    private void look(Discoverer discoverer) throws InterruptedException {
      long began = System.nanoTime();
      try {
        discoverer.look(this::found);
        note(began, false);
      } catch (IOException | RuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        note(began, true);
        LOG.log(Level.WARNING, "discovery by {0} failed, its last targets stay: {1}", config, e);
      }
    }

    private void note(long began, boolean failed) {
      long nanos = System.nanoTime() - began;
      figures.compute(
          mechanism,
          (name, before) ->
              (before == null ? new DiscoveryFigures(name, 0, 0, 0) : before).and(failed, nanos));
    }

    private void found(List<TargetGroup> now) {
      if (!now.equals(groups)) {
        groups = List.copyOf(now);
        followers.forEach(follower -> follower.changed.release());
      }
    }
  }
}
