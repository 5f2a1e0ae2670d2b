/// Walks protocol-buffer messages in place, and what several of them have in common.
///
/// Start at [WireReader]. Which field is what is known to those who read a message, not here.
package barograph.ingest.wire;
