package barograph.server.self;

import barograph.ingest.remoteread.ReadFigures;
import barograph.ingest.remoteread.ReadFigures.Durations;
import barograph.query.value.NumberText;
import barograph.server.self.Registry.Lines;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// What the server tells of the samples that it reads elsewhere, under Prometheus's names.
public final class RemoteReadMetrics {
  private static final String PREFIX = "prometheus_remote_read_client_";

  private final Supplier<List<ReadFigures>> sources;

  /// @param sources the present ones
  public RemoteReadMetrics(Supplier<List<ReadFigures>> sources) {
    this.sources = sources;
  }

  public void addTo(Registry registry) {
    family(
        registry,
        "queries",
        "gauge",
        "Remote reads that wait for their answer.",
        (source, lines) ->
            lines.sample("", source.underWay(), "remote_name", source.name(), "url", source.url()));
    family(
        registry,
        "queries_total",
        "counter",
        "Remote reads that were answered, well or not.",
        RemoteReadMetrics::writeAnswers);
    family(
        registry,
        "request_duration_seconds",
        "histogram",
        "How long remote reads waited for the whole of their answer.",
        (source, lines) ->
            source.durations().forEach(durations -> writeDurations(source, durations, lines)));
  }

  private void family(
      Registry registry,
      String name,
      String type,
      String help,
      BiConsumer<ReadFigures, Lines> writer) {
    registry.family(
        PREFIX + name,
        type,
        help,
        lines -> sources.get().forEach(source -> writer.accept(source, lines)));
  }

  private static void writeAnswers(ReadFigures source, Lines lines) {
    source
        .answers()
        .forEach((answered, count) ->
            lines.sample(
                "",
                (double) count.sum(),
                "remote_name",
                source.name(),
                "url",
                source.url(),
                "response_type",
                answered.form().label(),
                "code",
                Integer.toString(answered.status())));
  }

  private static void writeDurations(ReadFigures source, Durations durations, Lines lines) {
    int buckets = Durations.BOUNDS.size() + 1;
    var counts = new long[buckets];
    long all = 0;
    for (int i = 0; i < buckets; i++) {
      all += durations.count(i);
      counts[i] = all;
    }
    if (all == 0) {
      return;
    }
    String[] labels = {
      "remote_name", source.name(), "url", source.url(), "response_type", durations.form().label()
    };
    for (int i = 0; i < buckets; i++) {
      String bound =
          i < Durations.BOUNDS.size() ? NumberText.general(Durations.BOUNDS.get(i)) : "+Inf";
      lines.sample("_bucket", (double) counts[i], Latency.with(labels, "le", bound));
    }
    lines.sample("_sum", durations.seconds(), labels);
    lines.sample("_count", (double) all, labels);
  }
}
