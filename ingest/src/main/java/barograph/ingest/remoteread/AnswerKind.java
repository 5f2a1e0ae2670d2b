package barograph.ingest.remoteread;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages that a read may be answered in.
public enum AnswerKind {
  /// All samples in one message, in a Snappy block.
  SAMPLES("application/x-protobuf"),
  /// Encoded chunks, in a message for each part of a series.
  STREAMED_XOR_CHUNKS("application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse");

  private final String contentType;

  AnswerKind(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /// The first of those that the asker accepts, by their numbers, that there is; null if none is.
  /// Who accepts none in particular gets samples.
  static @Nullable AnswerKind firstOf(List<Long> accepted) {
    if (accepted.isEmpty()) {
      return SAMPLES;
    }
    for (long number : accepted) {
      if (number >= 0 && number < values().length) {
        return values()[(int) number];
      }
    }
    return null;
  }
}
