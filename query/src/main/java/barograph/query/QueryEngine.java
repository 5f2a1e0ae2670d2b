package barograph.query;

import barograph.query.EngineOptions.Feature;
import barograph.query.QueryException.Kind;
import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.PromqlException;
import barograph.query.ast.Span;
import barograph.query.ast.ValueType;
import barograph.query.exec.Budget;
import barograph.query.exec.Evaluator;
import barograph.query.exec.Grid;
import barograph.query.exec.Helpers;
import barograph.query.exec.Notes;
import barograph.query.exec.Profile;
import barograph.query.parse.QueryParser;
import barograph.query.plan.Planner;
import barograph.query.plan.QueryWindow;
import barograph.query.value.Value;
import barograph.storage.Reader;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers PromQL from a store, from any number of threads at once.
///
/// A query runs on its caller's thread, from text to value; whoever wants lanes and queues builds
/// them before this door.
public final class QueryEngine {
  private static final int MAX_NOTES = 10;

  private static final int MAX_STEPS = 1 << 30;

  /// Answers that are kept take one part in so many of what queries may take, and beside it.
  private static final int CACHE_SHARE = 16;

  private final Reader reader;
  private final EngineOptions options;
  private final Helpers helpers;
  private final Admission admission;
  private final ResultCache cache;
  private final PreparedQueries prepared;

  /// An engine whose queries each run on one thread.
  public QueryEngine(Reader reader, EngineOptions options) {
    this(reader, options, InstantSource.system());
  }

  /// An engine whose queries each run on one thread.
  ///
  /// @param clock dates the entries of [#active()]
  public QueryEngine(Reader reader, EngineOptions options, InstantSource clock) {
    this(reader, options, clock, Helpers.NONE);
  }

  /// An engine whose queries over many series borrow threads.
  ///
  /// @param clock dates the entries of [#active()]
  /// @param pool lends the threads and may refuse; a query never waits for one, but does itself
  ///   what nobody takes
  /// @param helpersPerQuery how many threads one query may borrow at the same time
  public QueryEngine(
      Reader reader,
      EngineOptions options,
      InstantSource clock,
      Executor pool,
      int helpersPerQuery) {
    this(reader, options, clock, new Helpers(pool, helpersPerQuery));
  }

  private QueryEngine(Reader reader, EngineOptions options, InstantSource clock, Helpers helpers) {
    this.helpers = helpers;
    this.reader = reader;
    this.options = options;
    this.admission = new Admission(options, clock);
    this.cache =
        new ResultCache(reader, options.maxBytes() / CACHE_SHARE, options.leastSamplesKept());
    var features =
        new Features(
            options.has(Feature.EXPERIMENTAL_FUNCTIONS),
            options.has(Feature.EXTENDED_RANGE_SELECTORS),
            options.has(Feature.BINOP_FILL_MODIFIERS));
    this.prepared = new PreparedQueries(text -> QueryParser.parse(text, features));
  }

  /// Makes something of an answer while the query's memory and time still count.
  @FunctionalInterface
  public interface Rendering<T> {
    /// Makes it.
    ///
    /// @param memory to be asked now and then, and for what is held; refuses also once the query's
    ///   time is over or somebody has cancelled it
    T render(QueryResult result, Allowance memory);
  }

  public EngineOptions options() {
    return options;
  }

  /// Reads and checks a query without asking it, unless it has been lately.
  ///
  /// @throws QueryException of the kind [Kind#BAD_QUERY] if it is none
  public PreparedQuery prepare(String query) {
    try {
      return prepared.of(query);
    } catch (PromqlException e) {
      throw new QueryException(Kind.BAD_QUERY, String.valueOf(e.getMessage()), e);
    }
  }

  /// The conditions of a selector alone, as `match[]` gives it.
  ///
  /// @throws QueryException of the kind [Kind#BAD_QUERY] if it is none
  public static List<Matcher> matchers(String selector) {
    try {
      return QueryParser.parseSelector(selector);
    } catch (PromqlException e) {
      throw new QueryException(Kind.BAD_QUERY, String.valueOf(e.getMessage()), e);
    }
  }

  /// The value of `query` at one time.
  ///
  /// @throws QueryException if there is none
  public QueryResult instant(String query, long timeMillis, QueryLimits limits) {
    return instant(prepare(query), timeMillis, limits);
  }

  /// The value of a prepared query at one time.
  ///
  /// @throws QueryException if there is none
  public QueryResult instant(PreparedQuery query, long timeMillis, QueryLimits limits) {
    return instant(query, timeMillis, limits, started -> {}, (result, memory) -> result);
  }

  /// What `rendering` makes of the value of a prepared query at one time.
  ///
  /// @param started is handed the query as it starts, to cancel it by
  /// @throws QueryException if there is none
  public <T> T instant(
      PreparedQuery query,
      long timeMillis,
      QueryLimits limits,
      Consumer<ActiveQuery> started,
      Rendering<T> rendering) {
    return run(query, QueryWindow.instant(timeMillis), limits, started, rendering);
  }

