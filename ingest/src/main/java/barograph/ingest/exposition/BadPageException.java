package barograph.ingest.exposition;

/// A page breaks the rules of its format; nothing of it can be trusted.
public final class BadPageException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 1024;

  public BadPageException(String message) {
    super(message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…");
  }
}
