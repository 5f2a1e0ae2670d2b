/// Those who are told: one class for each kind of receiver, and how each writes its message.
///
/// Start at [Receiver], then [Notification], which is what a receiver is given. Reaches the world
/// through [HttpPost] alone; grouping, repeating and retrying belong to `notify`.
package barograph.alerting.receiver;
