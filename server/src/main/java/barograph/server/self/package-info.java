/// The server's own figures, served at `/metrics` under Prometheus's names where it has them.
///
/// Start at [SelfMetrics], which says what is measured; [Registry] keeps and writes it. Latencies
/// are HdrHistograms. Nothing here is stored: the server scrapes itself like any other target.
package barograph.server.self;
