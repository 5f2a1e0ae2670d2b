/// Questions that the server asks itself in idle moments after a start, so that those of its users
/// are answered by compiled code.
///
/// Start at [Practice]. It stands on `http` and `api` alone, asks like any client, and leaves
/// nothing behind: no metric, log, list or cache knows of what it asked.
package barograph.server.practice;
