/// The machine this process runs on, described under the names that node_exporter made usual.
///
/// Start at [HostMetrics]. Reads `/proc` and `/sys` where they say it, and OSHI where they do not;
/// nothing here is stored or sent: the server shows the page, and a job scrapes it like any other.
package barograph.ingest.host;
