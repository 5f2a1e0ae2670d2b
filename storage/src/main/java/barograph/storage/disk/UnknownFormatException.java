package barograph.storage.disk;

import java.io.IOException;

/// A folder that another release has written in a format that this one does not know. Nothing in it
/// was touched: start a release that knows the format, or use another folder.
public final class UnknownFormatException extends IOException {
  private static final long serialVersionUID = 1;

  public UnknownFormatException(String message) {
    super(message);
  }
}
