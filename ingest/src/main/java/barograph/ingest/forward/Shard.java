package barograph.ingest.forward;

import barograph.ingest.forward.Delivery.Refused;
import barograph.ingest.forward.Delivery.Taken;
import barograph.ingest.forward.Endpoint.Message;
import barograph.ingest.forward.EndpointFigures.Load;
import barograph.ingest.forward.EndpointFigures.Reason;
import barograph.ingest.forward.SeriesNames.Called;
import barograph.ingest.forward.SeriesNames.Dropped;
import barograph.ingest.relabel.Relabeling;
import barograph.ingest.scrape.Pace;
import barograph.ingest.wire.WireWriter;
import barograph.storage.LogTail;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends some series' part of each round, one request after the other. One thread at a time.
final class Shard {
  private static final System.Logger LOG = System.getLogger(Shard.class.getName());

  private final Endpoint endpoint;
  private final Delivery delivery;
  private final EndpointFigures figures;
  private final Pace pace;
  private final RequestWriter writer;
  private final SeriesNames names;
  private final SnappyPacker packer = new SnappyPacker();
  private long[] order = new long[0];

  /// What all shards of an endpoint have in common.
  record Place(
      Endpoint endpoint, Labels external, Delivery delivery, EndpointFigures figures, Pace pace) {}

  /// A round as a shard has to know it.
  ///
  /// @param most samples in a request at most
  /// @param again whether the receiver may have had some of it before
  record Order(Round round, int most, boolean again, Map<String, MetricMetadata> metadata) {}

  /// @param knownNames of how many series it may remember the names
  Shard(Place place, LogTail tail, int knownNames) {
    this.endpoint = place.endpoint;
    this.delivery = place.delivery;
    this.figures = place.figures;
    this.pace = place.pace;
    this.writer = RequestWriter.of(endpoint.content().message());
    this.names =
        new SeriesNames(tail, place.external, Relabeling.of(endpoint.rules()), writer, knownNames);
  }

  /// Sends those entries of a round, request by request.
  ///
  /// @throws InterruptedException if told to stop; nobody knows then how much was taken
  void send(Order round, int[] entries) throws InterruptedException {
    for (int from = 0; from < entries.length; from += round.most) {
      send(round, entries, from, Math.min(entries.length, from + round.most));
    }
  }

  private void send(Order round, int[] entries, int from, int to) throws InterruptedException {
    writer.begin(round.metadata);
    var load = write(round.round, entries, from, to);
    if (load.all() == 0) {
      return;
    }
    WireWriter request = writer.end();
    byte[] body = packer.pack(request.bytes(), request.size());
    var outcome = delivery.send(body, () -> figures.addRetried(load));
    figures.addSent(load, body.length);
    switch (outcome) {
      case Taken(var answer) -> checkWritten(load, answer);
      case Refused(var answer, int attempts) -> {
        var missing = endpoint.content().message() == Message.FIRST ? load : missing(load, answer);
        if (round.again || attempts > 1) {
          figures.addRepeated(missing);
        } else {
          figures.addFailed(missing);
          tell("refuses %d of %d samples for good".formatted(missing.all(), load.all()), answer);
        }
      }
    }
  }

  /// A receiver of the second message says how much it has taken; one that says nothing has not
  /// understood it.
  private void checkWritten(Load load, Post.Answer answer) {
    if (endpoint.content().message() == Message.SECOND) {
      var missing = missing(load, answer);
      if (missing.all() > 0) {
        figures.addFailed(missing);
        tell("has not taken %d of %d samples".formatted(missing.all(), load.all()), answer);
      }
    }
  }

  private static Load missing(Load load, Post.Answer answer) {
    return new Load(
        Math.max(0, load.samples() - written(answer, "samples")),
        Math.max(0, load.histograms() - written(answer, "histograms")),
        Math.max(0, load.exemplars() - written(answer, "exemplars")));
  }

  private static int written(Post.Answer answer, String what) {
    try {
      return Integer.parseInt(
          answer.header("x-prometheus-remote-write-%s-written".formatted(what)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void tell(String what, Post.Answer answer) {
    LOG.log(
        System.Logger.Level.WARNING,
        "remote write: {0} {1}: status {2}: {3}",
        endpoint.shownName(),
        what,
        Integer.toString(answer.status()),
        answer.text().strip());
  }

  /// Writes the entries by series, each series' in their order.
  private Load write(Round round, int[] entries, int from, int to) {
    int count = to - from;
    if (order.length < count) {
      order = new long[count];
    }
    for (int i = 0; i < count; i++) {
      order[i] = ((long) round.ref(entries[from + i]) << Integer.SIZE) | (from + i);
    }
    Arrays.sort(order, 0, count);
    int samples = 0;
    int histograms = 0;
    int exemplars = 0;
    for (int i = 0; i < count; ) {
      int ref = (int) (order[i] >>> Integer.SIZE);
      boolean begun = false;
      var name = names.get(ref);
      for (; i < count && (int) (order[i] >>> Integer.SIZE) == ref; i++) {
        int entry = entries[(int) order[i]];
        if (!isWanted(round, entry)) {
          continue;
        }
        if (!(name instanceof Called(var called)) || isTooOld(round.timestampMillis(entry))) {
          drop(name);
          continue;
        }
        if (!begun) {
          writer.beginSeries(called);
          begun = true;
        }
        @Nullable Histogram histogram = round.histogram(entry);
        @Nullable Exemplar exemplar = round.exemplar(entry);
        if (histogram != null) {
          writer.histogram(histogram, round.timestampMillis(entry));
          histograms++;
        } else if (exemplar != null) {
          writer.exemplar(exemplar);
          exemplars++;
        } else {
          writer.sample(round.value(entry), round.timestampMillis(entry));
          samples++;
        }
      }
      if (begun) {
        writer.endSeries();
      }
    }
    return new Load(samples, histograms, exemplars);
  }

  private boolean isWanted(Round round, int entry) {
    if (round.histogram(entry) != null) {
      return endpoint.content().histograms();
    }
    return round.exemplar(entry) == null || endpoint.content().exemplars();
  }

  private boolean isTooOld(long timestampMillis) {
    long limit = endpoint.queue().ageLimit().toMillis();
    return limit > 0 && timestampMillis < pace.nowMillis() - limit;
  }

  private void drop(SeriesNames.Entry name) {
    switch (name) {
      case Dropped.BY_RULE -> figures.addDropped(Reason.DROPPED_SERIES, 1);
      case Dropped.UNKNOWN -> figures.addDropped(Reason.UNKNOWN_SERIES, 1);
      case Called _ -> figures.addDropped(Reason.TOO_OLD, 1);
    }
  }
}
