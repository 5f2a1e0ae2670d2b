package barograph.ingest.scrape;

import barograph.ingest.discovery.Discoveries;
import barograph.ingest.exposition.BadPageException;
import barograph.ingest.hash.KeyedHash;
import barograph.ingest.scrape.Targets.Health;
import barograph.storage.Appender;
import barograph.storage.ExemplarResult;
import barograph.storage.SampleBatch;
import barograph.storage.StoreUnavailableException;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Staleness;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Visits one target: gets its page, stores its samples, tells by `up` how it went, and marks what
/// has vanished as stale.
///
/// Visits happen one at a time; everything else may be asked by any thread.
final class TargetScraper {
  private static final Logger LOG = System.getLogger(TargetScraper.class.getName());
  private static final String BODY_LIMIT_EXCEEDED = "body size limit exceeded";

  private final Appender appender;
  private final Pace pace;
  private final Workshop workshop;
  private final Target target;
  private final ScrapeConfig config;
  private final PageFetch fetch;
  private final MetricMetadata metadata;
  private final SeriesTable series;
  private final ReentrantLock visiting;
  private final Reports reports;
  private final @Nullable FailureLog failureLog;
  private final PageBatch page;
  private PageReader reader;

  private boolean visited;
  private long lastStartNanos;
  private volatile Outcome last = new Outcome(Health.UNKNOWN, "", null, 0);

  /// How the last visit went.
  private record Outcome(
      Health health, String error, @Nullable Long startedMillis, long durationNanos) {}

  /// What scrapers of all targets share.
  record Workshop(
      Appender appender,
      HttpFetch http,
      Pace pace,
      ScrapeCounters counters,
      PageBuffers buffers,
      FirstPages firstPages,
      KeyedHash hash,
      Discoveries discoveries) {}

  /// @param predecessor who visited the same target under an earlier configuration, so that what
  ///   has vanished since is noticed; it must not visit it any more
  TargetScraper(
      Workshop workshop, ScrapeConfig config, Target target, @Nullable TargetScraper predecessor) {
    this.appender = workshop.appender();
    this.pace = workshop.pace();
    this.workshop = workshop;
    this.target = target;
    this.config = config;
    this.fetch = new PageFetch(workshop.http(), config, target);
    @Nullable Path log = config.failureLog();
    this.failureLog = log == null ? null : new FailureLog(log);
    String rowName = config.jobName() + " " + target.labels();
    this.reports =
        new Reports(
            appender,
            target.labels(),
            rowName,
            config.limits().told(),
            workshop.counters().seriesRefused);
    this.metadata = new MetricMetadata();
    this.series = predecessor == null ? new SeriesTable() : predecessor.series;
    this.visiting = predecessor == null ? new ReentrantLock() : predecessor.visiting;
    this.page =
        new PageBatch(
            appender,
            rowName,
            series,
            config.labelling().trackTimestampsStaleness(),
            workshop.counters().duplicates);
    this.reader = newReader();
  }

  private PageReader newReader() {
    var naming = new SeriesNaming(target.labels(), config.labelling(), config.limits());
    return new PageReader(
        naming,
        config.labelling(),
        config.limits().samples(),
        config.histograms(),
        metadata,
        workshop.hash());
  }

  Target target() {
    return target;
  }

  Targets.Active status() {
    Outcome outcome = last;
    return new Targets.Active(
        target.discovered(),
        target.labels(),
        config.jobName(),
        target.uri().toString(),
        outcome.health(),
        outcome.error(),
        outcome.startedMillis(),
        Duration.ofNanos(outcome.durationNanos()),
        target.interval(),
        target.timeout());
  }

  /// How many metrics the pages have remarked on.
  int metadataSize() {
    return metadata.size();
  }

  List<Targets.Metadata> metadata() {
    return metadata.of(target.labels());
  }

  /// Visits the target once and stores everything under `timestampMillis`.
  ///
  /// @param forbidden why the target must not be asked, empty if it may
  /// @throws InterruptedException if the thread was told to stop; then nothing is stored
  void visit(long timestampMillis, String forbidden) throws InterruptedException {
    visiting.lockInterruptibly();
    PageBuffers.Set buffers = workshop.buffers().take();
    long startNanos = pace.nanoTime();
    if (visited) {
      workshop.counters().interval(target.interval(), startNanos - lastStartNanos);
    }
    visited = true;
    lastStartNanos = startNanos;
    try {
      visit(buffers, timestampMillis, startNanos, forbidden);
    } catch (StoreUnavailableException e) {
      finish(timestampMillis, pace.nanoTime() - startNanos, "cannot store samples: " + words(e));
    } finally {
      workshop.buffers().giveBack(buffers);
      visiting.unlock();
    }
  }

