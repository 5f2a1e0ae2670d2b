package barograph.alerting.template;

import barograph.alerting.template.GoTime.Moment;
import com.google.re2j.Pattern;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template of a notification can speak of.
///
/// @param receiver its name; templates see it quoted for a regular expression
/// @param now when it is sent
public record NotificationData(
    String receiver,
    boolean firing,
    List<AlertData> alerts,
    String reason,
    Map<String, String> groupLabels,
    Map<String, String> commonLabels,
    Map<String, String> commonAnnotations,
    String externalUrl,
    Instant now) {
  public NotificationData {
    alerts = List.copyOf(alerts);
    groupLabels = Map.copyOf(groupLabels);
    commonLabels = Map.copyOf(commonLabels);
    commonAnnotations = Map.copyOf(commonAnnotations);
  }

  /// The moment that stands for "not yet".
  public static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  /// One alert of a notification.
  ///
  /// @param endsAt [#NEVER] while it fires
  public record AlertData(
      boolean firing,
      Map<String, String> labels,
      Map<String, String> annotations,
      Instant startsAt,
      Instant endsAt,
      String generatorUrl,
      String fingerprint) {
    public AlertData {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }

    private Struct struct() {
      var fields = new LinkedHashMap<String, @Nullable Object>();
      fields.put("Status", word(firing));
      fields.put("Labels", new LabelMap(labels));
      fields.put("Annotations", new LabelMap(annotations));
      fields.put("StartsAt", Moment.utc(startsAt));
      fields.put("EndsAt", Moment.utc(endsAt));
      fields.put("GeneratorURL", generatorUrl);
      fields.put("Fingerprint", fingerprint);
      return new Struct("template.Alert", fields);
    }
  }

  private static String word(boolean firing) {
    return firing ? "firing" : "resolved";
  }

  Struct struct() {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("Receiver", Pattern.quote(receiver));
    fields.put("Status", word(firing));
    fields.put("Alerts", AlertList.of(alerts.stream().map(AlertData::struct).toList()));
    fields.put("NotificationReason", reason);
    fields.put("GroupLabels", new LabelMap(groupLabels));
    fields.put("CommonLabels", new LabelMap(commonLabels));
    fields.put("CommonAnnotations", new LabelMap(commonAnnotations));
    fields.put("ExternalURL", externalUrl);
    return new Struct("template.Data", fields);
  }

  /// The alerts and what they share, as JSON has it in messages.
  public Map<String, @Nullable Object> json() {
    return GoJson.object(struct());
  }
}
