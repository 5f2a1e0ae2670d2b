package barograph.query.exec;

import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `info`: series with the labels of the info series that share their `instance` and `job`.
///
/// Which info series that is may change from step to step, and the labels of the result with it:
/// all series are gathered first, then their points are dealt out.
final class InfoOperator implements VectorOperator {
  private static final List<String> IDENTIFYING = List.of("instance", "job");

  private final Evaluation evaluation;
  private final VectorPlan.WithInfo plan;
  private final VectorOperator source;
  private final Grid grid;

  InfoOperator(Operators operators, VectorPlan.WithInfo plan, Grid grid) {
    this.evaluation = operators.evaluation();
    this.plan = plan;
    this.source = operators.vector(plan.vector(), grid);
    this.grid = grid;
  }

  private record Held(Labels labels, boolean dropsName, Column column) {}

  private static final class Result {
    private final boolean dropsName;
    private final Column column;

    private Result(boolean dropsName, Column column) {
      this.dropsName = dropsName;
      this.column = column;
    }
  }

  @Override
  public void run(SeriesSink sink) {
    var held = new ArrayList<Held>();
    source.run((labels, dropsName, column) -> {
      evaluation.budget().hold(grid.steps() + column.histogramSamples());
      held.add(new Held(labels, dropsName, column.copy()));
    });
    var infos = read(held);
    var results = new LinkedHashMap<Labels, Result>();
    for (var series : held) {
      deal(series, infos, results);
    }
    results.forEach((labels, result) -> sink.accept(labels, result.dropsName, result.column));
  }

  private boolean isInfo(Labels labels) {
    return plan.names().stream().allMatch(m -> m.matches(labels.get(Labels.METRIC_NAME)));
  }

  /// The info series that may belong to any of `held`.
  private InfoSeries read(List<Held> held) {
    var infos = new InfoSeries(evaluation, plan.timing(), grid);
    Map<String, Set<String>> values = new TreeMap<>();
    var present = new boolean[grid.steps()];
    for (var series : held) {
      for (int step = 0; step < present.length; step++) {
        present[step] |= series.column.has(step);
      }
      if (!isInfo(series.labels)) {
        for (String name : IDENTIFYING) {
          String value = series.labels.get(name);
          if (!value.isEmpty()) {
            values.computeIfAbsent(name, absent -> new TreeSet<>()).add(value);
          }
        }
      }
    }
    if (!values.isEmpty()) {
      var matchers = new ArrayList<Matcher>();
      values.forEach((name, all) -> matchers.add(oneOf(name, all)));
      matchers.addAll(plan.data());
      matchers.addAll(plan.names());
      infos.read(matchers, present);
    }
    return infos;
  }

  private static Matcher oneOf(String name, Set<String> values) {
    return new Matcher(
        Matcher.Type.REGEX, name, String.join("|", values.stream().map(Pattern::quote).toList()));
  }

  private void deal(Held series, InfoSeries infos, Map<Labels, Result> results) {
    var column = series.column;
    evaluation.budget().work(8 * grid.steps());
    if (isInfo(series.labels)) {
      for (int step = 0; step < grid.steps(); step++) {
        put(series, series.labels, step, results);
      }
      return;
    }
    var groups = infos.of(series.labels);
    var chosen = new int[groups.size()];
    var before = new int[groups.size()];
    Labels labels = null;
    boolean known = false;
    for (int step = 0; step < grid.steps(); step++) {
      if (!column.has(step)) {
        continue;
      }
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = groups.get(i)[step];
      }
      if (!known || !Arrays.equals(chosen, before)) {
        labels = enriched(series.labels, infos, chosen);
        System.arraycopy(chosen, 0, before, 0, chosen.length);
        known = true;
      }
      if (labels != null) {
        put(series, labels, step, results);
      }
    }
  }

  private void put(Held series, Labels labels, int step, Map<Labels, Result> results) {
    if (!series.column.has(step)) {
      return;
    }
    var result = results.get(labels);
    if (result == null) {
      result = new Result(series.dropsName, evaluation.column(grid.steps()));
      result.column.clear();
      results.put(labels, result);
    }
    if (result.column.has(step)) {
      throw EvaluationException.sameLabels();
    }
    result.column.putFrom(series.column, step, step);
  }

  /// The labels with what the chosen info series add; null if there is none and one is asked for.
  private @Nullable Labels enriched(Labels labels, InfoSeries infos, int[] chosen) {
    Map<String, String> added = new HashMap<>();
    boolean any = false;
    for (int info : chosen) {
      if (info >= 0) {
        any = true;
        add(infos.labels(info), labels, added);
      }
    }
    if (!any && !plan.data().stream().allMatch(m -> m.matches(""))) {
      return null;
    }
    var builder = labels.toBuilder();
    added.forEach(builder::set);
    return builder.build();
  }

  private void add(Labels info, Labels base, Map<String, String> added) {
    Set<String> wanted = new LinkedHashSet<>();
    plan.data().forEach(matcher -> wanted.add(matcher.name()));
    for (int i = 0; i < info.size(); i++) {
      String name = info.name(i);
      if (name.equals(Labels.METRIC_NAME) || (!wanted.isEmpty() && !wanted.contains(name))) {
        continue;
      }
      String other = added.get(name);
      if (other != null && !other.equals(info.value(i))) {
        throw EvaluationException.noResult("conflicting label: " + name);
      }
      if (!base.has(name)) {
        added.put(name, info.value(i));
      }
    }
  }
}