  private void visit(
      PageBuffers.Set buffers, long timestampMillis, long startNanos, String forbidden)
      throws InterruptedException {
    String error = forbidden.isEmpty() ? load(buffers) : forbidden;
    boolean takesTurn =
        error.isEmpty()
            && reader.knowsNothing()
            && workshop.firstPages().await(buffers.page.length);
    try {
      store(buffers, timestampMillis, startNanos, error);
    } finally {
      if (takesTurn) {
        workshop.firstPages().stored();
      }
    }
  }

  /// Stores what was loaded, and how it went.
  ///
  /// @param failure why nothing was loaded, empty if something was
  private void store(
      PageBuffers.Set buffers, long timestampMillis, long startNanos, String failure) {
    int visit = series.beginVisit();
    boolean fetched = failure.isEmpty();
    String error = fetched ? read(buffers, visit) : failure;
    boolean good = error.isEmpty();
    // Not what comes now: a store that is still being opened has its callers wait.
    long durationNanos = pace.nanoTime() - startNanos;
    buffers.batch.clear();
    buffers.exemplars.clear();
    reports.name();
    page.clear();
    int added = good ? page.fill(reader, buffers, visit, series.size(), timestampMillis) : 0;
    int pageSamples = buffers.batch.size();
    markVanished(buffers.batch, visit, timestampMillis);
    int reportsFrom = buffers.batch.size();
    reports.add(
        buffers.batch,
        timestampMillis,
        good ? 1 : 0,
        durationNanos / 1e9,
        fetched ? reader.samplesScraped() : 0,
        fetched ? reader.samplesKept() : 0,
        added,
        target.timeout().toMillis() / 1e3,
        config.limits().samples(),
        fetched ? buffers.page.length : error.equals(BODY_LIMIT_EXCEEDED) ? -1 : 0);
    if (!good && failureLog != null) {
      failureLog.write(timestampMillis, config.jobName(), target.uri(), error);
    }
    String refused = append(buffers, visit, timestampMillis, pageSamples, reportsFrom);
    finish(timestampMillis, durationNanos, good ? refused : error);
    if (good) {
      tidy(visit);
    }
  }

  /// Notes that so many visits were left out because the last one took too long.
  void missed(long visits) {
    workshop.counters().missed.add(visits);
  }

  /// Marks everything that this target has brought as stale, `up` and its like too: the target is
  /// gone. Nothing happens to series that have newer samples.
  void markAllStale(long timestampMillis) {
    visiting.lock();
    try {
      var batch = new SampleBatch();
      markVanished(batch, series.beginVisit(), timestampMillis);
      reports.addStale(batch, timestampMillis);
      if (!batch.isEmpty()) {
        appender.append(batch).join();
      }
    } catch (CompletionException | StoreUnavailableException e) {
      LOG.log(Level.WARNING, "cannot mark the series of {0} as stale: {1}", target.uri(), e);
    } finally {
      visiting.unlock();
    }
  }

  private String load(PageBuffers.Set buffers) throws InterruptedException {
    try {
      buffers.format = fetch.fetch(buffers.page);
      return "";
    } catch (ScrapeFailure e) {
      if (e.getCause() instanceof HttpFetch.BodyTooLargeException) {
        workshop.counters().bodyLimitExceeded.increment();
      }
      return words(e);
    }
  }

  private String read(PageBuffers.Set buffers, int visit) {
    try {
      reader.read(
          buffers.format,
          buffers.page.bytes,
          buffers.page.length,
          visit,
          series.size(),
          buffers.samples);
      return "";
    } catch (BadPageException e) {
      String error = words(e);
      if (error.equals("sample limit exceeded")) {
        workshop.counters().sampleLimitExceeded.increment();
      } else if (error.startsWith("label_")) {
        workshop.counters().labelLimitExceeded.increment();
      } else if (error.endsWith("histogram bucket limit exceeded")) {
        workshop.counters().bucketLimitExceeded.increment();
      }
      return error;
    }
  }

  private void markVanished(SampleBatch batch, int visit, long timestampMillis) {
    BitSet vanished = series.vanishedAt(visit);
    double stale = Staleness.MARKER;
    for (int n = vanished.nextSetBit(0); n >= 0; n = vanished.nextSetBit(n + 1)) {
      batch.add(series.ref(n), timestampMillis, stale);
    }
  }

