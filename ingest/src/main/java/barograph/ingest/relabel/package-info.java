/// What targets and series are called: rules that rewrite, keep or drop label sets.
///
/// Start at [RelabelRule], one rule as configured; [Relabeling] is a compiled list of them. Stands
/// on the store's `model` and RE2 alone; knows nothing of targets or pages, and never logs.
package barograph.ingest.relabel;
