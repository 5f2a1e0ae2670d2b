/// Takes in what other servers and agents push by the remote-write protocol.
///
/// Start at [RemoteWrite]. A body is decompressed and walked without making objects; a series is
/// known by a keyed hash of its bytes on the wire. Stands on the store, `hash` and the UTF-8 check
/// of `exposition`; knows no HTTP beyond the two header values and a status, and never answers
/// success for what is not stored.
package barograph.ingest.remotewrite;
