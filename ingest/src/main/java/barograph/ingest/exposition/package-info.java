/// The text format that targets expose, read from bytes in place.
///
/// Stands on nothing but the JDK: it finds names, values and timestamps in a page and makes no
/// object per line; what they mean is `scrape`'s business.
package barograph.ingest.exposition;
