/// Where an alert goes: the tree of routes and the matchers on its branches.
///
/// Start at [Route]. A route is a value, checked when it is built; it decides and does nothing.
/// Knows receivers by name only, reads no clock.
package barograph.alerting.route;
