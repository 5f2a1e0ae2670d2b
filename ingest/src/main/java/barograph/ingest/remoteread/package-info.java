/// Remote read, both ways: samples read for other servers, and from them.
///
/// Asked, start at [ReadRequest] and [ReadAnswer]: what is wanted, and the two messages that it is
/// answered in. The field numbers are those of Prometheus's `prompb/remote.proto` and
/// `types.proto`. Stands on the store's `Reader`, `wire`, `unpack` and `chunk`; knows no HTTP.
package barograph.ingest.remoteread;