  /// Hands the batch to the store, and once more what the store had forgotten the series of.
  ///
  /// @param pageSamples how much of the batch is the page's; then come stale markers
  /// @param reportsFrom where `up` and its like begin
  /// @return why nothing was stored, empty if something was
  private String append(
      PageBuffers.Set buffers, int visit, long timestampMillis, int pageSamples, int reportsFrom) {
    try {
      @Nullable SampleBatch starts = page.starts();
      if (starts != null) {
        // What is not taken of them is not missed.
        var _ = appender.append(starts);
      }
      CompletableFuture<WriteResult> samples = appender.append(buffers.batch);
      if (!buffers.exemplars.isEmpty()) {
        count(appender.appendExemplars(List.copyOf(buffers.exemplars)).join());
      }
      WriteResult result = samples.join();
      count(result, reportsFrom);
      metadata.tell(appender);
      if (result.refusals().stream().anyMatch(r -> r.reason() == Reason.UNKNOWN_SERIES)) {
        retry(buffers, visit, timestampMillis, pageSamples, reportsFrom, result);
      }
      return "";
    } catch (CompletionException e) {
      return "cannot store samples: " + words(e.getCause() == null ? e : e.getCause());
    }
  }

  private void count(ExemplarResult result) {
    workshop.counters().exemplars.add(result.accepted());
    workshop.counters().exemplarsRefused.add(result.outOfOrder() + result.tooLong());
  }

  private void count(WriteResult result, int reportsFrom) {
    ScrapeCounters counters = workshop.counters();
    counters.samples.add(result.accepted());
    for (Refusal refusal : result.refusals()) {
      // A report that the page has brought itself is dropped without a word.
      if (refusal.index() < reportsFrom) {
        switch (refusal.reason()) {
          case OUT_OF_ORDER -> counters.outOfOrder.increment();
          case DUPLICATE_TIMESTAMP -> counters.duplicates.increment();
          case TOO_OLD, TOO_FAR_AHEAD -> counters.outOfBounds.increment();
          case UNKNOWN_SERIES -> {}
        }
      }
    }
  }

  /// The store has dropped series that this target still sends, such as ones whose old timestamps
  /// it kept refusing. The page is read once more from scratch, which names every series anew, and
  /// the samples of those that have got another reference are stored.
  private void retry(
      PageBuffers.Set buffers,
      int visit,
      long timestampMillis,
      int pageSamples,
      int reportsFrom,
      WriteResult first) {
    var forgotten = new BitSet();
    boolean reportsForgotten = false;
    for (Refusal refusal : first.refusals()) {
      if (refusal.reason() == Reason.UNKNOWN_SERIES) {
        reportsForgotten |= refusal.index() >= reportsFrom;
        if (refusal.index() < pageSamples) {
          forgotten.set(series.number(buffers.batch.series(refusal.index())));
        }
      }
    }
    var values = new double[buffers.batch.size() - reportsFrom];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffers.batch.value(reportsFrom + i);
    }
    buffers.batch.clear();
    if (!forgotten.isEmpty()) {
      forgotten.stream().forEach(series::unsee);
      rereadForgotten(buffers, visit, timestampMillis);
    }
    int again = buffers.batch.size();
    if (reportsForgotten && values.length == reports.size()) {
      reports.forget();
      reports.name();
      reports.add(buffers.batch, timestampMillis, values);
    }
    if (!buffers.batch.isEmpty()) {
      count(appender.append(buffers.batch).join(), again);
    }
  }

  private void rereadForgotten(PageBuffers.Set buffers, int visit, long timestampMillis) {
    int known = series.size();
    reader = newReader();
    if (read(buffers, visit).isEmpty()) {
      page.fillRenamed(reader, buffers, visit, known, timestampMillis);
    }
  }

  private void tidy(int visit) {
    if (metadata.outdated(visit)) {
      metadata.clear();
      reader = newReader();
    } else if (reader.typesChanged()) {
      reader = newReader();
    } else if (reader.untidy()) {
      reader.tidy(visit - 1, series);
    }
  }

  private void finish(long startMillis, long durationNanos, String error) {
    workshop.counters().visits.increment();
    if (!error.isEmpty()) {
      workshop.counters().failures.increment();
      if (!error.equals(last.error())) {
        LOG.log(Level.WARNING, "scrape of {0} failed: {1}", target.uri(), error);
      }
    }
    last =
        error.isEmpty()
            ? new Outcome(Health.UP, incomplete(), startMillis, durationNanos)
            : new Outcome(Health.DOWN, error, startMillis, durationNanos);
  }

  /// What limits of series have kept out of the store; empty for nothing.
  private String incomplete() {
    String words = page.incomplete();
    workshop.counters().seriesRefused.add(page.overLimit());
    if (!words.isEmpty() && last.error().isEmpty()) {
      LOG.log(Level.WARNING, "scrape of {0} is incomplete: {1}", target.uri(), words);
    }
    return words;
  }

  /// What a failure says of itself, or else is called.
  static String words(Throwable failure) {
    @Nullable String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
