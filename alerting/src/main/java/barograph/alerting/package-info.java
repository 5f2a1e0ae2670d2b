/// The front door of the alerting module: [Alerting] is started with rules and routes, and from
/// then on watches and tells.
///
/// Start at [Alerting], then [AlertingConfig]. Behind it `evaluate` asks, `notify` groups and
/// delivers. It needs a query, a store and a way to post; `server` brings them.
package barograph.alerting;
