/// Visits targets on a beat and turns their pages into samples.
///
/// Start at [ScrapeConfig], one job as configured, and at `ScrapePool`, which runs it: one virtual
/// thread per target. Stands on `exposition`, `relabel` and `discovery`; pages come through
/// [HttpFetch], which the server implements, so no HTTP library is known here.
package barograph.ingest.scrape;
