package barograph.alerting.evaluate;

import barograph.query.value.Sample;
import java.util.List;

/// Answers a rule's expression at one moment.
public interface RuleQuery {

  /// The instant vector that `expr` gives at `timeMillis`; a scalar is one sample without labels.
  ///
  /// @throws RuleFailure if the expression cannot be answered; its message is shown to people
  List<Sample> at(String expr, long timeMillis) throws RuleFailure;
}
