package barograph.ingest.forward;

import barograph.ingest.forward.Delivery.Refused;
import barograph.ingest.forward.Delivery.Taken;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.MetricMetadata;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Tells an endpoint of all metrics every now and then, as the first message has that apart from
/// series.
final class MetadataLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MetadataLoop.class.getName());

  private final Shard.Place place;
  private final Supplier<Map<String, MetricMetadata>> metadata;
  private final FirstRequest writer = new FirstRequest();
  private final SnappyPacker packer = new SnappyPacker();
  private final Thread thread;

  MetadataLoop(Shard.Place place, Supplier<Map<String, MetricMetadata>> metadata) {
    this.place = place;
    this.metadata = metadata;
    this.thread =
        Thread.ofVirtual()
            .name("forward metadata " + place.endpoint().shownName())
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    var sending = place.endpoint().content().metadata();
    try {
      while (true) {
        place.pace().sleepUntil(place.pace().nowMillis() + sending.interval().toMillis());
        var all = List.copyOf(metadata.get().entrySet());
        for (int from = 0; from < all.size(); from += sending.mostInRequest()) {
          send(all.subList(from, Math.min(all.size(), from + sending.mostInRequest())));
        }
      }
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "told to stop: {0}", e.getMessage());
    }
  }

  private void send(List<Map.Entry<String, MetricMetadata>> metrics) throws InterruptedException {
    WireWriter request = writer.metadata(metrics);
    var figures = place.figures();
    byte[] body = packer.pack(request.bytes(), request.size());
    var outcome = place.delivery().send(body, () -> figures.addMetadataRetried(metrics.size()));
    switch (outcome) {
      case Taken _ -> figures.addMetadata(metrics.size());
      case Refused _ -> figures.addMetadataFailed(metrics.size());
    }
  }
}
