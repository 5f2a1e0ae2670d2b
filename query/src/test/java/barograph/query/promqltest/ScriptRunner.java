package barograph.query.promqltest;

import barograph.query.EngineOptions;
import barograph.query.EngineOptions.Feature;
import barograph.query.PreparedQuery;
import barograph.query.QueryEngine;
import barograph.query.QueryException;
import barograph.query.QueryLimits;
import barograph.query.QueryResult;
import barograph.query.ast.Expr;
import barograph.query.ast.ValueType;
import barograph.query.histogram.HistogramLiteral;
import barograph.query.histogram.NativeHistogram;
import barograph.query.histogram.StoredHistograms;
import barograph.query.promqltest.Script.Command;
import barograph.query.promqltest.Script.Expected;
import barograph.query.promqltest.Script.SeriesLine;
import barograph.query.promqltest.ValueSequence.Item;
import barograph.query.value.Value;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Staleness;
import barograph.storage.testkit.NaiveStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs a script against the engine over the naive store, and counts what holds.
final class ScriptRunner {
  private static final Pattern KNOWS_ITS_RANGE = Pattern.compile("(start|end|range|step)\\(\\)");

  private static final EngineOptions OPTIONS =
      EngineOptions.defaults()
          .withTimeout(Duration.ofSeconds(100))
          .withMaxSamples(10_000)
          .with(
              Feature.EXPERIMENTAL_FUNCTIONS,
              Feature.EXTENDED_RANGE_SELECTORS,
              Feature.BINOP_FILL_MODIFIERS);

  /// When names are dropped: the scripts of Prometheus want it late, its default is early.
  enum NameRemoval {
    EARLY,
    LATE;

    EngineOptions options() {
      return this == LATE ? OPTIONS.with(Feature.DELAYED_NAME_REMOVAL) : OPTIONS;
    }
  }

  private final EngineOptions options;
  private NaiveStore store = new NaiveStore();
  private final Map<Labels, NativeHistogram> lastHistograms = new HashMap<>();
  private QueryEngine engine;
  private final List<String> failures = new ArrayList<>();
  private int total;

  private ScriptRunner(EngineOptions options) {
    this.options = options;
    this.engine = new QueryEngine(store, options);
  }

  /// How many evaluations of a script hold, of how many, and what is wrong with the others.
  record Score(String name, int total, List<String> failures) {
    int passed() {
      return total - failures.size();
    }
  }

  static Score run(Path file, NameRemoval names) throws IOException {
    var runner = new ScriptRunner(names.options());
    for (var command : Script.parse(Files.readString(file)).commands()) {
      runner.execute(command);
    }
    return new Score(file.getFileName().toString(), runner.total, runner.failures);
  }

  private void execute(Command command) {
    switch (command) {
      case Command.Clear() -> {
        store = new NaiveStore();
        lastHistograms.clear();
        engine = new QueryEngine(store, options);
      }
      case Command.Load(long step, var series, boolean withCustomBuckets) -> {
        series.forEach(line -> load(line, step));
        if (withCustomBuckets) {
          ClassicBuckets.of(series).forEach(line -> load(line, step));
        }
      }
      case Command.Eval eval -> {
        total++;
        String wrong;
        try {
          wrong = eval.isRange() ? range(eval) : instant(eval);
        } catch (QueryException e) {
          wrong = "%s: %s".formatted(e.kind(), e.getMessage());
        } catch (RuntimeException e) {
          wrong = "%s at %s".formatted(e, List.of(e.getStackTrace()).subList(0, 4));
        }
        if (wrong != null) {
          failures.add("%d: %s: %s".formatted(eval.line(), eval.query(), wrong));
        }
      }
    }
  }

  private void load(SeriesLine line, long step) {
    NativeHistogram before = lastHistograms.get(line.labels());
    for (int i = 0; i < line.values().size(); i++) {
      switch (line.values().get(i)) {
        case Item.Gap _ -> {}
        case Item.Point(double value) -> {
          // A stale marker ends whatever a series has been.
          if (Staleness.isMarker(value) && before != null) {
            store.put(line.labels(), i * step, Histogram.STALE);
          } else {
            store.put(line.labels(), i * step, value);
          }
          before = null;
        }
        case Item.Histogram(var literal) -> {
          before = HistogramLiteral.asStored(literal.histogram(), before);
          store.put(line.labels(), i * step, StoredHistograms.toStored(before));
        }
      }
    }
    if (before != null) {
      lastHistograms.put(line.labels(), before);
    }
  }

