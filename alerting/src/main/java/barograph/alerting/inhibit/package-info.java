/// Alerts that keep others quiet: while the source of a rule fires, its targets are not told.
///
/// Start at [InhibitRule], then [Inhibitor], which knows the sources that there are. Reads no
/// clock.
package barograph.alerting.inhibit;
