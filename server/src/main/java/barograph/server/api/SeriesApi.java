package barograph.server.api;

import barograph.query.PromqlText;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.ast.PromqlException;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Parameters;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.LabelTexts;
import barograph.storage.Reader;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;

/// What is stored: `/api/v1/series`, `/api/v1/labels` and `/api/v1/label/<name>/values`.
public final class SeriesApi {
  private static final String VALUES_PREFIX = "/api/v1/label/";
  private static final String VALUES_SUFFIX = "/values";

  private final QueryEngine engine;
  private final Reader reader;

  /// @param engine whose limits hold for these answers too
  public SeriesApi(QueryEngine engine, Reader reader) {
    this.engine = engine;
    this.reader = reader;
  }

  public void addTo(Router router) {
    router.addBrief("GET,POST", "/api/v1/series", Lane.QUERY, brief(this::series));
    router.addBrief("GET,POST", "/api/v1/labels", Lane.QUERY, brief(this::names));
    router.addBrief("GET", VALUES_PREFIX + "*", Lane.QUERY, brief(this::values));
  }

  private static BriefEndpoint brief(BriefEndpoint.Question question) {
    return new BriefEndpoint(question, SeriesApi::kind);
  }

  /// What is asked for, of how long a time.
  private static String kind(Request request) {
    var form = request.form();
    var range = range(form);
    return "%d %s %s"
        .formatted(
            range.endMillis() - range.startMillis(),
            request.rawPath(),
            String.join(", ", form.all("match[]")));
  }

  private Response series(Request request, QueryLimits most) {
    var form = request.form();
    int limit = Limits.parse(form);
    var range = range(form);
    var selectors = selectors(form);
    if (selectors.isEmpty()) {
      throw ApiError.badData("no match[] parameter provided");
    }
    return engine.within(
        "series matching " + String.join(", ", form.all("match[]")),
        most,
        memory ->
            Endpoint.kept(
                engine,
                selectors.size() == 1
                    ? seriesOf(selectors.getFirst(), range, limit, memory)
                    : seriesOfAny(selectors, range, limit, memory)));
  }

  /// Written as they are found, and never held.
  private Response seriesOf(List<Matcher> matchers, TimeRange range, int limit, Allowance memory) {
    var warnings = new ArrayList<String>();
    try (var selection = reader.select(matchers, range, memory)) {
      int shown = limit == 0 ? selection.size() : Math.min(limit, selection.size());
      if (shown < selection.size()) {
        warnings.add(Limits.TRUNCATED);
      }
      warnings.addAll(selection.warnings());
      return Endpoint.success(
          memory,
          json -> {
            json.beginArray();
            for (int i = 0; i < shown; i++) {
              json.labels(selection.labels(i));
            }
            json.endArray();
          },
          warnings,
          List.of());
    }
  }

  private Response seriesOfAny(
      List<List<Matcher>> selectors, TimeRange range, int limit, Allowance memory) {
    var found = new TreeSet<Labels>();
    var warnings = new ArrayList<String>();
    for (var matchers : selectors) {
      try (var selection = reader.select(matchers, range, memory)) {
        for (int i = 0; i < selection.size(); i++) {
          var labels = selection.labels(i);
          if (found.add(labels)) {
            memory.take(bytesOf(labels));
          }
        }
        warnings.addAll(selection.warnings());
      }
    }
    var shown = Limits.cut(List.copyOf(found), limit, warnings);
    return Endpoint.success(
        memory,
        json -> {
          json.beginArray();
          shown.forEach(json::labels);
          json.endArray();
        },
        warnings,
        List.of());
  }

  /// What a set of labels takes in memory, about.
  private static long bytesOf(Labels labels) {
    long bytes = 96;
    for (int i = 0; i < labels.size(); i++) {
      bytes += 48 + labels.value(i).length();
    }
    return bytes;
  }

  private Response names(Request request, QueryLimits most) {
    var form = request.form();
    var range = range(form);
    return strings(
        "label names",
        form,
        most,
        (matchers, memory) -> reader.labelNames(matchers, range, memory));
  }

  private Response values(Request request, QueryLimits most) {
    String rest = request.rawPath();
    int from = rest.indexOf(VALUES_PREFIX) + VALUES_PREFIX.length();
    int to = rest.length() - VALUES_SUFFIX.length();
    if (!rest.endsWith(VALUES_SUFFIX) || to <= from) {
      return Response.text(404, "404 page not found\n");
    }
    String name = LabelNames.unescape(Parameters.decodePath(rest.substring(from, to)));
    if (name.isEmpty() || name.indexOf('\ufffd') >= 0) {
      throw ApiError.badData("invalid label name: \"%s\"".formatted(name));
    }
    var form = request.form();
    var range = range(form);
    return strings(
        "values of label " + name,
        form,
        most,
        (matchers, memory) -> reader.labelValues(name, matchers, range, memory));
  }

  /// Names or values in the series that pass some matchers.
  @FunctionalInterface
  private interface Lookup {
    LabelTexts of(List<Matcher> matchers, Allowance memory);
  }

  /// The sorted union of what `lookup` says about each selector, or about everything.
  private Response strings(String what, Parameters form, QueryLimits most, Lookup lookup) {
    int limit = Limits.parse(form);
    var selectors = selectors(form);
    return engine.within(
        what,
        most,
        memory -> {
          LabelTexts all =
              selectors.size() <= 1
                  ? lookup.of(selectors.isEmpty() ? List.of() : selectors.getFirst(), memory)
                  : union(selectors.stream().map(each -> lookup.of(each, memory)).toList());
          var warnings = new ArrayList<>(all.warnings());
          var shown = Limits.cut(all.texts(), limit, warnings);
          return Endpoint.kept(
              engine, Endpoint.success(memory, json -> json.strings(shown), warnings, List.of()));
        });
  }

  private static LabelTexts union(List<LabelTexts> found) {
    var texts = new TreeSet<String>(Labels.UTF8_ORDER);
    var warnings = new LinkedHashSet<String>();
    for (LabelTexts each : found) {
      texts.addAll(each.texts());
      warnings.addAll(each.warnings());
    }
    return new LabelTexts(List.copyOf(texts), List.copyOf(warnings));
  }

  static List<List<Matcher>> selectors(Parameters form) {
    var selectors = new ArrayList<List<Matcher>>();
    for (String text : form.all("match[]")) {
      List<Matcher> matchers;
      try {
        matchers = PromqlText.matchers(text);
      } catch (PromqlException e) {
        throw ApiError.badParameter("match[]", String.valueOf(e.getMessage()));
      }
      selectors.add(matchers);
    }
    return selectors;
  }

  /// The time from `start` to `end`, all of it unless they say otherwise.
  static TimeRange range(Parameters form) {
    String start = form.first("start");
    String end = form.first("end");
    long from = start.isEmpty() ? Times.MIN_MILLIS : Times.parse("start", start);
    long to = end.isEmpty() ? Times.MAX_MILLIS : Times.parse("end", end);
    if (to < from) {
      throw ApiError.badData("end timestamp must not be before start timestamp");
    }
    return new TimeRange(from, to);
  }
}
