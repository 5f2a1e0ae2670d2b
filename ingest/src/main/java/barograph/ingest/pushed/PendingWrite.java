package barograph.ingest.pushed;

import barograph.ingest.hash.KeyedHash;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.Appender;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.StoreUnavailableException;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Histogram;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// One request on its way into the store, with all the room that it needs; reused for the next one
/// when its answer is there.
final class PendingWrite {
  private static final int KEPT_BYTES = 4 << 20;
  private static final int REFUSED = -1;

  private final Appender appender;
  private final KeyedHash hash;
  private final Repeats repeats;
  private final boolean startTimes;
  private final PlainBody body = new PlainBody();
  private final PushedSeries request = new PushedSeries();
  private final RequestSeries series;
  private final SampleGrouping grouping = new SampleGrouping();
  private final SampleBatch batch = new SampleBatch(1024);
  private final List<SeriesExemplar> exemplars = new ArrayList<>();
  private int[] refs = new int[256];
  private int[] targets = new int[256];

  /// Which samples of the request the batch holds, by their place in it.
  private int[] inBatch = new int[1024];

  private int stored;
  private int storedHistograms;
  private int exemplarsKept;
  private int refused;
  private int refusedByLimit;

  private String firstReason = "";

  /// @param startTimes whether a zero is stored where a series is said to have begun
  PendingWrite(
      Appender appender,
      PushLimits limits,
      SeriesCache cache,
      KeyedHash hash,
      Repeats repeats,
      boolean startTimes) {
    this.appender = appender;
    this.hash = hash;
    this.repeats = repeats;
    this.startTimes = startTimes;
    this.series = new RequestSeries(request, appender, limits, cache, hash);
  }

  /// Decodes a request and hands its samples to the store.
  ///
  /// @return never fails
  CompletableFuture<PushAnswer> write(PushedWrites.Decoder decoder) {
    stored = 0;
    storedHistograms = 0;
    exemplarsKept = 0;
    try {
      if (!decodeAndResolve(decoder, true)) {
        decodeAndResolve(decoder, false);
      }
      fillBatch();
      tellOf();
      storeStarts();
      if (batch.isEmpty() && exemplars.isEmpty()) {
        return CompletableFuture.completedFuture(answer());
      }
      CompletableFuture<WriteResult> written =
          batch.isEmpty()
              ? CompletableFuture.completedFuture(new WriteResult(0, List.of()))
              : appender.append(batch);
      return keepExemplars()
          .thenCombine(written, (_, result) -> result)
          .thenCompose(this::settle)
          .exceptionally(PendingWrite::failed);
    } catch (RefusedBodyException e) {
      return CompletableFuture.completedFuture(
          PushAnswer.nothing(e.status(), String.valueOf(e.getMessage())));
    } catch (UnpackException e) {
      return CompletableFuture.completedFuture(
          PushAnswer.nothing(e.tooLarge() ? 413 : 400, String.valueOf(e.getMessage())));
    } catch (MalformedMessageException e) {
      return CompletableFuture.completedFuture(PushAnswer.nothing(400, "proto: " + e.getMessage()));
    } catch (StoreUnavailableException e) {
      return CompletableFuture.completedFuture(failed(e));
    }
  }

  /// Decodes a request, and finds or makes its series.
  ///
  /// @param mayLeaveUnread whether the decoder may leave labels unread
  /// @return false if it did, and what it left were not labels alone
  private boolean decodeAndResolve(PushedWrites.Decoder decoder, boolean mayLeaveUnread)
      throws RefusedBodyException, UnpackException, MalformedMessageException {
    request.clear(mayLeaveUnread);
    decoder.decode(body, request);
    refused = request.refused;
    refusedByLimit = 0;
    firstReason = request.firstRefusal;
    boolean read = series.name();
    if (read) {
      resolve();
    }
    return read;
  }

  /// Exemplars are hints: what cannot be kept of them is no error to their sender.
  private CompletableFuture<Void> keepExemplars() {
    if (exemplars.isEmpty()) {
      return CompletableFuture.allOf();
    }
    return appender
        .appendExemplars(List.copyOf(exemplars))
        .thenAccept(result -> exemplarsKept = result.accepted());
  }

  private void storeStarts() {
    if (!startTimes || !request.hasStarts()) {
      return;
    }
    var starts = SampleBatch.onlyAhead();
    for (int i = 0; i < request.series; i++) {
      int first = request.firstSample[i];
      if (targets[i] != REFUSED && first < request.firstSample[i + 1]) {
        starts.addStart(
            refs[i], request.start(i), request.timestamps[first], request.histogram(first));
      }
    }
    if (!starts.isEmpty()) {
      // What is not taken of them is not missed.
      var _ = appender.append(starts);
    }
  }

