package barograph.ingest.chunk;

import barograph.ingest.wire.MalformedMessageException;

/// What holds for the times of every chunk.
final class Times {
  private Times() {}

  /// Refuses a step that does not lead from `timeMillis` to a later time.
  static void requireRising(long timeMillis, long step) throws MalformedMessageException {
    if (step <= 0 || timeMillis + step < timeMillis) {
      throw new MalformedMessageException(
          "a chunk goes from %d by %d, expected times that rise".formatted(timeMillis, step));
    }
  }
}
