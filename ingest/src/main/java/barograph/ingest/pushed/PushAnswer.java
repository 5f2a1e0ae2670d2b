package barograph.ingest.pushed;

/// What a sender is told.
///
/// @param status 204 if everything is stored, 4xx if some never will be, 5xx if trying again may
///   help
/// @param message plain text, empty with 204
/// @param samples samples of the request that are stored, also when others were refused
/// @param histograms native histograms that are stored
/// @param exemplars exemplars that are kept
/// @param refused samples and histograms that are not stored and never will be
public record PushAnswer(
    int status, String message, int samples, int histograms, int exemplars, int refused) {

  /// An answer to a request of which nothing was stored.
  public static PushAnswer nothing(int status, String message) {
    return new PushAnswer(status, message, 0, 0, 0, 0);
  }

  /// Samples and histograms that are stored.
  public int stored() {
    return samples + histograms;
  }
}
