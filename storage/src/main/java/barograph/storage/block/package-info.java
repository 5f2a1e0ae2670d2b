/// Immutable blocks: one folder and in it one file per span of time, written once, synced, and from
/// then on only mapped and read.
///
/// Start at [Block] to read and at [BlockWriter] to write; the bytes are drawn in
/// `docs/format/block.md`. Stands on `chunk` for the samples, `index` for the matchers and `disk`
/// for the file; knows nothing of the head, and reads no clock. It refuses to give back a byte
/// whose checksum is wrong: [CorruptBlockException] instead.
package barograph.storage.block;
