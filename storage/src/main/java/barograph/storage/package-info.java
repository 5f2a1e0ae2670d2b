/// The front door of the storage module: `Store` opens and closes everything, [Appender] takes
/// samples, [Reader] gives them back.
///
/// Start at [Appender] and [Reader]; the nouns they speak in are in `model`. Every other room is
/// behind this door: nothing above the module names a file, a chunk or a block.
package barograph.storage;
