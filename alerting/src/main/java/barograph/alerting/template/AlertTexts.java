package barograph.alerting.template;

import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The texts of an alerting rule: labels and annotations with templates in them.
public final class AlertTexts {
  /// Stands before every template and gives it its variables.
  private static final String PROLOGUE =
      "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
          + "{{$externalURL := .ExternalURL}}{{$value := .Value}}";

  private static final FunctionTable KNOWN = RuleFunctions.table("", 0, expr -> List.of());

  private final String ruleName;
  private final Labels externalLabels;
  private final String externalUrl;
  private final Map<String, Template> parsed = new ConcurrentHashMap<>();

  public AlertTexts(String ruleName, Labels externalLabels, String externalUrl) {
    this.ruleName = ruleName;
    this.externalLabels = externalLabels;
    this.externalUrl = externalUrl;
  }

  /// Refuses what cannot be parsed.
  ///
  /// @throws TemplateException naming the place
  public static void check(String ruleName, String text) {
    parse(ruleName, text);
  }

  private static Template parse(String ruleName, String text) {
    return Template.parse("__alert_" + ruleName, PROLOGUE + text, KNOWN);
  }

  /// The texts of alerts that were found at one time.
  ///
  /// @param timeMillis when the expression was asked
  /// @param query answers the function `query`; [IllegalArgumentException] if it cannot
  public Moment at(long timeMillis, Function<String, List<Sample>> query) {
    return new Moment(timeMillis, query);
  }

  /// One evaluation of the rule, whose alerts share their functions: there may be thousands.
  public final class Moment {
    private final long timeMillis;
    private final Function<String, List<Sample>> query;
    private @Nullable FunctionTable functions;

    private Moment(long timeMillis, Function<String, List<Sample>> query) {
      this.timeMillis = timeMillis;
      this.query = query;
    }

    private FunctionTable functions() {
      if (functions == null) {
        functions = RuleFunctions.table(externalUrl, timeMillis, query);
      }
      return functions;
    }

    /// The texts of one alert.
    ///
    /// @param labels all that the expression gave, the metric's name too
    public Expansion of(Labels labels, double value) {
      return new Expansion(labels, value, this);
    }
  }

  /// Expands texts for one alert.
  public final class Expansion {
    private final Labels labels;
    private final double value;
    private final Moment moment;
    private @Nullable Struct data;

    private Expansion(Labels labels, double value, Moment moment) {
      this.labels = labels;
      this.value = value;
      this.moment = moment;
    }

    private Struct data() {
      if (data == null) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("Labels", labels.toMap());
        fields.put("ExternalLabels", externalLabels.toMap());
        fields.put("ExternalURL", externalUrl);
        fields.put("Value", value);
        data =
            new Struct(
                "struct { Labels map[string]string; ExternalLabels map[string]string; "
                    + "ExternalURL string; Value interface {} }",
                fields);
      }
      return data;
    }

    /// The expanded text, or one that says what went wrong: a rule does not fail for a text.
    public String expand(String text) {
      if (text.indexOf("{{") < 0) {
        return text;
      }
      try {
        return parsed
            .computeIfAbsent(text, unparsed -> parse(ruleName, unparsed))
            .expand(data(), moment.functions());
      } catch (TemplateException e) {
        return "<error expanding template: error executing template __alert_%s: %s>"
            .formatted(ruleName, e.getMessage());
      }
    }
  }
}
