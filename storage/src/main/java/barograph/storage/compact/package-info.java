/// What becomes of finished blocks: which are merged into what, and which are past their retention.
///
/// Start at [Planner], then [MergedSource]. Stands on `block`; decides, and deletes nothing itself;
/// reads no clock.
package barograph.storage.compact;
