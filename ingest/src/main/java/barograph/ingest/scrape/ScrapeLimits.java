package barograph.ingest.scrape;

/// What a target may at most send; 0 means without limit.
///
/// @param bodyBytes size of a page, uncompressed
/// @param samples samples of a page, after relabelling
/// @param labels labels of a series, the metric's name among them
/// @param labelNameBytes length of a label's name
/// @param labelValueBytes length of a label's value
/// @param targets targets of a job
/// @param keptDroppedTargets how many targets that relabelling dropped are kept for show
/// @param told whether series tell of time limit, sample limit and size of the page
public record ScrapeLimits(
    long bodyBytes,
    int samples,
    int labels,
    int labelNameBytes,
    int labelValueBytes,
    int targets,
    int keptDroppedTargets,
    boolean told) {
  /// No limit on anything.
  public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0, 0, 0, 0, false);

  public ScrapeLimits {
    if (bodyBytes < 0
        || samples < 0
        || labels < 0
        || labelNameBytes < 0
        || labelValueBytes < 0
        || targets < 0
        || keptDroppedTargets < 0) {
      throw new IllegalArgumentException("a scrape limit is negative; 0 means without limit");
    }
  }
}
