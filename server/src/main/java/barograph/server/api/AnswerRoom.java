package barograph.server.api;

import barograph.storage.model.Allowance;
import java.util.Arrays;

/// Room for an answer that grows while it is written, taken from its query's memory.
final class AnswerRoom {
  private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

  private AnswerRoom() {}

  /// Larger room with the first `length` bytes in it, and place for `more`.
  ///
  /// @param memory asked before it is taken
  /// @throws ApiError if no array is as long as that
  static byte[] grown(byte[] bytes, int length, int more, Allowance memory) {
    long room = Math.max((long) length + more, bytes.length + (long) (bytes.length >> 1));
    if (room > MOST_BYTES) {
      throw new ApiError(
          ApiError.Kind.EXECUTION,
          "the answer is longer than %d bytes, the most that can be sent".formatted(MOST_BYTES));
    }
    // For as long as it is copied the answer is there twice.
    memory.take(2 * (room - bytes.length));
    return Arrays.copyOf(bytes, (int) room);
  }
}
