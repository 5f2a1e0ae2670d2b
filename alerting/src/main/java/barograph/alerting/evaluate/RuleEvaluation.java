package barograph.alerting.evaluate;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.evaluate.RuleSeries.Writing;
import barograph.query.value.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One rule on its way through one turn: evaluated, told of, stored; what fails ends it.
///
/// The steps come one after the other, though not on the same thread.
final class RuleEvaluation {
  private final RunningRule rule;
  private final Beat beat;
  private final BiConsumer<RunningRule, Exception> complaints;
  private final Instant began;
  private Duration took = Duration.ZERO;
  private List<Sample> samples = List.of();
  private @Nullable Writing writing;
  private @Nullable String error;

  /// @param complaints hears why a rule fails
  RuleEvaluation(RunningRule rule, Beat beat, BiConsumer<RunningRule, Exception> complaints) {
    this.rule = rule;
    this.beat = beat;
    this.complaints = complaints;
    began = beat.now();
  }

  void evaluate(long timeMillis, long queryTimeMillis) {
    var start = beat.now();
    attempt(() -> samples = rule.evaluate(timeMillis, queryTimeMillis));
    took = Duration.between(start, beat.now());
  }

  /// The alerts that those who tell should hear of now.
  List<Alert> toSend(long timeMillis, Duration interval) {
    return error == null && rule instanceof RunningAlertingRule alerting
        ? alerting.toSend(timeMillis, interval)
        : List.of();
  }

  void write(long queryTimeMillis) {
    attempt(() -> writing = rule.series().write(samples, queryTimeMillis));
  }

  /// Waits until everything is stored.
  void finish() {
    attempt(() -> {
      if (writing != null) {
        writing.await();
      }
    });
    rule.finished(error, took, began);
  }

  @FunctionalInterface
  private interface Step {
    void take() throws RuleFailure;
  }

  private void attempt(Step step) {
    if (error != null) {
      return;
    }
    try {
      step.take();
    } catch (RuleFailure e) {
      error = String.valueOf(e.getMessage());
      complaints.accept(rule, e);
    } catch (RuntimeException e) {
      error = "internal error: " + e;
      complaints.accept(rule, e);
    }
  }
}
