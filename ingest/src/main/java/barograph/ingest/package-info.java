/// The front door of the ingest module: everything that brings samples in.
///
/// Start at [Ingest], which visits targets; pushed samples come through `remotewrite`, and `host`
/// describes the machine itself. Stands on the store's door; refuses to know HTTP, which the server
/// brings as `scrape.HttpFetch`.
package barograph.ingest;
