package barograph.ingest.remoteread;

import barograph.storage.ForwardingReader;
import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The own samples and those that other servers answer by remote read, as if all lay here.
///
/// A server that fails costs its samples and a warning, never the answer. Names and values of
/// labels, exemplars and metadata are the own ones alone, as remote read cannot be asked for them.
public final class RemoteReader extends ForwardingReader {
  /// For so long after the oldest own sample others are asked too: not everything that is watched
  /// today was watched from the first minute on.
  private static final long MARGIN_MILLIS = Duration.ofHours(4).toMillis();

  /// How often, while others are waited for, it is looked whether the asker still wants to know.
  private static final long LOOK_MILLIS = 100;

  private final ReadWeb web;
  private final LongSupplier oldest;
  private volatile Sources sources = new Sources(List.of(), Labels.EMPTY, Long.MIN_VALUE);

  /// @param since the own reader's moment up to which answers may have been made with others
  private record Sources(List<Source> all, Labels external, long since) {}

  private record Source(RemoteSource remote, ReadFigures figures) {}

  /// @param oldest the time of the oldest own sample; [Long#MAX_VALUE] if there is none
  public RemoteReader(Reader own, ReadWeb web, LongSupplier oldest) {
    super(own);
    this.web = web;
    this.oldest = oldest;
  }

  /// Reads from these servers from now on.
  ///
  /// @param external labels that tell this server from others
  public void apply(List<RemoteSource> all, Labels external) {
    var before = sources;
    boolean none = all.isEmpty() && before.all.isEmpty();
    var counted = all.stream().map(each -> new Source(each, figures(before, each))).toList();
    sources = new Sources(counted, external, none ? before.since : super.moment());
  }

  /// The figures of a server go on when its settings change.
  private static ReadFigures figures(Sources before, RemoteSource source) {
    return before.all.stream()
        .map(Source::figures)
        .filter(each -> each.isOf(source))
        .findFirst()
        .orElseGet(() -> new ReadFigures(source));
  }

  /// What is counted of the present servers.
  public List<ReadFigures> figures() {
    return sources.all.stream().map(Source::figures).toList();
  }

  @Override
  public boolean asksOthers() {
    return !sources.all.isEmpty() || super.asksOthers();
  }

  /// Of what others have nothing is known.
  @Override
  public long firstChange(TimeRange range, long moment) {
    var present = sources;
    return !present.all.isEmpty() || moment <= present.since
        ? range.startMillis()
        : super.firstChange(range, moment);
  }

  @Override
  public Selection select(
      List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
    var present = sources;
    if (present.all.isEmpty()) {
      return super.select(matchers, range, order, allowance);
    }
    var questions = questions(present, matchers, range);
    if (questions.isEmpty()) {
      return super.select(matchers, range, order, allowance);
    }
    var found = new ArrayList<ReadSeries>();
    var warnings = new ArrayList<String>();
    ask(questions, allowance, found, warnings);
    var own = super.select(matchers, range, SeriesOrder.LABELS, allowance);
    try {
      return JoinedSelection.of(own, found, warnings, allowance);
    } catch (RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  @Override
  public SeriesOrder order(TimeRange range) {
    return sources.all.isEmpty() ? super.order(range) : SeriesOrder.LABELS;
  }

  private List<RemoteQuestion> questions(Sources present, List<Matcher> matchers, TimeRange range) {
    var questions = new ArrayList<RemoteQuestion>();
    for (var counted : present.all) {
      var source = counted.remote;
      if (!source.isMeantBy(matchers)) {
        continue;
      }
      long end = source.recent() ? range.endMillis() : Math.min(range.endMillis(), covered());
      if (range.startMillis() <= end) {
        var before = new TimeRange(range.startMillis(), end);
        questions.add(
            new RemoteQuestion(source, counted.figures, matchers, before, present.external));
      }
    }
    return questions;
  }

  /// From when on everything is here.
  private long covered() {
    long first = oldest.getAsLong();
    return first > Long.MAX_VALUE - MARGIN_MILLIS ? Long.MAX_VALUE : first + MARGIN_MILLIS;
  }

  /// Asks all at once, and reads the answers one after the other.
  private void ask(
      List<RemoteQuestion> questions,
      Allowance allowance,
      List<ReadSeries> found,
      List<String> warnings) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try (var memory = new LentAllowance(allowance)) {
      var answers =
          questions.stream().map(each -> threads.submit(() -> each.ask(web, memory))).toList();
      for (int i = 0; i < questions.size(); i++) {
        var question = questions.get(i);
        try {
          found.addAll(question.series(await(answers.get(i), allowance), allowance));
        } catch (IOException e) {
          memory.rethrowRefusal();
          warnings.add(question.warning(String.valueOf(e.getMessage())));
        }
      }
    } finally {
      // Who is no longer waited for need not go on.
      threads.shutdownNow();
    }
  }

  private static ReadWeb.Answer await(Future<ReadWeb.Answer> answer, Allowance allowance)
      throws IOException {
    try {
      while (true) {
        try {
          return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Refuses if the asker's time is over.
          allowance.take(0);
        }
      }
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      throw new IOException(cause == null ? "no answer" : String.valueOf(cause.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
