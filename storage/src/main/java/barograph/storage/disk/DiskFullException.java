package barograph.storage.disk;

import java.io.IOException;

/// There was no space left for what was to be written; it may be written again once there is some.
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message) {
    super(message);
  }

  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
