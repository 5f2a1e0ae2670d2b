package barograph.ingest.remotewrite;

import barograph.ingest.hash.KeyedHash;
import barograph.ingest.remotewrite.RemoteWrite.Answer;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.Appender;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesLimitException;
import barograph.storage.StoreUnavailableException;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Labels;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// One request on its way into the store, with all the room that it needs; reused for the next one
/// when its answer is there.
final class PendingWrite {
  private static final int KEPT_BYTES = 4 << 20;
  private static final int REFUSED = -1;

  private final Appender appender;
  private final RemoteWriteLimits limits;
  private final SeriesCache cache;
  private final KeyedHash hash;
  private final WriteRequest request = new WriteRequest();
  private final WireLabels wireLabels;
  private final SampleGrouping grouping = new SampleGrouping();
  private final SampleBatch batch = new SampleBatch(1024);
  private int[] refs = new int[256];
  private int[] targets = new int[256];

  /// Which samples of the request the batch holds, by their place in it.
  private int[] inBatch = new int[1024];

  private int stored;
  private int refused;
  private int refusedByLimit;
  private String firstReason = "";

  PendingWrite(Appender appender, RemoteWriteLimits limits, SeriesCache cache, KeyedHash hash) {
    this.appender = appender;
    this.limits = limits;
    this.cache = cache;
    this.hash = hash;
    this.wireLabels = new WireLabels(limits);
  }

  /// Reads the compressed request and hands its samples to the store.
  ///
  /// @return never fails
  CompletableFuture<Answer> write(byte[] packed, int from, int to) {
    stored = 0;
    refused = 0;
    refusedByLimit = 0;
    firstReason = "";
    try {
      request.decode(packed, from, to, limits.decodedBytes());
      resolve();
      fillBatch();
      if (request.histograms > 0) {
        refuse(request.histograms, "native histograms are not stored");
      }
      if (batch.isEmpty()) {
        return CompletableFuture.completedFuture(answer());
      }
      return appender.append(batch).thenCompose(this::settle).exceptionally(PendingWrite::failed);
    } catch (BadRequestException e) {
      return CompletableFuture.completedFuture(
          new Answer(e.status(), String.valueOf(e.getMessage()), 0));
    } catch (MalformedMessageException e) {
      return CompletableFuture.completedFuture(
          new Answer(400, "proto: WriteRequest: " + e.getMessage(), 0));
    } catch (StoreUnavailableException e) {
      return CompletableFuture.completedFuture(failed(e));
    }
  }

  /// Whether this is worth keeping for another request: very large ones are not.
  boolean reusable() {
    return request.plain.bytes().length <= KEPT_BYTES;
  }

  int refused() {
    return refused;
  }

  private void resolve() throws MalformedMessageException {
    if (refs.length < request.series) {
      refs = new int[request.labelsFrom.length];
      targets = new int[request.labelsFrom.length];
    }
    grouping.begin(request.samples);
    byte[] bytes = request.plain.bytes();
    for (int i = 0; i < request.series; i++) {
      int samples = request.firstSample[i + 1] - request.firstSample[i];
      if (samples == 0) {
        continue;
      }
      int from = request.labelsFrom[i];
      int to = request.labelsTo[i];
      long first = hash.first(bytes, from, to);
      long second = hash.second(bytes, from, to);
      long known = cache.get(first, second);
      if (known == SeriesCache.MISSING) {
        known = lookUp(i, samples, first, second);
      }
      refs[i] = (int) known;
      targets[i] = known == SeriesCache.MISSING ? REFUSED : grouping.target((int) (known >>> 32));
    }
  }

  /// Asks the store for a series by its labels.
  ///
  /// @return what the cache keeps: the target's hash above the reference; or that it was refused
  private long lookUp(int series, int samples, long first, long second)
      throws MalformedMessageException {
    try {
      Labels labels =
          wireLabels.read(
              request.plain.bytes(), request.labelsFrom[series], request.labelsTo[series]);
      String target = labels.get("job") + " " + labels.get("instance");
      int ref = appender.seriesFor(labels, target);
      long value = (target.hashCode() & 0x7fffffffL) << 32 | (ref & 0xffffffffL);
      cache.put(first, second, value);
      return value;
    } catch (WireLabels.RefusedException e) {
      refuse(samples, String.valueOf(e.getMessage()));
    } catch (SeriesLimitException e) {
      refuse(samples, String.valueOf(e.getMessage()));
      refusedByLimit += samples;
    }
    return SeriesCache.MISSING;
  }

