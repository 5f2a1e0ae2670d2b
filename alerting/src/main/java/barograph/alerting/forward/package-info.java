/// Alerts passed on to other Alertmanagers, as Prometheus sends them.
///
/// Start at [AlertForwarder]. Fire and forget, on purpose: rules say again and again what fires,
/// and what is lost today is sent again within a minute. Reaches the world through `receiver.Web`.
package barograph.alerting.forward;
