package barograph.alerting.ruletest;

import barograph.alerting.evaluate.AlertView;
import barograph.alerting.evaluate.EngineQuery;
import barograph.alerting.evaluate.EvaluationSettings;
import barograph.alerting.evaluate.RuleFailure;
import barograph.alerting.evaluate.SteppedRules;
import barograph.alerting.ruletest.RuleTest.AlertCheck;
import barograph.alerting.ruletest.RuleTest.ExprCheck;
import barograph.alerting.ruletest.SeriesValues.Item;
import barograph.query.EngineOptions;
import barograph.query.PromqlText;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.query.ast.Durations;
import barograph.query.ast.PromqlException;
import barograph.query.histogram.HistogramNotation;
import barograph.query.histogram.StoredHistograms;
import barograph.query.value.Sample;
import barograph.storage.SampleBatch;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One test on its way: rules stepped from its start to its last check, over a table of its own.
///
/// At each step the series have their samples up to that moment and none from its future, all rules
/// are evaluated, and then those alerts are looked at whose check falls before the next step.
/// Expressions come at the end.
public final class RuleTestRun {
  private final RuleTestFile file;
  private final RuleTest test;
  private final SampleTable table = new SampleTable();
  private final List<Supply> supplies = new ArrayList<>();
  private final RuleTestReport report;
  private final EngineQuery query;

  private RuleTestRun(RuleTestFile file, RuleTest test, EngineOptions options) {
    this.file = file;
    this.test = test;
    report = new RuleTestReport(test.name(), file.fuzzy());
    var engine = new QueryEngine(table, options.withSubqueryStep(file.evaluationInterval()));
    query = new EngineQuery(engine, QueryLimits.DEFAULT);
  }

  /// What is wrong, a text of one or more lines for each thing; empty if the test passes.
  ///
  /// @param options of the engine that answers; the step of subqueries is the file's interval
  public static List<String> failures(RuleTestFile file, RuleTest test, EngineOptions options) {
    var run = new RuleTestRun(file, test, options);
    run.run();
    return run.report.failures();
  }

  /// The samples of a series that are still to come.
  private static final class Supply {
    final int series;
    final List<Item> items;
    int given;

    Supply(int series, List<Item> items) {
      this.series = series;
      this.items = items;
    }
  }

  private void run() {
    for (var input : test.input()) {
      try {
        var labels = PromqlText.series(input.series());
        supplies.add(
            new Supply(table.seriesFor(labels, "test"), SeriesValues.parse(input.values())));
      } catch (PromqlException | IllegalArgumentException e) {
        report.broken("series %s: %s".formatted(input.series(), e.getMessage()));
        return;
      }
    }
    var rules = new SteppedRules(file.rules(), file.groupOrder(), settings(), query, table, table);
    var end = test.start().plus(test.length());
    var step = file.evaluationInterval();
    for (var at = test.start(); !at.isAfter(end); at = at.plus(step)) {
      supplyUntil(at);
      var failed = rules.evaluate(at);
      var sinceStart = Duration.between(test.start(), at);
      for (var failure : failed) {
        report.ruleFailed(failure.rule(), text(sinceStart), failure.why());
      }
      if (!failed.isEmpty()) {
        return;
      }
      for (var check : alertChecks(sinceStart, sinceStart.plus(step))) {
        report.alerts(check, text(check.evalTime()), firing(rules, check.alertName()));
      }
    }
    test.exprs().forEach(this::check);
  }

  private EvaluationSettings settings() {
    return new EvaluationSettings(
        test.interval(),
        Duration.ZERO,
        test.externalLabels(),
        test.externalUrl(),
        Duration.ofMinutes(1),
        Duration.ZERO,
        Duration.ZERO);
  }

  private void supplyUntil(Instant time) {
    var batch = new SampleBatch();
    long start = test.start().toEpochMilli();
    long interval = test.interval().toMillis();
    for (var supply : supplies) {
      while (supply.given < supply.items.size()
          && start + supply.given * interval <= time.toEpochMilli()) {
        long at = start + supply.given * interval;
        switch (supply.items.get(supply.given)) {
          case Item.Gap _ -> {}
          case Item.Point(double value) -> batch.add(supply.series, at, value);
          case Item.Shape(var histogram) ->
              batch.add(supply.series, at, StoredHistograms.toStored(histogram));
        }
        supply.given++;
      }
    }
    for (var refusal : table.append(batch).join().refusals()) {
      report.broken(
          "series %s comes twice"
              .formatted(test.input().get(batch.series(refusal.index())).series()));
    }
  }

  private List<AlertCheck> alertChecks(Duration from, Duration until) {
    return test.alerts().stream()
        .filter(check -> check.evalTime().compareTo(from) >= 0)
        .filter(check -> check.evalTime().compareTo(until) < 0)
        .sorted(Comparator.comparing(AlertCheck::evalTime))
        .toList();
  }

  private static List<AlertView> firing(SteppedRules rules, String alertName) {
    return rules.firing().stream()
        .filter(alert -> alert.labels().get("alertname").equals(alertName))
        .toList();
  }

  private void check(ExprCheck check) {
    var at = text(check.evalTime());
    var expected = new ArrayList<Sample>();
    long time = test.start().plus(check.evalTime()).toEpochMilli();
    try {
      for (var sample : check.expected()) {
        var labels = sample.labels().isBlank() ? Labels.EMPTY : PromqlText.series(sample.labels());
        expected.add(
            sample.histogram().isEmpty()
                ? new Sample(labels, time, sample.value())
                : new Sample(labels, time, HistogramNotation.parse(sample.histogram())));
      }
      report.samples(check.expr(), at, expected, query.at(check.expr(), time));
    } catch (RuleFailure | PromqlException | IllegalArgumentException e) {
      report.exprFailed(check.expr(), at, String.valueOf(e.getMessage()));
    }
  }

  private static String text(Duration duration) {
    return Durations.format(duration.toMillis());
  }
}
