/// Unpacks what was sent compressed, within a limit that is held before room is made.
///
/// Start at [PlainBody]. Stands on nothing but the JDK and the Zstandard library; no length that a
/// sender declares is believed.
package barograph.ingest.unpack;
