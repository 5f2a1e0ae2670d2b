package barograph.ingest.pushed;

/// What a pushed request may at most hold; what is larger is refused and never cut.
///
/// @param decodedBytes size of a request after decompression, checked on its declared length first
/// @param labels labels of a series, the metric's name among them
/// @param labelNameBytes length of a label's name
/// @param labelValueBytes length of a label's value
/// @param cachedSeries series whose references are remembered between requests
public record PushLimits(
    int decodedBytes, int labels, int labelNameBytes, int labelValueBytes, int cachedSeries) {
  public static final PushLimits DEFAULT = new PushLimits(32 << 20, 64, 1024, 4096, 2_000_000);

  public PushLimits {
    if (decodedBytes <= 0
        || labels <= 0
        || labelNameBytes <= 0
        || labelValueBytes <= 0
        || cachedSeries <= 0) {
      throw new IllegalArgumentException("a limit of pushed requests is not positive");
    }
  }
}
