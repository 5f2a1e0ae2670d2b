/// Time as this module sees it: what the clock says, and calls at a moment to come.
///
/// Start at [Beat]. Nothing else in the module reads a clock or sleeps, so that a test which holds
/// the beat holds all of alerting.
package barograph.alerting.beat;
