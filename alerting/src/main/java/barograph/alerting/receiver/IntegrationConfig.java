package barograph.alerting.receiver;

/// A place of a receiver as it is configured.
public interface IntegrationConfig {

  /// As logs and metrics name its kind.
  String kind();

  /// Whether it wants to hear of the end of alerts.
  boolean sendResolved();

  /// The place, ready to be told.
  Integration connect(Means means);
}
