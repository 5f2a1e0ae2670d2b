package barograph.ingest.scrape;

/// Why a visit brought no page; the message is what a user reads beside the target.
final class ScrapeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  ScrapeFailure(String message) {
    super(message);
  }

  ScrapeFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
