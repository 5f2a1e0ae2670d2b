package barograph.ingest.otlp;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.unpack.Encoding;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The receiving end of OTLP over HTTP, for metrics.
///
/// What cannot be taken, differences among it, is refused and said so; a sender is told success
/// only for what is stored. Safe for any thread.
public final class OtlpReceiver {
  private final PushedWrites writes;
  private volatile OtlpSettings settings;

  public OtlpReceiver(PushedWrites writes, OtlpSettings settings) {
    this.writes = writes;
    this.settings = settings;
  }

  /// Goes by other settings from the next request on.
  public void apply(OtlpSettings newSettings) {
    settings = newSettings;
  }

  /// The answer that the headers alone call for, or null if the body is worth reading.
  public @Nullable PushAnswer refusal(String contentType, String contentEncoding) {
    String type = mediaType(contentType);
    if (!type.equals("application/x-protobuf") && !type.equals("application/json")) {
      return PushAnswer.nothing(
          415,
          "content type is \"%s\", expected application/x-protobuf or application/json"
              .formatted(type));
    }
    if (Encoding.of(contentEncoding) == null) {
      return PushAnswer.nothing(
          415, "content encoding is \"%s\", expected gzip or none".formatted(contentEncoding));
    }
    return null;
  }

  private static String mediaType(String contentType) {
    return contentType.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
  }

  /// Stores what one request tells.
  ///
  /// @return never fails; comes once everything is durable, as the store promises it
  public CompletableFuture<PushAnswer> accept(
      String contentType, String contentEncoding, ByteBuffer body) {
    @Nullable PushAnswer refusal = refusal(contentType, contentEncoding);
    @Nullable Encoding encoding = Encoding.of(contentEncoding);
    if (refusal != null || encoding == null) {
      return CompletableFuture.completedFuture(
          refusal == null ? PushAnswer.nothing(415, "unknown content encoding") : refusal);
    }
    boolean json = mediaType(contentType).equals("application/json");
    OtlpSettings now = settings;
    return writes.write((plain, series) -> {
      plain.unpack(encoding, body, writes.limits().decodedBytes());
      if (json) {
        byte[] message = JsonTranscoder.toProtobuf(plain.bytes(), plain.length());
        new MetricsRequest(message, series, now).read(message.length);
      } else {
        new MetricsRequest(plain.bytes(), series, now).read(plain.length());
      }
    });
  }
}
