package barograph.query.exec;

import barograph.query.ast.Quoting;
import barograph.query.function.Expansion;
import barograph.query.plan.VectorPlan;
import barograph.storage.model.Labels;
import barograph.storage.model.WatchedText;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.function.UnaryOperator;

/// Series whose labels are rewritten, their points as they were.
final class LabelOperator implements VectorOperator {
  private static final int WORK_PER_SERIES = 32;

  private final Budget budget;
  private final VectorOperator source;
  private final boolean writesName;
  private final UnaryOperator<Labels> rewrite;

  private LabelOperator(
      Operators operators,
      VectorOperator source,
      boolean writesName,
      UnaryOperator<Labels> rewrite) {
    this.budget = operators.evaluation().budget();
    this.source = source;
    this.writesName = writesName;
    this.rewrite = rewrite;
  }

  static LabelOperator replacing(Operators operators, VectorPlan.LabelReplaced plan, Grid grid) {
    var pattern = compile(plan.regex());
    checkName(plan.target(), "label_replace");
    var watched = operators.evaluation().budget().watched();
    return new LabelOperator(
        operators,
        operators.vector(plan.vector(), grid),
        plan.target().equals(Labels.METRIC_NAME),
        labels -> {
          String text = labels.get(plan.source());
          var found = pattern.matcher(WatchedText.of(text, pattern.programSize(), watched));
          return found.find()
              ? labels.with(plan.target(), Expansion.expand(plan.replacement(), found, pattern))
              : labels;
        });
  }

  static LabelOperator joining(Operators operators, VectorPlan.LabelJoined plan, Grid grid) {
    for (String source : plan.sources()) {
      if (source.isEmpty()) {
        throw EvaluationException.noResult("invalid source label name in label_join(): " + source);
      }
    }
    checkName(plan.target(), "label_join");
    return new LabelOperator(
        operators,
        operators.vector(plan.vector(), grid),
        plan.target().equals(Labels.METRIC_NAME),
        labels -> {
          var joined = new StringBuilder();
          for (int i = 0; i < plan.sources().size(); i++) {
            joined.append(i == 0 ? "" : plan.separator()).append(labels.get(plan.sources().get(i)));
          }
          return labels.with(plan.target(), joined.toString());
        });
  }

  private static Pattern compile(String regex) {
    try {
      return Pattern.compile("^(?s:" + regex + ")$");
    } catch (PatternSyntaxException e) {
      throw EvaluationException.noResult("invalid regular expression in label_replace(): " + regex);
    }
  }

  private static void checkName(String name, String function) {
    if (name.isEmpty() || !Quoting.isText(name)) {
      throw EvaluationException.noResult(
          "invalid destination label name in %s(): %s".formatted(function, name));
    }
  }

  @Override
  public void run(SeriesSink sink) {
    source.run((labels, dropsName, column) -> {
      budget.work(WORK_PER_SERIES);
      sink.accept(rewrite.apply(labels), dropsName && !writesName, column);
    });
  }
}
