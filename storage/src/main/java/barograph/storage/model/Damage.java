package barograph.storage.model;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A piece of stored data that could not be read, and what that costs.
///
/// Bounds are honest and not exact: what is lost lies within `lost`, and is never more than
/// `samples` and `series` say.
///
/// @param file where it is
/// @param offset where in the file the piece starts
/// @param bytes how long the piece is; 0 if it is missing altogether
/// @param reason what was found and what was expected
/// @param lost the time that the lost samples lie in; null if it is not known, or if none are lost
/// @param samples how many samples are lost at most; -1 if it is not known
/// @param series how many series lost some at most; -1 if it is not known
public record Damage(
    Path file,
    long offset,
    long bytes,
    String reason,
    @Nullable TimeRange lost,
    long samples,
    long series) {
  /// A damage whose cost is not known.
  public static Damage of(Path file, long offset, long bytes, String reason) {
    return new Damage(file, offset, bytes, reason, null, -1, -1);
  }

  /// A damage that says as much as its `reason` does.
  public static Damage of(Path file, String reason) {
    return of(file, 0, 0, reason);
  }

  @Override
  public String toString() {
    String where = bytes > 0 ? "%s: %d bytes at %d: ".formatted(file, bytes, offset) : file + ": ";
    return where + reason + cost();
  }

  private String cost() {
    if (samples == 0) {
      return "; no sample is lost";
    }
    var text = new StringBuilder();
    if (samples > 0) {
      text.append("; at most ").append(samples).append(" samples");
    }
    if (series >= 0) {
      text.append(text.isEmpty() ? "; samples" : "").append(" of at most ");
      text.append(series).append(" series");
    }
    if (lost != null) {
      text.append(text.isEmpty() ? "; samples" : "").append(" from ");
      text.append(instant(lost.startMillis())).append(" to ").append(instant(lost.endMillis()));
    }
    return text.isEmpty() ? "" : text.append(" are lost").toString();
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
