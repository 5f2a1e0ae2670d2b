/// What becomes of finished blocks: which are past their retention.
///
/// Start at [Retention]. Stands on `block`; decides and deletes nothing itself, reads no clock.
package barograph.storage.compact;
