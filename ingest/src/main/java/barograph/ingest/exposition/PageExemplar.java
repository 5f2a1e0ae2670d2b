package barograph.ingest.exposition;

import barograph.storage.model.Labels;

/// An exemplar as a page has it.
///
/// @param timestamped whether it has a timestamp of its own; else the page's time holds
/// @param timestampMillis meaningless without
public record PageExemplar(
    Labels labels, double value, boolean timestamped, long timestampMillis) {}
