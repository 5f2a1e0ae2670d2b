/// The benchmark of the log's encoding; here because `RecordWriter` is this room's own.
///
/// See `barograph.benchmarks`.
package barograph.storage.wal;
