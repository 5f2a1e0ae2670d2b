package barograph.ingest.scrape;

/// What one job has done and holds, for the server's own metrics.
///
/// @param targetLimit 0 for none
/// @param syncs how often its targets were made from what was found
/// @param syncFailures targets that could not be made
/// @param syncNanos how long all that took
/// @param metadata metrics whose help, type or unit is known
public record PoolFigures(
    String job,
    int targets,
    int targetLimit,
    long syncs,
    long syncFailures,
    long syncNanos,
    int metadata) {}
