package barograph.server.self;

import barograph.ingest.forward.Endpoint;
import barograph.ingest.forward.EndpointFigures;
import barograph.ingest.forward.EndpointFigures.Kind;
import barograph.ingest.forward.EndpointFigures.Reason;
import barograph.ingest.forward.Forwarder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What the server tells of the samples that it passes on, under Prometheus's names where it has
/// them.
public final class ForwardMetrics {
  private static final String PREFIX = "prometheus_remote_storage_";

  private final Forwarder forwarder;

  public ForwardMetrics(Forwarder forwarder) {
    this.forwarder = forwarder;
  }

  public void addTo(Registry registry) {
    for (Kind kind : Kind.values()) {
      kind(registry, kind);
    }
    registry.family(
        PREFIX + "samples_dropped_total",
        "counter",
        "Samples that were read and not sent.",
        lines ->
            forwarder
                .endpoints()
                .forEach(one -> {
                  for (Reason reason : Reason.values()) {
                    lines.sample(
                        "",
                        (double) one.figures().dropped(reason),
                        "remote_name",
                        one.endpoint().shownName(),
                        "url",
                        one.endpoint().shownUrl(),
                        "reason",
                        reason.label());
                  }
                }));
    counter(registry, "bytes_total", "Bytes of samples sent, packed.", EndpointFigures::bytes);
    counter(registry, "metadata_total", "Metrics told of.", EndpointFigures::metadata);
    counter(
        registry,
        "metadata_failed_total",
        "Metrics that a receiver did not want to be told of.",
        EndpointFigures::metadataFailed);
    counter(
        registry,
        "metadata_retried_total",
        "Metrics told of again after a failure.",
        EndpointFigures::metadataRetried);
    gauges(registry);
  }

  private void kind(Registry registry, Kind kind) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    counter(
        registry,
        name + "_in_total",
        "How many " + name + " were taken over from the log.",
        figures -> figures.read(kind));
    counter(
        registry,
        name + "_total",
        "How many " + name + " were sent.",
        figures -> figures.sent(kind));
    counter(
        registry,
        name + "_failed_total",
        "How many " + name + " were refused for good.",
        figures -> figures.failed(kind));
    counter(
        registry,
        name + "_retried_total",
        "How many " + name + " were sent again after a failure.",
        figures -> figures.retried(kind));
    registry.family(
        "barograph_remote_storage_" + name + "_repeated_total",
        "counter",
        "How many " + name + " were refused when they were sent again: the receiver has them.",
        lines -> write(lines, figures -> figures.repeated(kind)));
  }

  private void gauges(Registry registry) {
    gauge(registry, "shards", "Requests under way at most.", now -> now.gauges().shards());
    gauge(
        registry,
        "shards_desired",
        "Requests that should be under way, were there no limits.",
        now -> now.gauges().desiredShards());
    gauge(
        registry,
        "samples_pending",
        "Samples that wait to be sent, about, those in the log too.",
        now -> now.gauges().waiting());
    gauge(
        registry,
        "queue_highest_timestamp_seconds",
        "Time of the newest sample that was read from the log.",
        now -> now.gauges().highestMillis() / 1e3);
    gauge(
        registry,
        "queue_highest_sent_timestamp_seconds",
        "Time of the newest sample that was taken.",
        now -> now.gauges().highestSentMillis() / 1e3);
    configured(registry, "shards_max", "max_shards", shards -> shards.queue().shards().most());
    configured(registry, "shards_min", "min_shards", shards -> shards.queue().shards().least());
    configured(registry, "shard_capacity", "capacity", each -> each.queue().capacity());
    configured(
        registry,
        "max_samples_per_send",
        "max_samples_per_send",
        each -> each.queue().batch().most());
    registry.gauge(
        PREFIX + "highest_timestamp_in_seconds",
        "Time of the newest sample that any endpoint has read from the log.",
        () ->
            forwarder.endpoints().stream()
                    .mapToLong(one -> one.figures().gauges().highestMillis())
                    .max()
                    .orElse(0)
                / 1e3);
  }

  private void counter(
      Registry registry, String name, String help, ToDoubleFunction<EndpointFigures> value) {
    registry.family(PREFIX + name, "counter", help, lines -> write(lines, value));
  }

  private void gauge(
      Registry registry, String name, String help, ToDoubleFunction<EndpointFigures> value) {
    registry.family(PREFIX + name, "gauge", help, lines -> write(lines, value));
  }

  private void configured(
      Registry registry, String name, String key, ToDoubleFunction<Endpoint> value) {
    registry.family(
        PREFIX + name,
        "gauge",
        "What the configuration says with " + key + ".",
        lines ->
            forwarder
                .endpoints()
                .forEach(one ->
                    lines.sample(
                        "",
                        value.applyAsDouble(one.endpoint()),
                        "remote_name",
                        one.endpoint().shownName(),
                        "url",
                        one.endpoint().shownUrl())));
  }

  private void write(Registry.Lines lines, ToDoubleFunction<EndpointFigures> value) {
    forwarder
        .endpoints()
        .forEach(one ->
            lines.sample(
                "",
                value.applyAsDouble(one.figures()),
                "remote_name",
                one.endpoint().shownName(),
                "url",
                one.endpoint().shownUrl()));
  }
}
