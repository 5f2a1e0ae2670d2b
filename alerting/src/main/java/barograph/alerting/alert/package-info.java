/// An alert as it passes from whoever found it to whoever tells of it.
///
/// [Alert] is the whole room: a value with its identity. Knows neither rules nor receivers.
package barograph.alerting.alert;
