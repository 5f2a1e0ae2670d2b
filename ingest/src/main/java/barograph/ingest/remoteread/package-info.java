/// Remote read, both ways: samples read for other servers, and from them.
///
/// Asked, start at [ReadRequest] and [ReadAnswer]: what is wanted, and the two messages that it is
/// answered in. Asking, start at [RemoteReader], a reader of the own samples and those of every
/// [RemoteSource]. The field numbers are those of Prometheus's `prompb/remote.proto` and
/// `types.proto`. Stands on the store's `Reader`, `wire`, `unpack` and `chunk`; HTTP is the
/// server's, by way of [ReadWeb].
package barograph.ingest.remoteread;
