/// Spans of the calendar in which routes are quiet or awake: office hours, weekends, the last days
/// of a month, each in its time zone.
///
/// Start at [TimeInterval]. Values only: whoever asks brings the moment. Stands on nothing.
package barograph.alerting.interval;
