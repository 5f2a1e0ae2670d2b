/// Journals: small files of records for what must outlive a crash and is no sample, as the state of
/// alerts, silences, an audit's lines.
///
/// Start at [Journal]. The bytes are drawn in `docs/format/journal.md`. Stands on `disk` and
/// `model`, and knows nothing of a store. Nothing here destroys: damaged bytes are copied aside and
/// reported.
package barograph.storage.journal;
