/// What is known of each metric, side by side: its kind, help and unit, how often it is asked for
/// and when last.
///
/// Start at [barograph.server.catalog.MetricCatalog]. The truth stands elsewhere, in the store's
/// log and in the journal of [barograph.server.usage]; what is kept here is a view of it in a file,
/// a Chronicle Map, which only [barograph.server.catalog.MappedRows] knows. The view is never
/// waited for, never repaired and never the only one to know anything: whatever happens to it, the
/// same is answered from the truth.
package barograph.server.catalog;
