package barograph.alerting.template;

import java.util.AbstractList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The alerts of a notification, which can be asked for those that fire and those that are over.
final class AlertList extends AbstractList<Struct> implements GoValue {
  private final List<Struct> alerts;
  private final String type;

  private AlertList(List<Struct> alerts, String type) {
    this.alerts = alerts;
    this.type = type;
  }

  static AlertList of(List<Struct> alerts) {
    return new AlertList(List.copyOf(alerts), "template.Alerts");
  }

  @Override
  public Struct get(int index) {
    return alerts.get(index);
  }

  @Override
  public int size() {
    return alerts.size();
  }

  @Override
  public @Nullable Object call(String method, Arguments arguments) {
    return switch (method) {
      case "Firing" -> with("firing");
      case "Resolved" -> with("resolved");
      default -> null;
    };
  }

  private AlertList with(String status) {
    return new AlertList(
        alerts.stream().filter(alert -> status.equals(alert.fields().get("Status"))).toList(),
        "[]template.Alert");
  }

  @Override
  public String printed() {
    return alerts.stream().map(GoFormat::plain).collect(Collectors.joining(" ", "[", "]"));
  }

  @Override
  public String type() {
    return type;
  }
}