  private void fillBatch() {
    int kept = grouping.arrange(request.samples, request.sampleSeries, targets, request.timestamps);
    if (inBatch.length < kept) {
      inBatch = new int[request.timestamps.length];
    }
    batch.clear();
    for (int i = 0; i < kept; i++) {
      int sample = grouping.order[i];
      inBatch[i] = sample;
      batch.add(
          refs[request.sampleSeries[sample]], request.timestamps[sample], request.values[sample]);
    }
    if (kept + refused < request.samples) {
      refuseImpossibleTimes();
    }
  }

  private void refuseImpossibleTimes() {
    for (int i = 0; i < request.samples; i++) {
      long time = request.timestamps[i];
      if (targets[request.sampleSeries[i]] != REFUSED
          && (time < 0 || time >= SampleGrouping.TIME_END)) {
        refuse(1, describe(i, time < 0 ? Reason.TOO_OLD : Reason.TOO_FAR_AHEAD));
      }
    }
  }

  /// Takes the store's word; what it has forgotten the series of is tried once more.
  private CompletableFuture<Answer> settle(WriteResult result) {
    int forgotten = 0;
    for (Refusal refusal : result.refusals()) {
      if (refusal.reason() == Reason.UNKNOWN_SERIES) {
        forgotten++;
      }
    }
    if (forgotten == 0) {
      count(result);
      return CompletableFuture.completedFuture(answer());
    }
    stored += result.accepted();
    int again = 0;
    for (Refusal refusal : result.refusals()) {
      int sample = inBatch[refusal.index()];
      if (refusal.reason() != Reason.UNKNOWN_SERIES) {
        refuse(1, describe(sample, refusal.reason()));
      } else {
        inBatch[again++] = sample;
      }
    }
    return retry(again);
  }

  private CompletableFuture<Answer> retry(int count) {
    batch.clear();
    byte[] bytes = request.plain.bytes();
    int kept = 0;
    int renewed = -1;
    for (int i = 0; i < count; i++) {
      int sample = inBatch[i];
      int series = request.sampleSeries[sample];
      if (series != renewed) {
        int from = request.labelsFrom[series];
        int to = request.labelsTo[series];
        renewed = series;
        try {
          long known = lookUp(series, 0, hash.first(bytes, from, to), hash.second(bytes, from, to));
          refs[series] = (int) known;
          targets[series] = known == SeriesCache.MISSING ? REFUSED : 0;
        } catch (MalformedMessageException e) {
          throw new AssertionError("labels that were read before cannot be read again", e);
        }
      }
      if (targets[series] == REFUSED) {
        refuse(1, describe(sample, Reason.UNKNOWN_SERIES));
        continue;
      }
      inBatch[kept++] = sample;
      batch.add(refs[series], request.timestamps[sample], request.values[sample]);
    }
    if (kept == 0) {
      return CompletableFuture.completedFuture(answer());
    }
    return appender
        .append(batch)
        .thenApply(result -> {
          count(result);
          return answer();
        });
  }

  private void count(WriteResult result) {
    stored += result.accepted();
    for (Refusal refusal : result.refusals()) {
      refuse(
          1,
          firstReason.isEmpty()
              ? describe(inBatch[refusal.index()], refusal.reason())
              : firstReason);
    }
  }

  private void refuse(int samples, String reason) {
    refused += samples;
    if (firstReason.isEmpty()) {
      firstReason = reason;
    }
  }

  private String describe(int sample, Reason reason) {
    if (!firstReason.isEmpty()) {
      return firstReason;
    }
    int series = request.sampleSeries[sample];
    String name;
    try {
      Labels labels =
          wireLabels.read(
              request.plain.bytes(), request.labelsFrom[series], request.labelsTo[series]);
      name = labels.toString();
    } catch (MalformedMessageException | WireLabels.RefusedException e) {
      name = "unreadable";
    }
    return "%s: series %.300s, timestamp %d"
        .formatted(reason.words(), name, request.timestamps[sample]);
  }

  private Answer answer() {
    if (refused == 0) {
      return new Answer(204, "", stored);
    }
    int status = refused == refusedByLimit ? 429 : 400;
    return new Answer(
        status,
        "%d of %d samples refused%s; the first: %s"
            .formatted(
                refused,
                refused + stored,
                stored == 0 ? "" : ", the others are stored",
                firstReason),
        stored);
  }

  private static Answer failed(Throwable failure) {
    @Nullable Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    int status = cause instanceof StoreUnavailableException ? 503 : 500;
    return new Answer(status, "nothing was stored: " + cause.getMessage(), 0);
  }
}