  private static @Nullable String failure(Expected expected, QueryException thrown) {
    var rule = expected.failure;
    if (rule == null) {
      return "%s: %s".formatted(thrown.kind(), thrown.getMessage());
    }
    return rule.fits(String.valueOf(thrown.getMessage()))
        ? null
        : "expected to fail with %s, failed with %s".formatted(rule, thrown.getMessage());
  }

  private @Nullable String range(Command.Eval eval) {
    var expected = eval.expected();
    QueryResult result;
    try {
      result =
          engine.range(
              eval.query(),
              eval.startMillis(),
              eval.endMillis(),
              eval.stepMillis(),
              QueryLimits.DEFAULT);
    } catch (QueryException e) {
      return failure(expected, e);
    }
    if (expected.failure != null) {
      return "expected to fail";
    }
    String wrong = annotations(expected, result);
    if (wrong == null && result.value() instanceof Value.Matrix(var series)) {
      wrong = Expectation.matrix(expected, series, eval.startMillis(), eval.stepMillis());
    }
    return wrong;
  }

  private static @Nullable String annotations(Expected expected, QueryResult result) {
    String wrong =
        Expectation.annotations(
            "warning", expected.warnings, expected.noWarnings, result.warnings());
    return wrong != null
        ? wrong
        : Expectation.annotations("info", expected.infos, expected.noInfos, result.infos());
  }

  private @Nullable String instant(Command.Eval eval) {
    var expected = eval.expected();
    PreparedQuery query;
    try {
      query = engine.prepare(eval.query());
      var result = engine.instant(query, eval.startMillis(), QueryLimits.DEFAULT);
      if (expected.failure != null) {
        return "expected to fail";
      }
      String wrong = annotations(expected, result);
      if (wrong == null) {
        wrong = Expectation.instant(expected, result.value());
      }
      if (wrong != null) {
        return wrong;
      }
    } catch (QueryException e) {
      return failure(expected, e);
    }
    String wrong = asRange(query, eval);
    var pinned = PinnedQueries.pin(query.expr(), eval.startMillis());
    if (pinned == null) {
      return wrong;
    }
    var pinnedQuery = new PreparedQuery(eval.query(), pinned);
    for (long time : otherTimes(eval.startMillis())) {
      if (wrong == null) {
        var result = engine.instant(pinnedQuery, time, QueryLimits.DEFAULT);
        wrong = Expectation.instant(expected, result.value());
        if (wrong != null) {
          wrong = "pinned, asked at %d: %s".formatted(time, wrong);
        }
      }
    }
    return wrong != null ? wrong : asRange(pinnedQuery, eval);
  }

  private static Iterable<Long> otherTimes(long time) {
    return time == 0
        ? List.of(-1000L, 0L, 1000L)
        : new LinkedHashSet<>(List.of(-10 * time, 0L, time / 5, time, 10 * time));
  }

  /// The same as the middle of a range query.
  private @Nullable String asRange(PreparedQuery query, Command.Eval eval) {
    var expected = eval.expected();
    var type = Expr.typeOf(query.expr());
    if (expected.ordered
        || expected.rangeVector
        || expected.text != null
        || type == ValueType.RANGE_VECTOR
        || type == ValueType.STRING
        || KNOWS_ITS_RANGE.matcher(eval.query()).find()) {
      return null;
    }
    long time = eval.startMillis();
    var result =
        engine.range(
            query,
            time - 60_000,
            time + 60_000,
            60_000,
            QueryLimits.DEFAULT,
            started -> {},
            (answer, memory) -> answer);
    if (!(result.value() instanceof Value.Matrix(var series))) {
      return "a range query yielded no matrix";
    }
    for (int i = 1; i < series.size(); i++) {
      if (series.get(i - 1).labels().compareTo(series.get(i).labels()) >= 0) {
        return "series of a range query are not in order";
      }
    }
    var middle = Expectation.vectorAt(series, time);
    String wrong;
    if (type == ValueType.SCALAR) {
      wrong =
          Expectation.instant(
              expected, new Value.Scalar(time, middle.samples().getFirst().value()));
    } else {
      wrong = Expectation.instant(expected, middle);
    }
    return wrong == null ? null : "as a range query: " + wrong;
  }
}
