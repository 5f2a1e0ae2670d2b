/// What all roads of pushed samples have in common: from decoded columns into the store, and the
/// honest answer to whoever sent them.
///
/// Start at [PushedWrites]. A door (`remotewrite`, `otlp`, `push`) fills a [PushedSeries] with
/// labels as bytes, samples, histograms, exemplars and metadata; here the series are known again by
/// a keyed hash of their label bytes, checked where they are new, grouped by target and time, and
/// handed over. Never answers success for what is not stored.
package barograph.ingest.pushed;
