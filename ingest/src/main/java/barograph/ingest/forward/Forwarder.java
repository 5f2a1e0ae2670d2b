package barograph.ingest.forward;

import barograph.ingest.forward.Endpoint.Message;
import barograph.ingest.scrape.Pace;
import barograph.storage.LogTail;
import barograph.storage.Store;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Passes on what the store accepts, to every configured endpoint.
///
/// An endpoint's place in the log goes by its name, or else its URL: what is new begins with what
/// is accepted from now on, what is known goes on where it was, and what is gone from the
/// configuration is forgotten. Safe for any thread.
public final class Forwarder implements AutoCloseable {
  private static final long METADATA_AGE_NANOS = 10_000_000_000L;

  private final Store store;
  private final Post post;
  private final Pace pace;
  private final Map<String, Running> running = new HashMap<>();
  private boolean closed;

  // Under its own lock: the loops ask for it.
  private final Object metadataLock = new Object();
  private Map<String, MetricMetadata> metadata = Map.of();
  private long metadataNanos;
  private boolean metadataKnown;

  /// An endpoint at work.
  private record Running(
      Endpoint endpoint,
      Labels external,
      EndpointFigures figures,
      EndpointLoop loop,
      @Nullable MetadataLoop metadata) {
    void stop() {
      if (metadata != null) {
        metadata.close();
      }
      loop.close();
    }
  }

  /// An endpoint and what became of its samples.
  public record Status(Endpoint endpoint, EndpointFigures figures) {}

  public Forwarder(Store store, Post post, Pace pace) {
    this.store = store;
    this.post = post;
    this.pace = pace;
  }

  /// Passes samples on to exactly these endpoints from now on; those that have not changed go on
  /// undisturbed.
  ///
  /// @param external labels added to series that have none of that name
  /// @param capBytes how much of the log is kept for an endpoint that does not keep up
  /// @throws IllegalArgumentException if two have the same name, or none and the same URL; then
  ///   nothing changes
  /// @throws IOException if a place in the log cannot be had
  public synchronized void apply(List<Endpoint> endpoints, Labels external, long capBytes)
      throws IOException {
    requireDifferent(endpoints);
    if (closed) {
      return;
    }
    var names = new HashSet<String>();
    for (Endpoint endpoint : endpoints) {
      names.add(endpoint.tailName());
    }
    running
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !names.contains(entry.getKey());
          if (gone) {
            entry.getValue().stop();
          }
          return gone;
        });
    for (String tail : store.tails()) {
      if (tail.startsWith(Endpoint.TAIL_PREFIX) && !names.contains(tail)) {
        store.forgetTail(tail);
      }
    }
    for (Endpoint endpoint : endpoints) {
      LogTail tail = store.tail(endpoint.tailName(), capBytes);
      Running now = running.get(endpoint.tailName());
      if (now != null && now.endpoint.equals(endpoint) && now.external.equals(external)) {
        continue;
      }
      if (now != null) {
        now.stop();
      }
      running.put(
          endpoint.tailName(),
          start(endpoint, external, tail, now == null ? new EndpointFigures() : now.figures));
    }
  }

  /// Checks that endpoints can be told apart.
  ///
  /// @throws IllegalArgumentException if two have the same name, or none and the same URL
  public static void requireDifferent(List<Endpoint> endpoints) {
    var names = new HashSet<String>();
    for (Endpoint endpoint : endpoints) {
      if (!names.add(endpoint.tailName())) {
        throw new IllegalArgumentException(
            endpoint.name().isEmpty()
                ? "found multiple remote write configs for %s; give each a name"
                    .formatted(endpoint.shownUrl())
                : "found multiple remote write configs with name \"%s\""
                    .formatted(endpoint.name()));
      }
    }
  }

  private Running start(Endpoint endpoint, Labels external, LogTail tail, EndpointFigures figures) {
    tail.rewind();
    var place =
        new Shard.Place(endpoint, external, new Delivery(endpoint, post, pace), figures, pace);
    var loop = new EndpointLoop(place, tail, this::metadata);
    loop.start();
    @Nullable MetadataLoop telling = null;
    var content = endpoint.content();
    if (content.message() == Message.FIRST && content.metadata().send()) {
      telling = new MetadataLoop(place, this::metadata);
      telling.start();
    }
    return new Running(endpoint, external, figures, loop, telling);
  }

  /// What is known of metrics, no older than some seconds.
  private Map<String, MetricMetadata> metadata() {
    synchronized (metadataLock) {
      long now = pace.nanoTime();
      if (!metadataKnown || now - metadataNanos > METADATA_AGE_NANOS) {
        metadata = store.reader().metadata();
        metadataNanos = now;
        metadataKnown = true;
      }
      return metadata;
    }
  }

  /// All endpoints as they stand now.
  public synchronized List<Status> endpoints() {
    var all = new ArrayList<Status>();
    running.values().forEach(one -> all.add(new Status(one.endpoint, one.figures)));
    all.sort((a, b) -> a.endpoint.shownName().compareTo(b.endpoint.shownName()));
    return all;
  }

  /// Stops and waits until nothing is under way; what was not taken is sent after the next start.
  @Override
  public synchronized void close() {
    closed = true;
    running.values().forEach(Running::stop);
    running.clear();
  }
}
