package barograph.server.api;

import barograph.ingest.remoteread.AnswerKind;
import barograph.ingest.remoteread.ReadAnswer;
import barograph.ingest.remoteread.ReadRequest;
import barograph.ingest.unpack.Encoding;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Response.Header;
import barograph.server.http.Router;
import barograph.server.http.Router.Route;
import barograph.storage.Reader;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Samples read by other servers: `/api/v1/read`, Prometheus's remote read.
public final class ReadApi {
  private static final System.Logger LOG = System.getLogger(ReadApi.class.getName());

  /// Far more than a question takes.
  private static final int MAX_BODY_BYTES = 1 << 20;

  private static final int MAX_PLAIN_BYTES = 4 << 20;

  /// The most that can be written at all, with room for the writers to grow.
  private static final long MOST_ANSWER_BYTES = 512 << 20;

  /// What a sample takes at most while an answer is written, a histogram's buckets not counted.
  private static final int MOST_SAMPLE_BYTES = 24;

  /// An answer is there once as it grows, once grown, and once packed.
  private static final int COPIES = 3;

  private static final int MOST_SHOWN = 1_000;

  private final QueryEngine engine;
  private final Reader reader;
  private final Supplier<Labels> externalLabels;
  private final AnswerLimits limits;
  private final ReadTurns turns;

  /// How much an answer may have, and how many there may be.
  ///
  /// @param samples in an answer in samples; 0 for any number
  /// @param frameBytes of a message of those that come in several
  /// @param atOnce answers that are made at the same time; 0 for any number
  public record AnswerLimits(long samples, int frameBytes, int atOnce) {}

  /// @param engine whose limits hold for these answers too
  /// @param externalLabels those of the present configuration, put on series that lack them
  public ReadApi(
      QueryEngine engine, Reader reader, Supplier<Labels> externalLabels, AnswerLimits limits) {
    this.engine = engine;
    this.reader = reader;
    this.externalLabels = externalLabels;
    this.limits = limits;
    this.turns = new ReadTurns(limits.atOnce);
  }

  public void addTo(Router router) {
    router.add("POST", "/api/v1/read", new Route(Lane.QUERY, MAX_BODY_BYTES, this::inTurn));
  }

  /// Reads that are under way, and those that wait for their turn.
  public int underWay() {
    return turns.size();
  }

  private CompletableFuture<Response> inTurn(Request request) {
    var reading = Endpoint.inText(this::read);
    try {
      return turns.take(request.client()::whenGone, () -> reading.answer(request));
    } catch (ApiError e) {
      return CompletableFuture.completedFuture(e.text());
    }
  }

  private Response read(Request request) {
    var wanted = wanted(request.body());
    var kind = wanted.answerKind();
    if (kind == null) {
      throw ApiError.badData(
          "server does not support any of the requested response types: %s; supported: %s"
              .formatted(wanted.accepted(), List.of(AnswerKind.values())));
    }
    return engine.within(
        shown(wanted),
        QueryLimits.DEFAULT,
        memory -> Endpoint.kept(engine, answer(wanted, kind, memory)));
  }

  private static ReadRequest wanted(byte[] body) {
    try {
      var plain = new PlainBody();
      plain.unpack(Encoding.SNAPPY, body, 0, body.length, MAX_PLAIN_BYTES);
      return ReadRequest.read(plain.bytes(), plain.length());
    } catch (UnpackException | MalformedMessageException | IllegalArgumentException e) {
      throw ApiError.badData("remote read request: " + e.getMessage());
    }
  }

  /// How the request is told among the queries under way.
  private static String shown(ReadRequest wanted) {
    var text = new StringBuilder("remote read of ");
    for (var query : wanted.queries()) {
      text.append(query.matchers());
      if (text.length() > MOST_SHOWN) {
        return text.substring(0, MOST_SHOWN) + " …";
      }
    }
    return text.toString();
  }

  private Response answer(ReadRequest wanted, AnswerKind kind, Allowance memory) {
    var own = externalLabels.get();
    var answer = ReadAnswer.of(kind, limits.frameBytes);
    var warnings = new LinkedHashSet<String>();
    long samples = 0;
    for (var query : wanted.queries()) {
      answer.beginQuery();
      // Without a condition nothing is selected here, although a reader takes it for everything.
      if (!query.matchers().isEmpty() && query.startMillis() <= query.endMillis()) {
        var range = new TimeRange(query.startMillis(), query.endMillis());
        var matchers = withoutOwn(query.matchers(), own);
        samples = write(matchers, range, own, samples, answer, warnings, memory);
      }
      answer.endQuery();
    }
    for (String warning : warnings) {
      LOG.log(System.Logger.Level.WARNING, "remote read: {0}", warning);
    }
    memory.take(answer.size());
    return response(answer);
  }

  /// The matchers as they hold for what is stored, where no series has the labels that tell this
  /// server from others.
  private static List<Matcher> withoutOwn(List<Matcher> matchers, Labels own) {
    var others = new ArrayList<Matcher>();
    for (var matcher : matchers) {
      boolean asksForOwn =
          matcher.type() == Matcher.Type.EQUAL
              && own.has(matcher.name())
              && own.get(matcher.name()).equals(matcher.value());
      others.add(asksForOwn ? Matcher.equal(matcher.name(), "") : matcher);
    }
    return others;
  }

  /// @param before samples of the queries before
  /// @return samples of all queries so far
  private long write(
      List<Matcher> matchers,
      TimeRange range,
      Labels own,
      long before,
      ReadAnswer answer,
      Set<String> warnings,
      Allowance memory) {
    long samples = before;
    var columns = new SampleColumns();
    try (var selection = reader.select(matchers, range, memory)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, range, columns);
        if (columns.isEmpty()) {
          continue;
        }
        samples += columns.size() + columns.histogramCount();
        if (answer.kind() == AnswerKind.SAMPLES && limits.samples > 0 && samples > limits.samples) {
          throw ApiError.badData("exceeded sample limit (%d)".formatted(limits.samples));
        }
        long size = answer.size();
        if (size + (long) columns.size() * MOST_SAMPLE_BYTES > MOST_ANSWER_BYTES) {
          throw new ApiError(
              ApiError.Kind.EXECUTION,
              "the answer is longer than %d bytes, the most that can be sent"
                  .formatted(MOST_ANSWER_BYTES));
        }
        answer.series(withOwn(selection.labels(i), own), columns);
        memory.take(COPIES * (answer.size() - size));
      }
      warnings.addAll(selection.warnings());
    }
    return samples;
  }

  private static Labels withOwn(Labels labels, Labels own) {
    if (own.isEmpty()) {
      return labels;
    }
    var all = labels.toBuilder();
    for (int i = 0; i < own.size(); i++) {
      if (!labels.has(own.name(i))) {
        all.add(own.name(i), own.value(i));
      }
    }
    return all.build();
  }

  private static Response response(ReadAnswer answer) {
    var headers = new ArrayList<Header>();
    headers.add(new Header("Content-Type", answer.kind().contentType()));
    if (answer.kind() == AnswerKind.SAMPLES) {
      headers.add(new Header("Content-Encoding", "snappy"));
    }
    return new Response(200, headers, answer.body(), false);
  }
}
