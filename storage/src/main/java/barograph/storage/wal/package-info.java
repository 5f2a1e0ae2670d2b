/// The write-ahead log: every accepted sample, on disk before anyone is told that it is stored.
///
/// Start at [Log] for the way in and at [Replay] for the way back after a stop of any kind. The
/// bytes are drawn in `docs/format/log.md`. Stands on `disk` and `model`; what a checkpoint says is
/// the head's business. Nothing here destroys: damaged bytes are copied aside and reported.
package barograph.storage.wal;
