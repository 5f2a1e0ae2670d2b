package barograph.storage.head;

import barograph.storage.model.TimeRange;
import org.jspecify.annotations.Nullable;

/// A head file or checkpoint is not as it was written; names the file, what was found and what was
/// expected.
public final class CorruptHeadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable TimeRange lost;

  public CorruptHeadException(String message) {
    this(message, null);
  }

  /// @param lost the time that the lost samples of one series lie in; null if it is not known
  CorruptHeadException(String message, @Nullable TimeRange lost) {
    super(message);
    this.lost = lost;
  }

  /// The time that the lost samples of one series lie in; null if it is not known.
  public @Nullable TimeRange lost() {
    return lost;
  }
}
