/// Those who are told: one class for each kind of receiver, and how each writes its message.
///
/// Start at [Receiver], then [Notification], which is what a receiver is given. Most kinds are an
/// `HttpPlace`: a record of what is configured, which says what it is told by a `Telling`. Reaches
/// the world through [Web] and, for mail, through sockets; grouping, repeating and retrying belong
/// to `notify`, and texts to `template`.
package barograph.alerting.receiver;