  /// The values of `query` at `startMillis` and every `stepMillis` after it, up to `endMillis`.
  ///
  /// @return a matrix, also for scalars
  /// @throws QueryException if there is none
  public QueryResult range(
      String query, long startMillis, long endMillis, long stepMillis, QueryLimits limits) {
    return range(
        prepare(query),
        startMillis,
        endMillis,
        stepMillis,
        limits,
        started -> {},
        (result, memory) -> result);
  }

  /// What `rendering` makes of the values of a prepared query at `startMillis` and every
  /// `stepMillis` after it, up to `endMillis`.
  ///
  /// @param started is handed the query as it starts, to cancel it by
  /// @throws QueryException if there is none
  public <T> T range(
      PreparedQuery query,
      long startMillis,
      long endMillis,
      long stepMillis,
      QueryLimits limits,
      Consumer<ActiveQuery> started,
      Rendering<T> rendering) {
    checkRange(query, startMillis, endMillis, stepMillis);
    return run(
        query, new QueryWindow(startMillis, endMillis, stepMillis), limits, started, rendering);
  }

  private void checkRange(PreparedQuery query, long startMillis, long endMillis, long stepMillis) {
    if (stepMillis <= 0 || endMillis < startMillis) {
      throw new IllegalArgumentException(
          "range query from %d to %d by %d".formatted(startMillis, endMillis, stepMillis));
    }
    var type = Expr.typeOf(query.expr());
    if (type != ValueType.SCALAR && type != ValueType.INSTANT_VECTOR) {
      throw new QueryException(
          Kind.BAD_QUERY,
          "invalid expression type \"%s\" for range query, must be Scalar or instant Vector"
              .formatted(type.documented()));
    }
    // Unsigned, as the whole range of times is longer than a signed number holds.
    long steps = Long.divideUnsigned(endMillis - startMillis, stepMillis);
    if (Long.compareUnsigned(steps, options.maxSamples()) >= 0) {
      throw new QueryException(
          Kind.TOO_MANY_SAMPLES,
          "query processing would load too many samples into memory in query execution:"
              + " one series alone has %s steps".formatted(Long.toUnsignedString(steps)));
    }
  }

  /// How a prepared query is answered at one time, found out by doing so.
  ///
  /// @throws QueryException if there is no answer
  public Explanation explain(PreparedQuery query, long timeMillis, QueryLimits limits) {
    return explain(query, QueryWindow.instant(timeMillis), limits);
  }

  /// How a prepared query is answered at `startMillis` and every `stepMillis` after it, up to
  /// `endMillis`, found out by doing so.
  ///
  /// @throws QueryException if there is no answer
  public Explanation explain(
      PreparedQuery query, long startMillis, long endMillis, long stepMillis, QueryLimits limits) {
    checkRange(query, startMillis, endMillis, stepMillis);
    return explain(query, new QueryWindow(startMillis, endMillis, stepMillis), limits);
  }

  private Explanation explain(PreparedQuery query, QueryWindow window, QueryLimits limits) {
    var profile = new Profile();
    return admission.admit(
        query.text(),
        "explain " + query.text(),
        limits,
        started -> {},
        budget -> {
          var order = order(window, reach(query, limits));
          var stats = evaluate(query, window, order, limits, budget, profile).stats();
          return new Explanation(operators(profile.roots()), stats);
        });
  }

  private static List<Explanation.Operator> operators(List<Profile.Node> nodes) {
    return nodes.stream()
        .map(node ->
            new Explanation.Operator(
                node.name(),
                node.detail(),
                node.series(),
                node.points(),
                node.samples(),
                node.nanos(),
                operators(node.inner())))
        .toList();
  }

  /// Does something else than PromQL within the limits of a query: reading what series there are.
  ///
  /// @param what shown among the queries under way
  /// @param work is lent what it is to ask for memory, and now and then whether to go on
  /// @throws QueryException if it would take too much or too long
  public <T> T within(String what, QueryLimits limits, Function<Allowance, T> work) {
    checkBrief(limits);
    return admission.admit(
        what, what, limits, started -> {}, budget -> work.apply(budget.watched()));
  }

  private <T> T run(
      PreparedQuery query,
      QueryWindow window,
      QueryLimits limits,
      Consumer<ActiveQuery> started,
      Rendering<T> rendering) {
    long steps =
        window.stepMillis() == 0
            ? 1
            : (window.endMillis() - window.startMillis()) / window.stepMillis() + 1;
    checkBrief(limits);
    return admission.admit(
        query.text(),
        steps + " " + query.text(),
        limits,
        started,
        budget -> rendering.render(answer(query, window, limits, budget), budget.watched()));
  }

  /// Who asks other servers waits for them.
  private void checkBrief(QueryLimits limits) {
    if (limits.brief() && reader.asksOthers()) {
      throw new QueryException(Kind.NOT_BRIEF, "query would wait for other servers");
    }
  }

