/// A hash of bytes that a stranger has chosen.
///
/// Start at [KeyedHash]. Whoever sends series must not be able to make them meet in one slot of a
/// table, or pass one off as another: so the hash has a key, and the key is new in each process.
package barograph.ingest.hash;
