package barograph.server.api;

import barograph.query.Explanation;
import barograph.query.PreparedQuery;
import barograph.query.QueryEngine;
import barograph.query.QueryException;
import barograph.query.QueryLimits;
import barograph.query.QueryResult;
import barograph.query.value.NumberText;
import barograph.query.value.Sample;
import barograph.query.value.Series;
import barograph.query.value.Value;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Parameters;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.model.Allowance;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// PromQL over HTTP: `/api/v1/query`, `/api/v1/query_range`, and `/api/v1/explain`, which takes the
/// parameters of either and tells how the query is answered.
public final class QueryApi {
  private static final long MAX_POINTS = 11_000;

  private final QueryEngine engine;
  private final InstantSource clock;

  public QueryApi(QueryEngine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  public void addTo(Router router) {
    router.addBrief(
        "GET,POST",
        "/api/v1/query",
        Lane.QUERY,
        new BriefEndpoint(this::instant, request -> request.form().first("query")));
    router.addBrief(
        "GET,POST", "/api/v1/query_range", Lane.QUERY, new BriefEndpoint(this::range, this::kind));
    router.add("GET,POST", "/api/v1/explain", Lane.QUERY, Endpoint.of(this::explain));
  }

  private Response instant(Request request, QueryLimits most) {
    var form = request.form();
    int limit = Limits.parse(form);
    String time = form.first("time");
    long at = time.isEmpty() ? clock.millis() : Times.parse("time", time);
    var limits = limits(form, most);
    var query = prepared(form);
    return QueryTrace.of(
        query.text(),
        clock,
        trace ->
            engine.instant(
                query,
                at,
                limits,
                started -> request.client().whenGone(started::cancel),
                (result, memory) -> {
                  trace.evaluated(result.stats());
                  return Endpoint.kept(
                      engine, answer(result, memory, form, limit, new Steps(at, at, 0)));
                }));
  }

  private String kind(Request request) {
    var form = request.form();
    var steps = Steps.of(form);
    return "%d %d %s".formatted(steps.end - steps.start, steps.step, form.first("query"));
  }

  private Response range(Request request, QueryLimits most) {
    var form = request.form();
    int limit = Limits.parse(form);
    var steps = Steps.of(form);
    var limits = limits(form, most);
    var query = prepared(form);
    return QueryTrace.of(
        query.text(),
        clock,
        trace ->
            asked(() ->
                engine.range(
                    query,
                    steps.start,
                    steps.end,
                    steps.step,
                    limits,
                    started -> request.client().whenGone(started::cancel),
                    (result, memory) -> {
                      trace.evaluated(result.stats());
                      return Endpoint.kept(engine, answer(result, memory, form, limit, steps));
                    })));
  }

  /// The times of a range query, in milliseconds.
  private record Steps(long start, long end, long step) {
    static Steps of(Parameters form) {
      long start = Times.parse("start", form.first("start"));
      long end = Times.parse("end", form.first("end"));
      if (end < start) {
        throw ApiError.badParameter("end", "end timestamp must not be before start time");
      }
      long step = duration("step", form.first("step"));
      if (step <= 0) {
        throw ApiError.badParameter(
            "step",
            "zero or negative query resolution step widths are not accepted. Try a positive"
                + " integer");
      }
      // From the earliest time to the latest is more than a signed number holds.
      if (Long.compareUnsigned(Long.divideUnsigned(end - start, step), MAX_POINTS) > 0) {
        throw ApiError.badData(
            "exceeded maximum resolution of 11,000 points per timeseries."
                + " Try decreasing the query resolution (?step=XX)");
      }
      return new Steps(start, end, step);
    }
  }

  private Response explain(Request request) {
    var form = request.form();
    var limits = limits(form, QueryLimits.DEFAULT);
    var query = prepared(form);
    Explanation explanation;
    if (form.first("start").isEmpty()) {
      String time = form.first("time");
      long at = time.isEmpty() ? clock.millis() : Times.parse("time", time);
      explanation = engine.explain(query, at, limits);
    } else {
      var steps = Steps.of(form);
      explanation = asked(() -> engine.explain(query, steps.start, steps.end, steps.step, limits));
    }
    var stats = explanation.stats();
    return Endpoint.success(json -> {
      json.beginObject().key("operators");
      write(json, explanation.operators());
      json.field("series", stats.series()).field("samplesRead", stats.samplesRead());
      json.field("totalQueryableSamples", stats.queryableSamples());
      json.field("peakSamples", stats.peakSamples()).field("peakBytes", stats.peakBytes());
      json.key("ms").decimal(stats.totalNanos() / 1e6).endObject();
    });
  }

  private static void write(Json json, List<Explanation.Operator> operators) {
    json.beginArray();
    for (var operator : operators) {
      json.beginObject().field("operator", operator.name()).field("detail", operator.detail());
      json.field("series", operator.series()).field("points", operator.points());
      json.field("samples", operator.samples());
      json.key("ms").decimal(operator.nanos() / 1e6).key("inner");
      write(json, operator.inner());
      json.endObject();
    }
    json.endArray();
  }

  private PreparedQuery prepared(Parameters form) {
    return asked(() -> engine.prepare(form.first("query")));
  }

  /// What the engine answers; that the text is no query is said as of every bad parameter.
  private static <T> T asked(Supplier<T> query) {
    try {
      return query.get();
    } catch (QueryException e) {
      if (e.kind() == QueryException.Kind.BAD_QUERY) {
        throw ApiError.badParameter("query", String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private static long duration(String name, String text) {
    try {
      return Times.parseDuration(text);
    } catch (IllegalArgumentException e) {
      throw ApiError.badParameter(name, String.valueOf(e.getMessage()));
    }
  }

  private static QueryLimits limits(Parameters form, QueryLimits most) {
    var limits = most;
    if (!form.first("nocache").isEmpty() && !form.first("nocache").equals("0")) {
      limits = limits.computingAnew();
    }
    if (form.first("stats").equals("all")) {
      limits = limits.countingSteps();
    }
    String timeout = form.first("timeout");
    if (!timeout.isEmpty()) {
      long millis = duration("timeout", timeout);
      if (millis <= 0) {
        throw ApiError.badParameter("timeout", "%s is not above zero".formatted(timeout));
      }
      limits = limits.withTimeout(Duration.ofMillis(millis));
    }
    String lookback = form.first("lookback_delta");
    if (!lookback.isEmpty()) {
      long millis;
      try {
        millis = Times.parseDuration(lookback);
      } catch (IllegalArgumentException e) {
        throw ApiError.badData("error parsing lookback delta duration: " + e.getMessage());
      }
      if (millis > 0) {
        limits = limits.withLookback(Duration.ofMillis(millis));
      }
    }
    return limits;
  }

  private static Response answer(
      QueryResult result, Allowance memory, Parameters form, int limit, Steps steps) {
    var warnings = new ArrayList<>(result.warnings());
    var value = Limits.cut(result.value(), limit, warnings);
    String stats = form.first("stats");
    return Endpoint.success(
        memory,
        json -> {
          json.beginObject().field("resultType", value.typeName()).key("result");
          write(json, value);
          if (!stats.isEmpty()) {
            stats(json, result, steps);
          }
          json.endObject();
        },
        warnings,
        result.infos());
  }

  private static void write(Json json, Value value) {
    switch (value) {
      case Value.Scalar(long time, double number) ->
          json.beginArray().decimal(seconds(time)).string(NumberText.shortest(number)).endArray();
      case Value.Text(long time, String text) ->
          json.beginArray().decimal(seconds(time)).string(text).endArray();
      case Value.Vector(List<Sample> samples) -> {
        json.beginArray();
        for (var sample : samples) {
          json.beginObject().key("metric").labels(sample.labels());
          var histogram = sample.histogram();
          if (histogram == null) {
            json.key("value").point(sample.timeMillis(), sample.value());
          } else {
            json.key("histogram").point(sample.timeMillis(), histogram);
          }
          json.endObject();
        }
        json.endArray();
      }
      case Value.Matrix(List<Series> all) -> {
        json.beginArray();
        for (var series : all) {
          write(json, series);
        }
        json.endArray();
      }
    }
  }

  /// A series, with numbers and histograms in lists of their own, of which one is mostly missing.
  private static void write(Json json, Series series) {
    json.beginObject().key("metric").labels(series.labels());
    if (series.size() > 0) {
      json.key("values").beginArray();
      for (int i = 0; i < series.size(); i++) {
        json.point(series.timeMillis(i), series.value(i));
      }
      json.endArray();
    }
    if (!series.histograms().isEmpty()) {
      json.key("histograms").beginArray();
      for (var point : series.histograms()) {
        json.point(point.timeMillis(), point.histogram());
      }
      json.endArray();
    }
    json.endObject();
  }

  /// A time beside a single value, which clients get as a plain number: without padding zeros.
  private static double seconds(long millis) {
    return millis / 1_000.0;
  }

  private static void stats(Json json, QueryResult result, Steps steps) {
    var stats = result.stats();
    json.key("stats").beginObject().key("timings").beginObject();
    json.key("evalTotalTime").decimal((stats.prepareNanos() + stats.evaluateNanos()) / 1e9);
    json.key("resultSortTime").decimal(stats.sortNanos() / 1e9);
    json.key("queryPreparationTime").decimal(stats.prepareNanos() / 1e9);
    json.key("innerEvalTime").decimal(stats.evaluateNanos() / 1e9);
    json.key("execQueueTime").decimal(0);
    json.key("execTotalTime").decimal(stats.totalNanos() / 1e9);
    json.endObject().key("samples").beginObject();
    json.field("totalQueryableSamples", stats.queryableSamples());
    json.field("samplesRead", stats.samplesRead());
    json.field("peakSamples", stats.peakSamples());
    if (!stats.queryablePerStep().isEmpty()) {
      json.key("totalQueryableSamplesPerStep").beginArray();
      long time = steps.start;
      for (long samples : stats.queryablePerStep()) {
        json.beginArray().timestamp(time).number(samples).endArray();
        time += steps.step;
      }
      json.endArray();
    }
    json.endObject().endObject();
  }
}
