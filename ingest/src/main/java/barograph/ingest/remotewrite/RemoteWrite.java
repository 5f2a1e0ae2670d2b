package barograph.ingest.remotewrite;

import barograph.storage.Appender;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The receiving end of remote write 1.0.
///
/// Safe for any thread; [#accept] decodes on the calling one and may block while the store is busy.
public final class RemoteWrite {

  /// What a sender is told.
  ///
  /// @param status 204 if every sample is stored, 4xx if some never will be, 5xx if trying again
  ///   may help
  /// @param message plain text, empty with 204
  /// @param stored samples of the request that are stored, also when others were refused
  public record Answer(int status, String message, int stored) {}

  public RemoteWrite(Appender appender, RemoteWriteLimits limits) {}

  /// The answer that the headers alone call for, or null if the body is worth reading.
  public @Nullable Answer refusal(@Nullable String contentType, @Nullable String contentEncoding) {
    return null;
  }

  /// Stores the samples of one request.
  ///
  /// @param body belongs to the callee until this method returns, not until the answer is there
  /// @return never fails; comes once the samples are durable, as the store promises it
  public CompletableFuture<Answer> accept(
      @Nullable String contentType, @Nullable String contentEncoding, ByteBuffer body) {
    return CompletableFuture.completedFuture(new Answer(503, "not ready", 0));
  }
}
