/// The benchmark of reading scraped pages; here because `PageReader` is this room's own.
///
/// See `barograph.benchmarks`.
package barograph.ingest.scrape;
