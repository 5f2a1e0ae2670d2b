package barograph.storage.wal;

import java.nio.file.Path;

/// A piece of the log that could not be read.
///
/// @param file the segment
/// @param offset where in it the piece starts
/// @param bytes how long the piece is; 0 if it is missing altogether
/// @param reason what was found and what was expected
public record Damage(Path file, long offset, long bytes, String reason) {
  @Override
  public String toString() {
    return "%s: %d bytes at %d: %s".formatted(file, bytes, offset, reason);
  }
}
