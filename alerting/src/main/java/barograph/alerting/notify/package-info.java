/// From alerts to messages: route, group, wait, tell what is new, repeat, and try again.
///
/// Start at [NotificationConfig], then `Notifier`. The behaviour is Alertmanager's. Stands on
/// `route` and `receiver`, and on `beat` for time, so that a test's clock drives all of it.
package barograph.alerting.notify;
