package barograph.ingest.unpack;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a body is packed, as its content encoding says.
public enum Encoding {
  IDENTITY,
  /// Snappy's block format.
  SNAPPY,
  ZSTD,
  GZIP;

  /// The encoding of this name, [#IDENTITY] without one; null if it is none of these.
  public static @Nullable Encoding of(@Nullable String contentEncoding) {
    String name = contentEncoding == null ? "" : contentEncoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> IDENTITY;
      case "snappy" -> SNAPPY;
      case "zstd" -> ZSTD;
      case "gzip", "x-gzip" -> GZIP;
      default -> null;
    };
  }
}
