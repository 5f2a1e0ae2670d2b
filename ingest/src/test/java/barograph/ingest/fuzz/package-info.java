/// Parsers of what strangers send, under bytes that nobody should send: changed by chance, chosen
/// by Jazzer, and packed so as to become more than there is room for.
///
/// Start at [Parser].
package barograph.ingest.fuzz;
