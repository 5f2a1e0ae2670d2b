/// Silences: matchers under which people want to hear nothing for a while.
///
/// Start at [Silence], then [Silences]. What may be changed in place and what becomes a silence of
/// its own follows Alertmanager. Reads no clock and keeps nothing on disk: whoever holds the
/// silences does both.
package barograph.alerting.silence;
