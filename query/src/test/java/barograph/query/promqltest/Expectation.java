package barograph.query.promqltest;

import barograph.query.histogram.HistogramLiteral;
import barograph.query.histogram.NativeHistogram;
import barograph.query.promqltest.Script.Expected;
import barograph.query.promqltest.Script.SeriesLine;
import barograph.query.promqltest.Script.TextRule;
import barograph.query.promqltest.ValueSequence.Item;
import barograph.query.value.NumberText;
import barograph.query.value.Sample;
import barograph.query.value.Series;
import barograph.query.value.Value;
import barograph.storage.model.Labels;
import barograph.storage.model.Staleness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds results against what a script expects; every method answers what differs, or null.
final class Expectation {
  private static final double EPSILON = 1e-6;

  private Expectation() {}

  static boolean almost(double a, double b) {
    if (Staleness.isMarker(a) || Staleness.isMarker(b)) {
      return Staleness.isMarker(a) && Staleness.isMarker(b);
    }
    if (Double.isNaN(a) && Double.isNaN(b)) {
      return true;
    }
    if (a == b) {
      return true;
    }
    double sum = Math.abs(a) + Math.abs(b);
    double difference = Math.abs(a - b);
    if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
      return difference < EPSILON * Double.MIN_NORMAL;
    }
    return difference / Math.min(sum, Double.MAX_VALUE) < EPSILON;
  }

  static @Nullable String instant(Expected expected, Value value) {
    return switch (value) {
      case Value.Scalar(_, double number) -> {
        Double wanted = expected.scalar;
        if (wanted == null) {
          yield "found the scalar %s".formatted(NumberText.shortest(number));
        }
        yield almost(wanted, number)
            ? null
            : "expected the scalar %s, found %s"
                .formatted(NumberText.shortest(wanted), NumberText.shortest(number));
      }
      case Value.Text(_, String text) ->
          text.equals(expected.text)
              ? null
              : "expected \"%s\", found \"%s\"".formatted(expected.text, text);
      case Value.Vector(var samples) -> vector(expected, samples);
      case Value.Matrix(var series) ->
          expected.rangeVector
              ? matrix(expected, series, expected.rangeStartMillis, expected.rangeStepMillis)
              : "found a matrix";
    };
  }

  private static @Nullable String vector(Expected expected, List<Sample> samples) {
    if (expected.scalar != null) {
      return "expected a scalar, found a vector of %d".formatted(samples.size());
    }
    var wanted = new HashMap<Labels, Integer>();
    for (int i = 0; i < expected.series.size(); i++) {
      wanted.put(expected.series.get(i).labels(), i);
    }
    for (int i = 0; i < samples.size(); i++) {
      var sample = samples.get(i);
      Integer place = wanted.remove(sample.labels());
      if (place == null) {
        return "unexpected %s %s".formatted(sample.labels(), NumberText.shortest(sample.value()));
      }
      if (expected.ordered && place != i) {
        return "%s is at place %d, expected at %d".formatted(sample.labels(), i, place);
      }
      SeriesLine line = expected.series.get(place);
      switch (line.values().getFirst()) {
        case Item.Point(double number)
            when sample.histogram() == null && almost(number, sample.value()) -> {}
        case Item.Point(double number) -> {
          return "%s: expected %s, found %s"
              .formatted(
                  sample.labels(),
                  NumberText.shortest(number),
                  NumberText.shortest(sample.value()));
        }
        case Item.Histogram(var literal) -> {
          String differs = difference(literal, sample.histogram());
          if (differs != null) {
            return "%s: %s".formatted(sample.labels(), differs);
          }
        }
        case Item.Gap _ -> {
          return "%s: expected nothing".formatted(sample.labels());
        }
      }
    }
    return wanted.isEmpty() ? null : "missing " + wanted.keySet();
  }

  private static @Nullable String difference(
      HistogramLiteral wanted, @Nullable NativeHistogram found) {
    return found == null
        ? "expected the histogram %s, found a number".formatted(wanted.histogram())
        : HistogramLiteral.difference(wanted, found, Expectation::almost);
  }

  static @Nullable String matrix(
      Expected expected, List<Series> found, long startMillis, long stepMillis) {
    Map<Labels, SeriesLine> wanted = new HashMap<>();
    for (var line : expected.series) {
      wanted.put(line.labels(), line);
    }
    if (expected.scalar != null) {
      return "a bare number is no expectation for a range query";
    }
    for (var series : found) {
      var line = wanted.remove(series.labels());
      if (line == null) {
        return "unexpected " + series;
      }
      String differs = series(line, series, startMillis, stepMillis);
      if (differs != null) {
        return differs;
      }
    }
    for (var line : wanted.values()) {
      if (!line.values().stream().allMatch(Item.Gap.class::isInstance)) {
        return "missing " + line.labels();
      }
    }
    return null;
  }

  private static @Nullable String series(
      SeriesLine line, Series series, long startMillis, long stepMillis) {
    int at = 0;
    int histogram = 0;
    for (int i = 0; i < line.values().size(); i++) {
      long time = startMillis + i * stepMillis;
      switch (line.values().get(i)) {
        case Item.Gap _ -> {}
        case Item.Histogram(var literal) -> {
          if (histogram == series.histograms().size()
              || series.histograms().get(histogram).timeMillis() != time) {
            return "expected a histogram at %d in %s".formatted(time, series);
          }
          String differs = difference(literal, series.histograms().get(histogram++).histogram());
          if (differs != null) {
            return "%s at %d: %s".formatted(series.labels(), time, differs);
          }
        }
        case Item.Point(double number) -> {
          if (at == series.size()
              || series.timeMillis(at) != time
              || !almost(number, series.value(at))) {
            return "expected %s at %d in %s".formatted(NumberText.shortest(number), time, series);
          }
          at++;
        }
      }
    }
    return at == series.size() && histogram == series.histograms().size()
        ? null
        : "more points than expected in " + series;
  }

  /// The points of `series` at one time, as the vector that an instant query would have been.
  static Value.Vector vectorAt(List<Series> series, long timeMillis) {
    var samples = new ArrayList<Sample>();
    for (var one : series) {
      for (int i = 0; i < one.size(); i++) {
        if (one.timeMillis(i) == timeMillis) {
          samples.add(new Sample(one.labels(), timeMillis, one.value(i)));
        }
      }
      for (var point : one.histograms()) {
        if (point.timeMillis() == timeMillis) {
          samples.add(new Sample(one.labels(), timeMillis, point.histogram()));
        }
      }
    }
    return new Value.Vector(samples);
  }

  static @Nullable String annotations(
      String what, List<TextRule> rules, boolean none, List<String> found) {
    if (none && !found.isEmpty()) {
      return "unexpected %s: %s".formatted(what, found);
    }
    if (rules.isEmpty()) {
      return null;
    }
    for (var rule : rules) {
      if (found.stream().noneMatch(rule::fits)) {
        return "no %s fits %s, found %s".formatted(what, rule, found);
      }
    }
    for (String text : found) {
      if (rules.stream().noneMatch(rule -> rule.fits(text))) {
        return "unexpected %s: %s".formatted(what, text);
      }
    }
    return null;
  }
}
