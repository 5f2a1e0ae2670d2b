/// Chunks of samples in the encodings of Prometheus's storage, as remote read carries them.
///
/// Start at [FloatChunk] and [HistogramChunk]. The layouts are those that Prometheus 3.5 writes and
/// reads; what is stored here is encoded otherwise, by `storage`. Knows nothing of messages and
/// trusts no length.
package barograph.ingest.chunk;
