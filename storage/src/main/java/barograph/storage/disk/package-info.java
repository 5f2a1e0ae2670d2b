/// The one room that opens, maps, syncs, renames, measures or checksums a file of stored data.
///
/// Start at [Disk]: what the rooms above may ask of a file system, and what each answer promises
/// after a power cut. [FileDisk] is the real one; the tests' simulated twin tears, reorders, fills
/// and fails. Stands on the JDK alone. It refuses to write through a map, and it knows no format.
package barograph.storage.disk;
