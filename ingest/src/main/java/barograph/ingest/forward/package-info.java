/// Samples passed on: what the store accepts, sent to other servers by remote write.
///
/// Start at [Forwarder], then read [EndpointLoop]: for each [Endpoint] it reads the store's log in
/// rounds, notes durably which stretch of the log a round is, has a few [Shard]s send it, and goes
/// on when all of it was taken. A round that was interrupted is sent again in the very same
/// requests, so that a receiver that takes a request as a whole or not at all ends up with every
/// sample once. Stands on the store's `LogTail`, `relabel` and `wire`; HTTP is the server's, by way
/// of [Post].
package barograph.ingest.forward;
