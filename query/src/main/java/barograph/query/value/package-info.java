/// What a query yields: values over labels, and how their numbers are written.
///
/// Start at [Value]. Stands on storage's nouns alone; nothing in here computes. Every door that
/// shows numbers to people or programs writes them through [NumberText], so that they look the same
/// everywhere.
package barograph.query.value;
