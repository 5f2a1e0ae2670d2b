/// The front door of the storage module: [Store] opens and closes everything, [Appender] takes
/// samples, [Reader] gives them back.
///
/// Start at [Store]; the nouns that it speaks in are in `model`. A batch goes through the
/// [Sequencer] into `head` and `wal` and is answered when the log is synced; [Maintenance] turns
/// the head's oldest hours into blocks; [MergedSelection] reads blocks and head as one. Nothing
/// above the module names a file, a chunk or a block; nothing here knows PromQL or HTTP.
package barograph.storage;
