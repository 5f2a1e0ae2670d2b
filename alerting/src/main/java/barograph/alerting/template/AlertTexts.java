package barograph.alerting.template;

import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.util.List;
import java.util.function.Function;

/// The texts of an alerting rule with what its templates may name.
public record AlertTexts(Labels externalLabels, String externalUrl) {

  /// The texts of one alert.
  ///
  /// @param query answers the function `query`
  public Expansion of(Labels labels, double value, Function<String, List<Sample>> query) {
    return new Expansion(this, labels, value, query);
  }

  /// Expands templates for one alert.
  public record Expansion(
      AlertTexts texts, Labels labels, double value, Function<String, List<Sample>> query) {

    /// The expanded text, or one that says what went wrong: a rule does not fail for a text.
    public String expand(String ruleName, String template) {
      return template;
    }
  }
}
