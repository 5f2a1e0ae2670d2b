/// The formats that targets expose, read from bytes in place.
///
/// Start at [LinePage] for the two text formats and at [FamilyPage] for protobuf. A page gives
/// names, values, histograms, timestamps and exemplars and makes no object per line; what they mean
/// is `scrape`'s business.
package barograph.ingest.exposition;
