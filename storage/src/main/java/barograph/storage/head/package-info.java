/// The newest hours: open streams and sealed chunks of every live series, in memory and off the
/// heap.
///
/// Start at [Head]; [Series] is the record that all of it hangs on and [ValueStream] the code of
/// its samples. Stands on `chunk`, `index` and `disk`. One thread writes, any number read without
/// stopping it; refuses to know the log, blocks, clocks and threads: the door brings those
/// together. The bytes of its files are drawn in `docs/format/head.md`.
package barograph.storage.head;