  private void tellOf() {
    if (!request.metadata.isEmpty()) {
      // What is lost of it comes again with the sender's next request.
      var _ = appender.tellOf(Map.copyOf(request.metadata));
    }
  }

  /// Whether this is worth keeping for another request: very large ones are not.
  boolean reusable() {
    return body.room() + request.room() <= KEPT_BYTES;
  }

  /// Takes over what the store calls the series of the request.
  private void resolve() {
    if (refs.length < request.series) {
      refs = new int[request.labelsFrom.length];
      targets = new int[request.labelsFrom.length];
    }
    refuse(0, series.firstRefusal());
    grouping.begin(request.samples);
    for (int i = 0; i < request.series; i++) {
      if (series.isNamed(i)) {
        refs[i] = series.ref(i);
        targets[i] = grouping.target(series.targetHash(i));
      } else {
        targets[i] = REFUSED;
        int samples = request.firstSample[i + 1] - request.firstSample[i];
        refused += samples;
        refusedByLimit += series.isBeyondLimit(i) ? samples : 0;
      }
    }
  }

  private void fillBatch() {
    int kept = grouping.arrange(request.samples, request.sampleSeries, targets, request.timestamps);
    if (inBatch.length < kept) {
      inBatch = new int[request.timestamps.length];
    }
    batch.clear();
    System.arraycopy(grouping.order, 0, inBatch, 0, kept);
    if (request.hasHistograms()) {
      for (int i = 0; i < kept; i++) {
        add(refs[request.sampleSeries[inBatch[i]]], inBatch[i]);
      }
    } else {
      batch.add(inBatch, kept, request.sampleSeries, refs, request.timestamps, request.values);
    }
    if (kept < request.samples) {
      refuseImpossibleTimes();
    }
    exemplars.clear();
    for (PushedSeries.OfSeries exemplar : request.exemplars) {
      if (targets[exemplar.series()] != REFUSED) {
        exemplars.add(new SeriesExemplar(refs[exemplar.series()], exemplar.exemplar()));
      }
    }
    // Those of one series must come in their order; a request may have them in any.
    exemplars.sort(Comparator.comparing(SeriesExemplar::exemplar));
  }

  private void add(int ref, int sample) {
    @Nullable Histogram histogram = request.histogram(sample);
    if (histogram == null) {
      batch.add(ref, request.timestamps[sample], request.values[sample]);
    } else {
      batch.add(ref, request.timestamps[sample], histogram);
      storedHistograms++;
    }
  }

  /// A histogram that was counted as stored is not.
  private void discount(int sample) {
    storedHistograms -= request.histogram(sample) == null ? 0 : 1;
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
  private CompletableFuture<PushAnswer> settle(WriteResult result) {
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
      discount(sample);
      if (refusal.reason() != Reason.UNKNOWN_SERIES) {
        refuse(1, describe(sample, refusal.reason()));
      } else {
        inBatch[again++] = sample;
      }
    }
    return retry(again);
  }

  private CompletableFuture<PushAnswer> retry(int count) {
    var forgotten = new BitSet();
    for (int i = 0; i < count; i++) {
      forgotten.set(request.sampleSeries[inBatch[i]]);
    }
    series.nameAgain(forgotten);
    refuse(0, series.firstRefusal());
    batch.clear();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int sample = inBatch[i];
      int its = request.sampleSeries[sample];
      if (series.isNamed(its)) {
        refs[its] = series.ref(its);
        inBatch[kept++] = sample;
        add(refs[its], sample);
      } else {
        targets[its] = REFUSED;
        refuse(1, describe(sample, Reason.UNKNOWN_SERIES));
        refusedByLimit += series.isBeyondLimit(its) ? 1 : 0;
      }
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
      discount(inBatch[refusal.index()]);
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
    return "%s: series %.300s, timestamp %d"
        .formatted(
            reason.words(), series.text(request.sampleSeries[sample]), request.timestamps[sample]);
  }

  private PushAnswer answer() {
    int samples = stored - storedHistograms;
    if (refused == 0) {
      return new PushAnswer(204, "", samples, storedHistograms, exemplarsKept, 0);
    }
    boolean mayPass = refused == refusedByLimit;
    int status =
        mayPass && !repeats.isRepeat(hash.first(body.bytes(), 0, body.length())) ? 429 : 400;
    return new PushAnswer(
        status,
        "%d of %d samples refused%s; the first: %s"
            .formatted(
                refused,
                refused + stored,
                stored == 0 ? "" : ", the others are stored",
                firstReason),
        samples,
        storedHistograms,
        exemplarsKept,
        refused);
  }

  private static PushAnswer failed(Throwable failure) {
    @Nullable Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    int status = cause instanceof StoreUnavailableException ? 503 : 500;
    return PushAnswer.nothing(status, "nothing was stored: " + cause.getMessage());
  }
}
