/// Rules at work: a beat for each group, alerts that come, fire and go, and what is stored of them.
///
/// Start at `RuleGroups`, then `RunningGroup`. The schedule and the states are Prometheus's. Asks
/// through [RuleQuery], stores through storage's `Appender`; whoever hears of alerts is handed in.
package barograph.alerting.evaluate;