  private QueryResult answer(
      PreparedQuery query, QueryWindow window, QueryLimits limits, Budget budget) {
    long reach = reach(query, limits);
    return reach == Reach.NONE || window.stepMillis() == 0 || limits.anew() || limits.countsSteps()
        ? evaluate(query, window, order(window, reach), limits, budget, null)
        : cache.answer(
            query,
            window,
            lookback(limits).toMillis(),
            reach,
            budget.watched(),
            (missing, order) -> evaluate(query, missing, order, limits, budget, null));
  }

  private long reach(PreparedQuery query, QueryLimits limits) {
    return Reach.of(query.expr(), lookback(limits).toMillis(), options.subqueryStep().toMillis());
  }

  private Duration lookback(QueryLimits limits) {
    return limits.lookback() == null ? options.lookback() : limits.lookback();
  }

  /// Of a query of which it is not known what it reads, each selector's own range decides.
  private SeriesOrder order(QueryWindow window, long reach) {
    return reach == Reach.NONE
        ? SeriesOrder.FIRST_COME
        : reader.order(new TimeRange(window.startMillis() - reach, window.endMillis()));
  }

  /// Counts `bytes` of an answer among the memory of queries until it has been sent.
  ///
  /// @return to be run then; more than once does no harm
  /// @throws QueryException if there are not so many left
  public Runnable keep(long bytes) {
    return admission.keep(bytes);
  }

  private QueryResult evaluate(
      PreparedQuery query,
      QueryWindow window,
      SeriesOrder order,
      QueryLimits limits,
      Budget budget,
      @Nullable Profile profile) {
    long startNanos = System.nanoTime();
    boolean namesDropLate = options.has(Feature.DELAYED_NAME_REMOVAL);
    var plan =
        new Planner(window, options.subqueryStep().toMillis(), namesDropLate).plan(query.expr());
    boolean isRange = window.stepMillis() > 0;
    int steps = isRange ? steps(window) : 1;
    boolean countsSteps = limits.countsSteps() && options.has(Feature.PER_STEP_STATS);
    var notes = new Notes();
    try (var evaluator =
        new Evaluator(
            reader,
            order,
            budget,
            notes,
            helpers,
            lookback(limits).toMillis(),
            namesDropLate,
            isRange,
            profile,
            countsSteps ? steps : 0)) {
      long evaluating = System.nanoTime();
      long sorting;
      Value value;
      if (isRange) {
        var grid = new Grid(window.startMillis(), window.stepMillis(), steps);
        var series = evaluator.range(plan, grid);
        sorting = System.nanoTime();
        value = new Value.Matrix(Evaluator.sorted(series));
      } else {
        value = evaluator.instant(plan, window.startMillis());
        sorting = System.nanoTime();
      }
      long end = System.nanoTime();
      var stats =
          new QueryStats(
              budget.samplesQueried(),
              budget.samplesRead(),
              budget.peakSamples(),
              budget.seriesFound(),
              budget.peakBytes(),
              evaluating - startNanos,
              sorting - evaluating,
              end - sorting,
              end - startNanos,
              countsSteps ? Arrays.stream(evaluator.countedSamples()).boxed().toList() : List.of());
      var warnings = new ArrayList<String>(evaluator.storageWarnings());
      notes.forEachWarning(
          (text, span) -> warnings.add(positioned("PromQL warning: " + text, span, query)));
      var infos = new ArrayList<String>();
      notes.forEachInfo((text, span) -> infos.add(positioned("PromQL info: " + text, span, query)));
      return new QueryResult(value, atMost(warnings, "warning"), atMost(infos, "info"), stats);
    }
  }

  private static int steps(QueryWindow window) {
    long steps = (window.endMillis() - window.startMillis()) / window.stepMillis() + 1;
    if (steps > MAX_STEPS) {
      throw new QueryException(
          Kind.TOO_MANY_SAMPLES, "query has %d steps, more than %d".formatted(steps, MAX_STEPS));
    }
    return (int) steps;
  }

  private static String positioned(String text, Span span, PreparedQuery query) {
    return "%s (%s)".formatted(text, span.positionIn(query.text()));
  }

  private static List<String> atMost(List<String> notes, String what) {
    if (notes.size() <= MAX_NOTES) {
      return notes;
    }
    var some = new ArrayList<>(notes.subList(0, MAX_NOTES));
    some.add("%d more %s annotations omitted".formatted(notes.size() - MAX_NOTES, what));
    return some;
  }

  /// The queries under way, in no order.
  public List<ActiveQuery> active() {
    return admission.active();
  }

  /// Cancels the query under way that has this id; false if there is none.
  public boolean cancel(String id) {
    return admission.cancel(id);
  }

  /// How many heavy queries are at work.
  public int heavyRunning() {
    return admission.heavyRunning();
  }

  /// How many heavy queries wait for their turn.
  public int heavyWaiting() {
    return admission.heavyWaiting();
  }

  /// How many range queries took steps from an answer of before.
  public long cacheHits() {
    return cache.hits();
  }

  /// How many range queries might have, but found none.
  public long cacheMisses() {
    return cache.misses();
  }

  /// What the answers that are kept take, about.
  public long cacheBytes() {
    return cache.bytes();
  }
}
