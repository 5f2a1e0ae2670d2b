/// Takes in what other servers and agents push by the remote-write protocol, 1.0 and 2.0.
///
/// Start at [RemoteWrite]. A body is walked without making objects but for histograms, exemplars
/// and metadata; what follows is the common road of `pushed`. Knows no HTTP beyond header values
/// and a status.
package barograph.ingest.remotewrite;
