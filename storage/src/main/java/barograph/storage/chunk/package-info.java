/// Samples to bytes and back, bit for bit: one integer column, and one value chunk that is the
/// cheapest of several encodings.
///
/// Start at [ChunkEncoder] and [ChunkDecoder]; the bytes are drawn in `docs/format/chunk.md`.
/// Stands on nothing but arrays: it knows no series, no file and no clock, and an encoder or
/// decoder is one thread's own. It refuses bytes that make no sense with [CorruptChunkException].
package barograph.storage.chunk;
